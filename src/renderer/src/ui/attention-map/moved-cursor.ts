interface Cell {
  readonly query: number
  readonly key: number
}

/** The part of a keyboard event that moves a cursor. */
interface Move {
  readonly key: string
  readonly shiftKey: boolean
}

/**
 * The cell a key press moves the cursor to; null when the key moves nothing. Without a cursor it starts
 * at the last token.
 * @param size tokens along each axis
 */
export function movedCursor(
  move: Move,
  cursor: Cell | null,
  size: number,
  { causal, mirrored }: { readonly causal: boolean; readonly mirrored: boolean }
): Cell | null {
  const last = size - 1
  const { query, key } = cursor ?? { query: last, key: last }
  const by = move.shiftKey ? 10 : 1
  const across = mirrored ? -by : by
  const inside = (index: number) => Math.max(0, Math.min(last, index))
  switch (move.key) {
    case 'ArrowUp':
      return { query: inside(query - by), key }
    case 'ArrowDown':
      return { query: inside(query + by), key }
    case 'ArrowLeft':
      return { query, key: inside(key - across) }
    case 'ArrowRight':
      return { query, key: inside(key + across) }
    case 'Home':
      return { query, key: 0 }
    case 'End':
      return { query, key: causal ? query : last }
    default:
      return null
  }
}
