import { z } from 'zod'
import { wordMeasures } from '#common/figure/views/word-figures.ts'

export const wordForms = ['word', 'list', 'analogy'] as const
/** Letters of a word, and of a list, as far as they are kept. */
export const mostLetters = { word: 1000, list: 20_000 }
const sides = ['input', 'output'] as const

/** What the view of words is set to. */
export const WordsOptions = z.object({
  form: z.enum(wordForms).catch('word'),
  /** A word as it is typed, or `#` and a token's id; empty for the token that is selected in the text. */
  word: z.string().max(mostLetters.word).catch(''),
  /** The words of a list, as they are typed. */
  list: z.string().max(mostLetters.list).catch(''),
  /** Whether a space stands before each word of the list that is not in quotes. */
  spaced: z.boolean().catch(false),
  a: z.string().max(mostLetters.word).catch(''),
  b: z.string().max(mostLetters.word).catch(''),
  c: z.string().max(mostLetters.word).catch(''),
  measure: z.enum(wordMeasures).catch('cosine'),
  /** The embedding that words are rows of, and that whose rows are near. */
  of: z.enum(sides).catch('input'),
  among: z.enum(sides).nullable().catch(null),
  /** The dimension whose tokens are listed; null for the one that the word is highest in. */
  dimension: z.int().min(0).nullable().catch(null)
})
export type WordsOptions = z.output<typeof WordsOptions>
