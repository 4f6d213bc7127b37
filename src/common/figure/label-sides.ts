/** In the order in which they are tried. */
export const labelSidesInOrder = ['right', 'left', 'top', 'bottom'] as const
export type LabelSide = (typeof labelSidesInOrder)[number]

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
  /** From where a label may begin across, and how far it may reach. */
  readonly from: number
  readonly across: number
}

/** Lines through all of a figure: where those that stand and those that lie are. */
export interface CrossingLines {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** Where a label lies, and whether a line runs through it. */
export interface LabelPlace {
  readonly side: LabelSide
  readonly isCrossed: boolean
}

/**
 * On which side of its point each label lies: the first one where it covers no other point, no label before it and no line, or
 * the first where it covers but a line; null where none is free, for it would not be read there.
 */
export function labelSides(
  places: readonly Place[],
  room: LabelRoom,
  lines: CrossingLines = { x: [], y: [] }
): (LabelPlace | null)[] {
  const points = places.map(({ x, y }) => boxAround(x, y, 2 * room.radius, 2 * room.radius))
  const taken: Box[] = []
  return places.map((place, i) => {
    const boxOf = (side: LabelSide) => labelBox(place, side, room.widths[i]!, room)
    const free = labelSidesInOrder.filter(side => {
      const box = boxOf(side)
      const isWithin = box.left >= room.from && box.right <= room.across
      return (
        isWithin &&
        !points.some((point, other) => other !== i && overlap(box, point)) &&
        !taken.some(other => overlap(box, other))
      )
    })
    const side = free.find(side => !crosses(boxOf(side), lines)) ?? free[0]
    if (side === undefined) return null
    const box = boxOf(side)
    taken.push(box)
    return { side, isCrossed: crosses(box, lines) }
  })
}

function crosses({ left, right, top, bottom }: Box, { x, y }: CrossingLines): boolean {
  return x.some(at => at > left && at < right) || y.some(at => at > top && at < bottom)
}

export interface Box {
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

export function boxAround(x: number, y: number, width: number, height: number): Box {
  return {
    ...{ left: x - width / 2, right: x + width / 2 },
    ...{ top: y - height / 2, bottom: y + height / 2 }
  }
}

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
