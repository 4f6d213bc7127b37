import { z } from 'zod'
import { SentenceBy } from '#common/analysis/hidden-states/sentence-vector.ts'
import { hiddenMeasures, hiddenPairs } from '#common/figure/views/hidden-figures.ts'
import { ComparedTexts } from '../../ui/compared-texts/compared-texts.ts'

export const hiddenForms = ['layers', ...hiddenPairs] as const

/** What the view of contextual embeddings is set to. */
export const HiddenOptions = z.object({
  form: z.enum(hiddenForms).catch('layers'),
  measure: z.enum(hiddenMeasures).catch('moved'),
  /** What enters the first block is chosen, which is of no block. */
  embedding: z.boolean().catch(false),
  /** The word whose places are compared; empty for the token that is selected. */
  word: z.string().max(1000).catch(''),
  /** What stands for a text. */
  sentence: SentenceBy.catch('mean'),
  /** What texts and places are of: this text, its lines, or a pair or corpus by its name. */
  over: ComparedTexts.nullable().catch(null)
})
export type HiddenOptions = z.output<typeof HiddenOptions>
