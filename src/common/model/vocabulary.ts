import { z } from 'zod'
import { tokenKinds } from '../text/token-kinds.ts'

/** What ids are of: kinds of tokens, rows of the embedding that no token has, and tokens that have no row. */
export const vocabularyKinds = [...tokenKinds, 'unused', 'beyond'] as const
export type VocabularyKind = (typeof vocabularyKinds)[number]

export const vocabularyOrders = ['id', 'length', 'text'] as const

/** Which tokens of a vocabulary are looked for. */
export const VocabularyQuery = z.object({
  /** Letters that its text or spelling has, whatever their case, or `#` and its id; all where it is empty. */
  search: z.string().max(1000).default(''),
  /** Whether that is a regular expression of its text. */
  pattern: z.boolean().default(false),
  kind: z.enum(vocabularyKinds).nullable().default(null),
  /** The script of its letters, such as `Hebrew`; null for any. */
  script: z.string().max(40).nullable().default(null),
  /** In characters. */
  least: z.int().min(0).default(0),
  most: z.int().min(0).nullable().default(null),
  order: z.enum(vocabularyOrders).default('id'),
  descending: z.boolean().default(false)
})
export type VocabularyQuery = z.output<typeof VocabularyQuery>

const Count = z.object({ name: z.string(), count: z.number() })

/** What was found, and what there is in all. */
export const VocabularyListing = z.object({
  /** Those that were found, in the order that was asked for. */
  ids: z.custom<Int32Array>(value => value instanceof Int32Array, 'expected int32'),
  /** Rows of the embedding; null where that is not known. */
  rows: z.number().nullable(),
  /** Ids that a token has. */
  tokens: z.number(),
  /** Of each kind how many there are in the whole vocabulary; the commonest first. */
  kinds: z.array(Count),
  scripts: z.array(Count),
  /** Of what was found, how many have so many characters: index 0 for none, the last for that many and more. */
  lengths: z.array(z.number())
})
export type VocabularyListing = z.output<typeof VocabularyListing>

/** Lengths that are counted apart. */
export const lengthsApart = 24
