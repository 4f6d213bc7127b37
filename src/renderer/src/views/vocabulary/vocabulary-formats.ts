import type { ModelInfo } from '#common/contract/schemas.ts'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { barChart, type BarChartData } from '#common/figure/bar-chart.ts'
import { paperLook } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { lengthsApart, type VocabularyListing } from '#common/model/vocabulary.ts'
import { exactCount } from '#common/text/number-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { commandOptions, type VocabularyOptions } from './vocabulary-options.ts'

/** Lengths of what was found, kinds and scripts of all, as bars; ids and counts as numbers. */
export function vocabularyFormats(
  listing: VocabularyListing,
  options: VocabularyOptions,
  { model, modelName, version }: { model: ModelInfo; modelName: string; version: string }
): ExportFormat[] {
  const { name, fingerprint } = model
  const from: Provenance = {
    version,
    of: {
      ...{ model: name, fingerprint, input: null, edits: [] },
      ...{ provider: 'none', place: `Vocabulary: ${exactCount(listing.ids.length)} found` }
    },
    less: null,
    precision: 'float32',
    again: { command: 'vocabulary', options: commandOptions(options) }
  }
  const figure = (note: string, bars: BarChartData['bars']) => {
    const title = `${modelName} · vocabulary · ${note}`
    return figureFormats(
      barChart,
      title,
      { title, bars },
      { ...plainLook, ...paperLook },
      {
        ...{ note, from }
      }
    )
  }
  return [
    ...figure('lengths', lengthBars(listing)),
    ...figure('kinds', countBars(listing.kinds)),
    ...figure('scripts', countBars(listing.scripts)),
    ...dataFormats(`${modelName} · vocabulary`, () => vocabularyDataset(listing), from)
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

function vocabularyDataset({ ids, lengths, kinds, scripts, rows }: VocabularyListing): Dataset {
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
