import type { TextBox } from '#common/figure/text-flow.ts'

/** A part of a token that stands in one line. */
export interface TokenBox extends TextBox {
  readonly token: number
}

/** The part of a keyboard event that moves a selection. */
interface Move {
  readonly key: string
  readonly shiftKey: boolean
}

/** The text that a selection moves in. */
export interface FlowingText {
  readonly boxes: readonly TokenBox[]
  /** The group of each token. */
  readonly groupOf: Int32Array
  readonly rightToLeft: boolean
}

/**
 * The token that a key press moves the selection to: the first of the next group, or the nearest of the next line; null
 * when the key moves nothing. Without a selection it starts at the last token.
 */
export function movedToken(
  { key, shiftKey }: Move,
  selected: number | null,
  { boxes, groupOf, rightToLeft }: FlowingText
): number | null {
  if (groupOf.length === 0) return null
  const from = Math.min(selected ?? groupOf.length - 1, groupOf.length - 1)
  const by = shiftKey ? 10 : 1
  const onward = rightToLeft ? -by : by
  const last = groupOf.at(-1)!
  const firstOf = (group: number) => groupOf.indexOf(Math.max(0, Math.min(last, group)))
  switch (key) {
    case 'ArrowRight':
      return firstOf(groupOf[from]! + onward)
    case 'ArrowLeft':
      return firstOf(groupOf[from]! - onward)
    case 'Home':
      return 0
    case 'End':
      return groupOf.length - 1
    case 'ArrowUp':
      return lineAway(boxes, from, -1)
    case 'ArrowDown':
      return lineAway(boxes, from, 1)
    default:
      return null
  }
}

/** The token below or above one, or that one where there is no such line. */
function lineAway(boxes: FlowingText['boxes'], from: number, by: 1 | -1): number {
  const own = boxes.find(({ token }) => token === from)
  if (!own) return from
  const lines = [...new Set(boxes.map(({ y }) => y))].sort((a, b) => a - b)
  const y = lines[lines.indexOf(own.y) + by]
  if (y === undefined) return from
  const middle = ({ x, width }: TokenBox) => x + width / 2
  return boxes
    .filter(box => box.y === y)
    .reduce((best, box) =>
      Math.abs(middle(box) - middle(own)) < Math.abs(middle(best) - middle(own)) ? box : best
    ).token
}
