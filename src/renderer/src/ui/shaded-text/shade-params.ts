import type { Look } from '#common/figure/look.ts'
import { boundsParam, lookParams } from '#common/figure/views/look-params.ts'

/** How a text is shaded, by the names of params; a range that is that of two sides, by its bounds. */
export function shadeParams(look: Look) {
  const { colors, scale, range } = lookParams(look)
  return { colors, scale, range, ...(look.shared === true && boundsParam(look.range)) }
}
