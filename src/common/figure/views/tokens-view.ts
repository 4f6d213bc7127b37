import { z } from 'zod'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { explainedPart } from '../../model/text-explanation.ts'
import type { Split } from '../../text/compare-splits.ts'
import { exactCount, numberText } from '../../text/number-text.ts'
import { plainSplit, plainSplits, wordCount, type Piece } from '../../text/plain-split.ts'
import { isolated } from '../../text/token-text.ts'
import { barChart, type BarChartData } from '../bar-chart.ts'
import type { Provenance } from '../provenance.ts'
import { figureView, modelFigure, type MadeFigure, type ViewFigure } from './figure-view.ts'
import { plainLook } from './look-params.ts'
import { runOrigin } from './origin.ts'

/** A way to split a text, and how many pieces that gives. */
export interface CountedSplit extends Split {
  /** NaN of a text without words. */
  readonly perWord: number
}

/** How many tokens a text has by the model's tokenizer, by another's, and by plain ways to split it. */
export const tokensFigureView = figureView({
  name: 'tokens',
  analyses: [],
  about:
    'how many tokens a text has: by the model’s tokenizer, those of others, by words, characters and bytes',
  of: 'tokenizers',
  params: z.strictObject({}),
  async make({ model, other, also = [], version, run: runOf, tokenizer }): Promise<MadeFigure> {
    const run = await runOf()
    const { input } = run.source
    if (!('text' in input))
      throw new LamellaError('invalid-argument', 'tokens is of a text, which ids are not')
    const text = explainedPart(input.text)
    const others = other === null ? [] : [other, ...also]
    const readers = [{ model, tokenizer }, ...others]
    const read = await Promise.all(
      readers.map(async ({ model, tokenizer }) =>
        countedSplit(text, model.name, await tokenizer.split(text))
      )
    )
    const names = others.map(({ model: { name } }) => name)
    const figure = splitsFigure(model, run, [...read, ...plainCounts(text)], names, version)
    return modelFigure(model, figure, plainLook)
  }
})

/** A text in the pieces of something by its name. */
export function countedSplit(text: string, name: string, pieces: readonly Piece[]): CountedSplit {
  const words = wordCount(text)
  return { name, pieces, perWord: words === 0 ? NaN : pieces.length / words }
}

/** A text by the ways that need no vocabulary. */
export function plainCounts(text: string) {
  return plainSplits.map(by => ({ ...countedSplit(text, by, plainSplit(text, by)), by }))
}

/**
 * How many tokens each way to split a text gives, the model's own first.
 * @param others the models that are among them beside it, as a command calls their folders
 */
export function splitsFigure(
  model: ModelInfo,
  run: Run,
  splits: readonly CountedSplit[],
  [other, ...also]: readonly string[],
  version: string
): ViewFigure<BarChartData, Provenance> {
  const what = 'tokenizers compared'
  const again = {
    ...{ view: 'tokens', params: {}, ...(other !== undefined && { with: other }) },
    ...(also.length > 0 && { also })
  }
  const from: Provenance = {
    ...{ version, of: runOrigin(model, run, 'Tokenizers compared'), less: null },
    precision: 'float32',
    again
  }
  const data = {
    ...{ title: `${model.name} · ${what}`, name: 'tokens of the text' },
    bars: countBars(splits)
  }
  return { what, kind: barChart, data, from, dataset: () => countsDataset(splits) }
}

function countBars(splits: readonly CountedSplit[]): BarChartData['bars'] {
  return splits.map(({ name, pieces, perWord }, i) => ({
    ...{ label: isolated(name), value: pieces.length, color: i === 0 ? 0 : 1 },
    notes: [
      exactCount(pieces.length),
      ...(Number.isNaN(perWord) ? [] : [`${numberText(perWord)} a word`])
    ]
  }))
}

/** @returns [way] */
export function countsDataset(splits: readonly CountedSplit[]): Dataset {
  const of = (data: Int32Array | Float64Array, about: string) => ({
    ...{ axes: ['way'], data, unit: '', about }
  })
  return dataset(
    { way: axis(splits.map(({ name }) => name)) },
    {
      tokens: of(
        Int32Array.from(splits, ({ pieces }) => pieces.length),
        'tokens of the text'
      ),
      tokens_per_word: of(
        Float64Array.from(splits, ({ perWord }) => perWord),
        'tokens a word'
      )
    }
  )
}
