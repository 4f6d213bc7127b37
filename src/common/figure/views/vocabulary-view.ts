import { z } from 'zod'
import type { ModelInfo } from '../../contract/schemas.ts'
import { axis, dataset, withDrawn, type Dataset } from '../../data/dataset.ts'
import { lengthsApart, VocabularyQuery, type VocabularyListing } from '../../model/vocabulary.ts'
import { exactCount } from '../../text/number-text.ts'
import { barChart, type BarChartData } from '../bar-chart.ts'
import type { Again, Provenance } from '../provenance.ts'
import { figureView, modelFigure, type MadeFigure, type ViewFigure } from './figure-view.ts'
import { plainLook } from './look-params.ts'
import { modelOrigin } from './origin.ts'

/** What is counted: characters of what was found, kinds and scripts of all. */
export const vocabularyCounts = ['lengths', 'kinds', 'scripts'] as const
type VocabularyCount = (typeof vocabularyCounts)[number]

const VocabularyParams = z.strictObject({
  form: z.enum(vocabularyCounts).default('lengths'),
  ...VocabularyQuery.shape
})

/** What a vocabulary consists of. */
export const vocabularyFigureView = figureView({
  name: 'vocabulary',
  analyses: [],
  about: 'how long the tokens of a vocabulary are, of which kinds, in which scripts',
  of: 'tokenizer',
  params: VocabularyParams,
  async make({ model, version, tokenizer }, { form, ...query }): Promise<MadeFigure> {
    const listing = await tokenizer.vocabulary(query)
    return modelFigure(model, vocabularyFigure(model, listing, form, query, version), plainLook)
  }
})

/** One count of a vocabulary as bars. */
export function vocabularyFigure(
  model: ModelInfo,
  listing: VocabularyListing,
  form: VocabularyCount,
  query: VocabularyQuery,
  version: string
): ViewFigure<BarChartData, Provenance> {
  const what = `vocabulary · ${form}`
  const name = {
    lengths: 'tokens by their characters',
    kinds: 'tokens by kind',
    scripts: 'tokens by script'
  }[form]
  const bars = form === 'lengths' ? lengthBars(listing) : countBars(listing[form])
  return {
    ...{ what, kind: barChart, data: { title: `${model.name} · ${what}`, name, bars } },
    from: vocabularyOrigin(model, listing, version, {
      ...{ view: 'vocabulary', params: { form, ...askedOf(query) } }
    }),
    dataset: () => withDrawn(vocabularyDataset(listing), [form])
  }
}

/** All that was found and counted, and where it is from. */
export function vocabularyNumbers(
  model: ModelInfo,
  listing: VocabularyListing,
  query: VocabularyQuery,
  version: string
): { readonly from: Provenance; readonly dataset: Dataset } {
  const again = { command: 'vocabulary', options: optionsOf(query) } as const
  return {
    from: vocabularyOrigin(model, listing, version, again),
    dataset: vocabularyDataset(listing)
  }
}

function vocabularyOrigin(
  model: ModelInfo,
  { ids }: VocabularyListing,
  version: string,
  again: Again
): Provenance {
  return {
    version,
    of: modelOrigin(model, `Vocabulary: ${exactCount(ids.length)} found`),
    ...{ less: null, precision: 'float32', again }
  }
}

/** What of a query is not as it is where nothing is asked. */
function askedOf(query: VocabularyQuery): Partial<VocabularyQuery> {
  const usual: Readonly<Record<string, unknown>> = VocabularyQuery.parse({})
  return Object.fromEntries(Object.entries(query).filter(([name, value]) => value !== usual[name]))
}

/** The same as the command line takes it. */
function optionsOf(query: VocabularyQuery): string[] {
  const { search, pattern, kind, script, least = 0, most, order, descending } = askedOf(query)
  const length = most === undefined || most === null ? `${least}-` : `${least}-${most}`
  return [
    ...(search === undefined ? [] : [pattern ? '--pattern' : '--search', search]),
    ...(kind == null ? [] : ['--kind', kind]),
    ...(script == null ? [] : ['--script', script]),
    ...(least === 0 && most == null ? [] : ['--length', length]),
    ...(order === undefined ? [] : ['--order', order]),
    ...(descending ? ['--descending'] : [])
  ]
}

/** How many of those that were found have so many characters. */
export function lengthBars({ lengths }: Pick<VocabularyListing, 'lengths'>): BarChartData['bars'] {
  const last = lengths.findLastIndex(count => count > 0)
  return countBars(
    lengths.slice(0, last + 1).map((count, length) => ({
      name: length === lengthsApart ? `${length} and more` : String(length),
      count
    }))
  )
}

function countBars(counts: VocabularyListing['kinds']): BarChartData['bars'] {
  return counts.map(({ name, count }) => ({
    ...{ label: name, value: count, notes: [exactCount(count)], color: 0 }
  }))
}

/** @returns [found], [length], [kind] and [script] */
export function vocabularyDataset({
  ids,
  lengths,
  kinds,
  scripts,
  rows
}: VocabularyListing): Dataset {
  const count = (axisName: string, data: Int32Array, about: string) => ({
    ...{ axes: [axisName], data, unit: '', about }
  })
  const counts = (list: VocabularyListing['kinds']) => Int32Array.from(list, ({ count }) => count)
  return dataset(
    {
      found: axis(ids.length),
      length: axis(lengths.length),
      kind: axis(kinds.map(({ name }) => name)),
      script: axis(scripts.map(({ name }) => name))
    },
    {
      id: count('found', ids, 'ids of what was found'),
      lengths: count(
        'length',
        Int32Array.from(lengths),
        'how many of those have so many characters; the last: or more'
      ),
      kinds: count('kind', counts(kinds), 'how many ids of each kind there are'),
      scripts: count('script', counts(scripts), 'how many tokens of each script there are')
    },
    { rows: rows ?? 'not known' }
  )
}
