const sides = ['right', 'left', 'top', 'bottom'] as const
export type LabelSide = (typeof sides)[number]

interface Place {
  readonly x: number
  readonly y: number
}

interface LabelRoom {
  /** Of each label, and of all of them, in the unit of the places. */
  readonly widths: readonly number[]
  readonly height: number
  /** From the middle of a point to its edge, and from there to its label. */
  readonly radius: number
  readonly distance: number
  /** How far a label may reach across, from 0 on. */
  readonly across: number
}

/**
 * On which side of its point each label lies: the first one where it covers no other point and no label before it; at the
 * right where none is free.
 */
export function labelSides(places: readonly Place[], room: LabelRoom): LabelSide[] {
  const points = places.map(({ x, y }) => boxAround(x, y, 2 * room.radius, 2 * room.radius))
  const taken: Box[] = []
  return places.map((place, i) => {
    const others = [...points.slice(0, i), ...points.slice(i + 1), ...taken]
    const boxOf = (side: LabelSide) => labelBox(place, side, room.widths[i]!, room)
    const side =
      sides.find(side => {
        const box = boxOf(side)
        const isWithin = box.left >= 0 && box.right <= room.across
        return isWithin && !others.some(other => overlap(box, other))
      }) ?? 'right'
    taken.push(boxOf(side))
    return side
  })
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Where a label lies that is on a side of its point. */
export function labelBox(
  { x, y }: Place,
  side: LabelSide,
  width: number,
  room: Pick<LabelRoom, 'height' | 'radius' | 'distance'>
): Box {
  const { height, radius, distance } = room
  const [across, up] = [radius + distance + width / 2, radius + distance + height / 2]
  if (side === 'right') return boxAround(x + across, y, width, height)
  if (side === 'left') return boxAround(x - across, y, width, height)
  return boxAround(x, side === 'top' ? y - up : y + up, width, height)
}

function boxAround(x: number, y: number, width: number, height: number): Box {
  return {
    ...{ left: x - width / 2, right: x + width / 2 },
    ...{ top: y - height / 2, bottom: y + height / 2 }
  }
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
