import type { Dataset } from '../../data/dataset.ts'
import {
  analogyAnswers,
  extremeDimensions,
  extremeTokens,
  measureNames,
  nameOfWord,
  nearestTokens,
  type Listed,
  type WordMeasure
} from './word-figures.ts'

/** What an analysis of words came to, and what it was asked with. */
export interface WordsAnswer {
  readonly analysis: string
  readonly params: Readonly<Record<string, unknown>>
  readonly result: Dataset
}

/** One of the lists that an answer holds. */
export interface WordList {
  readonly answer: WordsAnswer
  /** What it is a list of, for its title. */
  readonly what: string
  /** Which of several it is, for its heading. */
  readonly note: string
  readonly noun: 'token' | 'dimension'
  readonly listed: readonly Listed[]
  /** What its numbers are. */
  readonly unit: string
  /** What tells it from the others of its answer, as params of the figure. */
  readonly params: Readonly<Record<string, string>>
}

/** The ends of what is sorted. */
export const listEnds = ['highest', 'lowest'] as const
type ListEnd = (typeof listEnds)[number]
const variableOf = { highest: 'top', lowest: 'bottom' } as const

/** Rows whose sums answer an analogy, and how they are called. */
export const analogyRows = { unit: 'Rows of length 1', raw: 'Rows as they are' } as const

/** All lists of an answer, in the order in which they are read. */
export function wordLists(answer: WordsAnswer, measure: WordMeasure): WordList[] {
  switch (answer.analysis) {
    case 'neighbours':
      return [nearestList(answer, measure)]
    case 'dimensions':
      return listEnds.map(end =>
        'dimensions' in answer.params ? tokensList(answer, end) : dimensionsList(answer, end)
      )
    case 'analogy':
      return (['unit', 'raw'] as const).map(rows => {
        const note = analogyRows[rows]
        const listed = analogyAnswers(answer.result, rows === 'unit' ? 'analogy' : 'analogy_raw')
        return {
          ...{ answer, what: `analogy · ${note.toLowerCase()}`, note, noun: 'token', listed },
          ...{ unit: 'cosine', params: { rows } }
        }
      })
  }
  return []
}

function nearestList(answer: WordsAnswer, measure: WordMeasure): WordList {
  const { of = 'input', among } = answer.params
  return {
    ...{ answer, noun: 'token', unit: measureNames[measure], params: { measure } },
    what: `nearest to ${nameOfWord(answer.result)}`,
    note: `Nearest in the ${String(among ?? of)} embedding`,
    listed: nearestTokens(answer.result, measure)
  }
}

function dimensionsList(answer: WordsAnswer, end: ListEnd): WordList {
  return {
    ...{ answer, noun: 'dimension', unit: 'value', params: { end } },
    what: `${nameOfWord(answer.result)} · ${end} dimensions`,
    note: `Its ${end} dimensions`,
    listed: extremeDimensions(answer.result, variableOf[end])
  }
}

function tokensList(answer: WordsAnswer, end: ListEnd): WordList {
  const where = `in dimension ${String(answer.params['dimensions'])}`
  return {
    ...{ answer, noun: 'token', unit: 'value', params: { end } },
    what: `tokens ${end} ${where}`,
    note: `${end[0]!.toUpperCase()}${end.slice(1)} ${where}`,
    listed: extremeTokens(answer.result, variableOf[end])
  }
}
