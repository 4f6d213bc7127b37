import type { FigureKind, Size } from './figure-kind.ts'
import type { Look } from './look.ts'

/**
 * The room that a figure is drawn anew in, in another width: wider and higher where it needs more than that.
 * @param own the room that it has otherwise
 * @param height that is asked for; null for the one that goes with the width, which is no more than `most`
 */
export function sizeIn<D>(
  kind: FigureKind<D>,
  data: D,
  look: Look,
  width: number,
  own: Size = kind.natural(data, look),
  height: number | null = null,
  most = Infinity
): Size {
  const least = kind.least?.(data, look, { width, height: most }) ?? { width: 0, height: 0 }
  const wide = Math.max(width, least.width)
  const room = { ...own, width: wide }
  if (kind.resizes === 'width') {
    const lowest = kind.lowest?.(data, look)
    if (height === null || lowest === undefined) return room
    return { ...room, height: Math.max(lowest, height) }
  }
  const high = kind.high?.(data, look, wide) ?? (own.height * wide) / own.width
  return { ...room, height: Math.max(least.height, height ?? Math.min(most, high)) }
}
