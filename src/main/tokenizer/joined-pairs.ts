import type { Merge } from '#common/model/text-explanation.ts'

/** A part of a word that neighbours may be joined to, in the word's units. */
export interface Part {
  readonly piece: string
  readonly from: number
  readonly to: number
}

/** How two neighbours become one. */
export interface Joining {
  /** The lower, the earlier; undefined where they stay apart. */
  rank(left: string, right: string): number | undefined
  /** What they become. */
  joined(left: string, right: string): string
}

/** More parts than a word may have: ranks and places share a number. */
const places = 2 ** 26

/**
 * Joins neighbours one pair at a time: the one of the lowest rank, of equal ones the first.
 * @param merges takes what was joined, in order
 */
export function joinedPairs(parts: readonly Part[], by: Joining, merges?: Merge[]): Part[] {
  const now: (Part | null)[] = [...parts]
  const next = now.map((_, i) => i + 1)
  const previous = now.map((_, i) => i - 1)
  const heap: number[] = []
  const rankAt = (i: number) => {
    const [left, right] = [now[i], now[next[i]!]]
    return left && right ? by.rank(left.piece, right.piece) : undefined
  }
  const offer = (i: number) => {
    const rank = rankAt(i)
    if (rank !== undefined) push(heap, rank * places + i)
  }
  for (let i = 0; i + 1 < now.length; i++) offer(i)
  for (let key = pop(heap); key !== undefined; key = pop(heap)) {
    const i = key % places
    const rank = (key - i) / places
    // A neighbour has changed since.
    if (rankAt(i) !== rank) continue
    const left = now[i]!
    const right = now[next[i]!]!
    merges?.push({ left: left.piece, right: right.piece, rank, at: left.from })
    now[i] = { piece: by.joined(left.piece, right.piece), from: left.from, to: right.to }
    now[next[i]!] = null
    next[i] = next[next[i]!]!
    if (next[i] < now.length) previous[next[i]] = i
    offer(i)
    if (previous[i]! >= 0) offer(previous[i]!)
  }
  return now.filter(part => part !== null)
}

function push(heap: number[], key: number): void {
  let at = heap.push(key) - 1
  while (at > 0) {
    const above = (at - 1) >> 1
    if (heap[above]! <= key) break
    heap[at] = heap[above]!
    at = above
  }
  heap[at] = key
}

function pop(heap: number[]): number | undefined {
  const least = heap[0]
  const key = heap.pop()
  if (key === undefined || heap.length === 0) return least
  let at = 0
  for (let below = 1; below < heap.length; below = 2 * at + 1) {
    if (below + 1 < heap.length && heap[below + 1]! < heap[below]!) below++
    if (heap[below]! >= key) break
    heap[at] = heap[below]!
    at = below
  }
  heap[at] = key
  return least
}

/** The characters of a word. */
export function characters(word: string): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const piece of word) {
    parts.push({ piece, from, to: from + piece.length })
    from += piece.length
  }
  return parts
}
