import { z } from 'zod'

/** Which keys a query may see, as the model's declaration says it; never guessed from values. */
export const Visibility = z.object({
  /** Keys at or before the query only. */
  causal: z.boolean(),
  /** The largest distance between query and key; null where there is no window. */
  reach: z.int().min(0).nullable()
})
export type Visibility = z.infer<typeof Visibility>

/** The keys that a query of a text of `size` tokens sees: from `start`, before `end`. */
export function visibleKeys(
  { causal, reach }: Visibility,
  query: number,
  size: number
): { readonly start: number; readonly end: number } {
  return {
    start: reach === null ? 0 : Math.max(0, query - reach),
    end: causal ? query + 1 : reach === null ? size : Math.min(size, query + reach + 1)
  }
}

/** Whether any query of a text of `size` tokens does not see all of its keys. */
export function hidesKeys({ causal, reach }: Visibility, size: number): boolean {
  return size > 1 && (causal || (reach !== null && reach < size - 1))
}

/** Whether a query sees a key. */
export function sees(visibility: Visibility, query: number, key: number): boolean {
  const { start, end } = visibleKeys(visibility, query, Infinity)
  return key >= start && key < end
}

/** What a query of any of some layers sees; of none null. */
export function widestVisibility(layers: readonly Visibility[]): Visibility | null {
  if (layers.length === 0) return null
  const reaches = layers.map(({ reach }) => reach)
  return {
    causal: layers.every(({ causal }) => causal),
    reach: reaches.includes(null) ? null : Math.max(...(reaches as number[]))
  }
}
