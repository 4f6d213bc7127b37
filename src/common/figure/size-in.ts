import type { FigureKind, Size } from './figure-kind.ts'
import type { Look } from './look.ts'

/**
 * The room that a figure is drawn anew in, in another width: wider where it needs more than that.
 * @param own the room that it has otherwise
 * @param most how high it may be, unless it needs more
 */
export function sizeIn<D>(
  kind: FigureKind<D>,
  data: D,
  look: Look,
  width: number,
  own: Size = kind.natural(data, look),
  most = Infinity
): Size {
  const least = kind.least?.(data, look) ?? { width: 0, height: 0 }
  const wide = Math.max(width, least.width)
  const high = kind.high?.(data, look, wide) ?? (own.height * wide) / own.width
  const height =
    kind.resizes === 'width' ? own.height : Math.min(most, Math.max(least.height, high))
  return { ...own, width: wide, height }
}
