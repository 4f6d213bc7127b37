import { z } from 'zod'
import { lengthsApart, vocabularyKinds, vocabularyOrders } from '#common/model/vocabulary.ts'

/** What the view of a vocabulary is set to. */
export const VocabularyOptions = z.object({
  search: z.string().max(1000).catch(''),
  /** Whether that is a regular expression. */
  pattern: z.boolean().catch(false),
  kind: z.enum(vocabularyKinds).nullable().catch(null),
  script: z.string().max(40).nullable().catch(null),
  /** Lengths in characters. */
  least: z.int().min(0).catch(0),
  most: z.int().min(0).nullable().catch(null),
  order: z.enum(vocabularyOrders).catch('id'),
  descending: z.boolean().catch(false)
})
export type VocabularyOptions = z.output<typeof VocabularyOptions>

type Lengths = Pick<VocabularyOptions, 'least' | 'most'>

/** Lengths of a bar as a filter: of one length, the last of that many characters and more. */
function lengthsOf(length: number): Lengths {
  return { least: length, most: length === lengthsApart ? null : length }
}

/** The bar whose lengths alone are looked for; null for none. */
export function chosenLength({ least, most }: Lengths): number | null {
  const of = lengthsOf(least)
  return of.most === most ? least : null
}

/** What a click on a bar looks for: its lengths, or any once more. */
export function lengthsAfterClick(options: Lengths, length: number): Lengths {
  return chosenLength(options) === length ? { least: 0, most: null } : lengthsOf(length)
}
