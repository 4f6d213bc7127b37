import { z } from 'zod'
import { Token } from './token.ts'
import { firstLetters } from '../text/cut-short.ts'

/** Two neighbours that become one, the pair of the lowest rank first. */
export const Merge = z.object({
  left: z.string(),
  right: z.string(),
  /** The place of the pair among the merges of the vocabulary. */
  rank: z.number(),
  /** Where the pair begins in the part's text, in UTF-16 units. */
  at: z.number()
})
export type Merge = z.infer<typeof Merge>

/** A part of a text that is split by itself: a word, or an added token that is found in it. */
export const ExplainedPart = z.object({
  /** As the model reads it: normalised, and as its vocabulary spells it. */
  text: z.string(),
  /** UTF-16 offsets into the text as typed. */
  start: z.number(),
  end: z.number(),
  added: z.boolean(),
  tokens: z.array(Token),
  /** Of pair encoding: from single characters to the pieces. Null of others, and where the whole part is taken as it is. */
  merges: z.array(Merge).nullable(),
  /** Of a unigram model: the best path through all ways to split it, with the logarithm of each piece's probability. */
  path: z.array(z.object({ piece: z.string(), score: z.number() })).nullable()
})
export type ExplainedPart = z.infer<typeof ExplainedPart>

/** How a text became tokens. */
export const TextExplanation = z.object({
  /** How words are split: `BPE`, `WordPiece`, `Unigram`, `WordLevel`, `characters`. */
  kind: z.string(),
  /** The text once normalised, added tokens in it as typed. */
  normalized: z.string(),
  parts: z.array(ExplainedPart),
  /** What the model expects around a text. */
  before: z.array(Token),
  after: z.array(Token)
})
export type TextExplanation = z.infer<typeof TextExplanation>

/** The longest text that is explained, in UTF-16 units. */
export const longestExplained = 10_000

/** As much of a text as is taken apart: its beginning, in whole letters. */
export function explainedPart(text: string): string {
  return firstLetters(text, longestExplained)
}
