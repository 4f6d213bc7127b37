import type { HeadContext } from '#common/analysis/head-contexts/contexts-of.ts'
import type { Token } from '#common/model/token.ts'

/**
 * Where a context's query stands in a text that was cut into windows.
 * @param window tokens of each
 * @returns null where other tokens stand there, as where something is put around every window
 */
export function placeInText(
  { tokens, start, query, window: number }: HeadContext,
  text: readonly Pick<Token, 'id'>[],
  window: number
): number | null {
  const from = number * window
  const isThere = tokens.every(({ id }, i) => text[from + start + i]?.id === id)
  return isThere ? from + query : null
}
