import type { Look } from '#common/figure/look.ts'
import { lookParams } from '#common/figure/views/look-params.ts'

/** How a text is shaded, by the names of params. */
export function shadeParams(look: Look) {
  const { colors, scale, range } = lookParams(look)
  return { colors, scale, range }
}
