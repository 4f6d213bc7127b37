import type { ModelInfo } from '#common/contract/schemas.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { similarityLook, type WordMeasure } from '#common/figure/views/word-figures.ts'
import type { WordList, WordsAnswer } from '#common/figure/views/word-lists.ts'
import { similarityFigure, wordListFigure, wordsOrigin } from '#common/figure/views/words-view.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/** What a model's words are saved as. */
interface SavedOf {
  readonly model: ModelInfo
  /** What it is called among those that are open. */
  readonly modelName: string
  /** Of Lamella. */
  readonly version: string
}

/** Each list as bars, and the numbers of each analysis once. */
export function listFormats(
  lists: readonly WordList[],
  { model, modelName, version }: SavedOf
): ExportFormat[] {
  const numbersOf = numbersFormats(model, version)
  const answers = new Map(lists.map(({ answer, note }) => [answer.result, { answer, note }]))
  return [
    ...lists.flatMap(list => {
      const { what, kind, data, from, dataset } = wordListFigure(model, list, version)
      const look = { ...plainLook, ...paperLook }
      const wishes = { note: list.note, from, dataset }
      return figureFormats(kind, `${modelName} · ${what}`, data, look, wishes)
    }),
    ...[...answers.values()].flatMap(({ answer, note }) =>
      numbersOf(answer, `${modelName} · ${answer.analysis}`, answers.size > 1 ? note : '')
    )
  ]
}

/** The matrix of a list of words. */
export function similarityFormats(
  answer: WordsAnswer,
  measure: WordMeasure,
  digits: number,
  look: Omit<Look, 'range'>,
  { model, modelName, version }: SavedOf
): ExportFormat[] {
  const said = { measure, digits, colors: look.colorMap }
  const { what, kind, data, from, dataset } = similarityFigure(model, answer, said, version)
  const title = `${modelName} · ${what}`
  const onPaper = similarityLook({ ...look, ...paperLook }, data, measure)
  return [
    ...figureFormats(kind, title, data, onPaper, { from, dataset }),
    ...numbersFormats(model, version)(answer, title)
  ]
}

/** The numbers of an analysis, with the command that computes them. */
function numbersFormats(model: ModelInfo, version: string) {
  return ({ analysis, params, result }: WordsAnswer, title: string, note = '') =>
    dataFormats(title, result, wordsOrigin(model, analysis, { analysis, params }, version), note)
}
