/** A label that asks for room, in CSS pixels. */
export interface WantedLabel {
  /** Left edge and middle. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Room that is kept free around each label. */
interface LabelGap {
  readonly across: number
  readonly upwards: number
}
const usualGap: LabelGap = { across: 8, upwards: 3 }
/** Side of the squares by which labels are looked for. */
const square = 64

/**
 * Which labels stand where none covers another: each that finds room, in their order.
 * @param wanted the most wanted first
 * @param most that are let stand
 * @returns their indices, rising
 */
export function thinnedLabels(
  wanted: Iterable<WantedLabel>,
  most = Infinity,
  gap = usualGap
): number[] {
  const placed = new Map<string, WantedLabel[]>()
  const kept: number[] = []
  let index = -1
  for (const label of wanted) {
    index++
    const squares = squaresOf(label, gap)
    const isFree = squares.every(key => !placed.get(key)?.some(other => overlap(label, other, gap)))
    if (!isFree) continue
    kept.push(index)
    if (kept.length === most) break
    for (const key of squares) {
      const own = placed.get(key)
      if (own) own.push(label)
      else placed.set(key, [label])
    }
  }
  return kept
}

function overlap(a: WantedLabel, b: WantedLabel, gap: LabelGap): boolean {
  return (
    a.x < b.x + b.width + gap.across &&
    b.x < a.x + a.width + gap.across &&
    Math.abs(a.y - b.y) < (a.height + b.height) / 2 + gap.upwards
  )
}

/** The squares that a label and the room around it lie in. */
function squaresOf({ x, y, width, height }: WantedLabel, gap: LabelGap): string[] {
  const keys: string[] = []
  const [top, bottom] = [y - height / 2 - gap.upwards, y + height / 2 + gap.upwards]
  for (let row = Math.floor(top / square); row <= Math.floor(bottom / square); row++)
    for (
      let column = Math.floor((x - gap.across) / square);
      column <= Math.floor((x + width + gap.across) / square);
      column++
    )
      keys.push(`${row} ${column}`)
  return keys
}
