import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { signedBars } from '#common/figure/signed-bars.ts'
import { tokenGrid } from '#common/figure/token-grid.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { listedBars, similarityGrid, similarityRange, type Listed } from './word-figures.ts'
import type { WordsOptions } from './words-options.ts'

/** Something that is listed, and what it came from. */
export interface ListedToSave {
  /** What it is a list of, for the title. */
  readonly what: string
  /** Which of several it is, for the menu. */
  readonly note: string
  readonly listed: readonly Listed[]
  /** What its numbers are. */
  readonly unit: string
  readonly answer: Answer
}

/** What an analysis came to, and what it was asked with. */
export interface Answer {
  readonly analysis: string
  readonly params: Readonly<Record<string, unknown>>
  readonly result: Dataset
}

/** What a model's words are saved as. */
interface SavedOf {
  readonly model: ModelInfo
  /** What it is called among those that are open. */
  readonly modelName: string
  /** Of Lamella. */
  readonly version: string
}

/** Each list as bars, and the numbers of each analysis once. */
export function listFormats(lists: readonly ListedToSave[], of: SavedOf): ExportFormat[] {
  const answers = new Map(lists.map(({ answer, note }) => [answer.result, { answer, note }]))
  return [
    ...lists.flatMap(({ what, note, listed, unit, answer }) => {
      const title = `${of.modelName} · ${what}`
      const from = provenance(answer, what, of)
      const data = { ...listedBars(listed, unit), title }
      return figureFormats(signedBars, title, data, { ...plainLook, ...paperLook }, { note, from })
    }),
    ...[...answers.values()].flatMap(({ answer, note }) =>
      dataFormats(
        `${of.modelName} · ${answer.analysis}`,
        answer.result,
        provenance(answer, answer.analysis, of),
        answers.size > 1 ? note : ''
      )
    )
  ]
}

/** The matrix of a list of words. */
export function similarityFormats(
  answer: Answer,
  measure: WordsOptions['measure'],
  numberText: (value: number) => string,
  look: Omit<Look, 'range'>,
  of: SavedOf
): ExportFormat[] {
  const title = `${of.modelName} · words`
  const from = provenance(answer, 'Similarity of words', of)
  const grid = similarityGrid(answer.result, measure, numberText)
  const onPaper: Look = {
    ...{ ...look, ...paperLook, scale: 'linear' },
    range: similarityRange(grid, measure)
  }
  return [
    ...figureFormats(tokenGrid, title, { ...grid, title }, onPaper, { from }),
    ...dataFormats(title, answer.result, from)
  ]
}

function provenance({ analysis, params }: Answer, place: string, of: SavedOf): Provenance {
  const { name: model, fingerprint } = of.model
  return {
    version: of.version,
    of: { model, fingerprint, input: null, edits: [], provider: 'none', place },
    less: null,
    precision: 'float32',
    again: { analysis, params }
  }
}
