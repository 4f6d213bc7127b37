import type { Cell } from '#common/model/subject.ts'
import { visibleKeys, type Visibility } from '#common/model/visibility.ts'

/** The part of a keyboard event that moves a cursor. */
interface Move {
  readonly key: string
  readonly shiftKey: boolean
}

/** What a cursor moves over. */
export interface CursorRoom {
  /** Tokens along each axis. */
  readonly size: number
  /** Null where every key may be seen. */
  readonly visibility: Visibility | null
  /** Keys run from right to left. */
  readonly mirrored: boolean
}

/**
 * The cell a key press moves the cursor to, which is never one that is masked; null when the key moves nothing.
 * Without a cursor it starts at the last token.
 */
export function movedCursor(move: Move, cursor: Cell | null, room: CursorRoom): Cell | null {
  const { query, key } = cursor ?? { query: room.size - 1, key: room.size - 1 }
  const by = move.shiftKey ? 10 : 1
  const across = room.mirrored ? -by : by
  switch (move.key) {
    case 'ArrowUp':
      return stepped({ query, key }, { query: -by, key: 0 }, room)
    case 'ArrowDown':
      return stepped({ query, key }, { query: by, key: 0 }, room)
    case 'ArrowLeft':
      return stepped({ query, key }, { query: 0, key: -across }, room)
    case 'ArrowRight':
      return stepped({ query, key }, { query: 0, key: across }, room)
    case 'Home':
      return stepped({ query, key: 0 }, { query: 0, key: 0 }, room)
    case 'End':
      return stepped({ query, key: room.size - 1 }, { query: 0, key: 0 }, room)
    default:
      return null
  }
}

/** The cell some queries and keys further, or as near to it as its query sees. */
export function stepped(
  cell: Cell,
  by: { readonly query: number; readonly key: number },
  { size, visibility }: CursorRoom
): Cell {
  const query = within(cell.query + by.query, 0, size - 1)
  const { start, end } =
    visibility === null ? { start: 0, end: size } : visibleKeys(visibility, query, size)
  return { query, key: within(cell.key + by.key, start, end - 1) }
}

function within(index: number, first: number, last: number): number {
  return Math.max(first, Math.min(last, index))
}
