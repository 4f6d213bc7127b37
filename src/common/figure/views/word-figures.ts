import { tokensOfResult } from '../../analysis/described-tokens.ts'
import type { UnknownWord } from '../../analysis/embeddings/words.ts'
import { variable, type Dataset } from '../../data/dataset.ts'
import type { ShownToken } from '../../model/token.ts'
import { isolated, tokenText } from '../../text/token-text.ts'
import type { Look } from '../look.ts'
import type { SignedBarsData } from '../signed-bars.ts'
import type { TokenGridData } from '../token-grid.ts'
import type { ValueRange } from '../value-scale.ts'

/** How near two words are. */
export const wordMeasures = ['cosine', 'centred', 'dot', 'euclidean'] as const
export type WordMeasure = (typeof wordMeasures)[number]

/** What measures are called. */
export const measureNames: Readonly<Record<WordMeasure, string>> = {
  cosine: 'cosine',
  centred: 'cosine, mean row subtracted',
  dot: 'inner product',
  euclidean: 'Euclidean distance'
}

/**
 * What likeness is shown by: what is wanted, once the answer is of it. One that has not given way yet is of what it was
 * asked with.
 */
export function measureOf(
  { centred }: Readonly<Record<string, unknown>>,
  wanted: WordMeasure
): WordMeasure {
  if ((centred === true) === (wanted === 'centred')) return wanted
  return centred === true ? 'centred' : 'cosine'
}

/** A token or a dimension, with the number by which it is listed. */
export interface Listed {
  readonly id: number
  readonly text: string
  readonly value: number
}

/** The nearest tokens of a word, the nearest first. */
export function nearestTokens(result: Dataset, measure: WordMeasure): Listed[] {
  return tokensListed(result, `${measure}.ids`, `${measure}.values`)
}

/** The dimensions in which a word is highest, or lowest. */
export function extremeDimensions(result: Dataset, end: 'top' | 'bottom'): Listed[] {
  const values = variable(result, `dimensions.${end}_values`).data
  return Array.from(variable(result, `dimensions.${end}`).data, (id, i) => ({
    ...{ id, text: String(id), value: values[i]! }
  }))
}

/** The tokens that are highest, or lowest, in a dimension. */
export function extremeTokens(result: Dataset, end: 'top' | 'bottom'): Listed[] {
  return tokensListed(result, `tokens.${end}`, `tokens.${end}_values`)
}

/** What answers an analogy, by rows of length 1 or as they are. */
export function analogyAnswers(result: Dataset, way: 'analogy' | 'analogy_raw'): Listed[] {
  return tokensListed(result, `${way}.ids`, `${way}.values`)
}

function tokensListed(result: Dataset, ids: string, values: string): Listed[] {
  const tokens = tokensOfResult(result)
  const numbers = variable(result, values).data
  return Array.from(variable(result, ids).data, (id, i) => ({
    ...{ id, text: tokenText(tokens.get(id)!), value: numbers[i]! }
  }))
}

/** Things and their numbers as bars. */
export function listedBars(listed: readonly Listed[], name: string): Omit<SignedBarsData, 'title'> {
  const bars = listed.map(({ text, value }) => ({
    ...{ label: isolated(text), value, spread: null, isSum: false }
  }))
  return { name, bars }
}

/** Each word with each, the number in its cell. */
export function similarityGrid(
  result: Dataset,
  measure: WordMeasure,
  numberText: (value: number) => string
): TokenGridData {
  const values = Float32Array.from(variable(result, variableOf(measure)).data)
  const words = result.axes['query']!.labels!.map(wordToken)
  return {
    ...{ title: null, rows: words.map(tokenText), rowsName: '', tokens: words, from: 0 },
    ...{ expected: null, cells: Array.from(values, value => wordToken(numberText(value))) },
    ...{ values, hits: new Uint8Array(values.length), unit: measureNames[measure], ranks: null },
    ...{ scrolled: null, marked: [], mirrored: false },
    quantity: similarityRange({ values }, measure).low < 0 ? 'difference' : 'weight'
  }
}

/** All that cosines may be; else as far as values go, zero in the middle where some are below it. */
export function similarityRange(
  { values }: Pick<TokenGridData, 'values'>,
  measure: WordMeasure
): ValueRange {
  if (measure === 'cosine' || measure === 'centred') return { low: -1, high: 1 }
  const known = values.filter(Number.isFinite)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  if (low < 0) return { low: Math.min(low, -high), high: Math.max(-low, high) }
  return low < high ? { low, high } : { low: Math.min(0, low), high: Math.max(1, high) }
}

/** How a matrix of words is coloured, whatever else is: cosines are comparable, and each of its cells is seen. */
export function similarityLook<L extends Omit<Look, 'range'>>(
  look: L,
  grid: Pick<TokenGridData, 'values'>,
  measure: WordMeasure
) {
  const own = { scale: 'linear', follows: true, pooling: 'maximum' } as const
  return { ...look, ...own, range: similarityRange(grid, measure) }
}

/** How alike words are by a measure: the means were subtracted before, or not. */
function variableOf(measure: WordMeasure): string {
  return measure === 'cosine' || measure === 'centred' ? 'similarity' : measure
}

function wordToken(text: string): ShownToken {
  return { piece: text, text, special: false }
}

/** Which tokens words are of, where they are several: such as `“happy” is hap + py: the mean of their rows`. */
export function severalTokens({ attributes }: Dataset): string[] {
  const texts = (attributes['texts'] ?? []) as { text: string; pieces: string[] }[]
  return texts
    .filter(({ pieces }) => pieces.length > 1)
    .map(({ text, pieces }) => `“${isolated(text)}” is ${pieces.map(isolated).join(' + ')}`)
}

/** What was left out of a list, since the vocabulary does not have it. */
export function leftOutWords({ attributes }: Dataset): UnknownWord[] {
  return (attributes['left_out'] ?? []) as unknown as UnknownWord[]
}

/** The word that a result is of, as it is shown. */
export function nameOfWord(result: Dataset): string {
  const [id = -1] = variable(result, 'queries').data
  const token = tokensOfResult(result).get(id)
  return token ? tokenText(token) : result.axes['query']!.labels![0]!
}
