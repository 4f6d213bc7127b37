import { z } from 'zod'
import { positionForms } from '#common/figure/views/position-forms.ts'

/** What the view shows: positions in one form, or what they and the tokens of a text add up to. */
const shownForms = [...positionForms, 'sum'] as const
export type ShownForm = (typeof shownForms)[number]

/** What the view of positions is set to. */
export const PositionsOptions = z.object({
  /** Null for the first that the model has. */
  form: z.enum(shownForms).nullable().catch(null),
  /** Whether sines and cosines of the same size stand beside what the model adds. */
  beside: z.boolean().catch(false),
  /** Of those sines and cosines. */
  base: z.number().min(1).max(1e12).catch(10_000),
  /** Dimensions that are drawn besides those that are picked by their variance, as they are typed. */
  dimensions: z.string().catch(''),
  /** Tokens of the longest text that the model was trained on; null for what config.json or the weights say. */
  trained: z.int().min(1).nullable().catch(null),
  /** Tokens of a text: some scalings of rotary positions hang on it. */
  length: z.int().min(1).catch(1)
})
export type PositionsOptions = z.output<typeof PositionsOptions>

/** The dimensions that a text lists, each once, of those that there are. */
export function listedDimensions(text: string, width: number): number[] {
  const listed = (text.match(/\d+/g) ?? []).map(Number).filter(dimension => dimension < width)
  return [...new Set(listed)].slice(0, 5)
}
