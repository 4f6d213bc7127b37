import { exactCount } from '../text/number-text.ts'

/**
 * The most that a figure is drawn of, whatever its kind: more than any view gives it, and little enough that all that is
 * written, measured and laid out of it takes a moment and not minutes.
 */
const most = {
  /** Of one text, in UTF-16 units. */
  letters: 10_000,
  /** Of one list; numbers that are kept as such, and not each by itself, are limited by the bytes of what is kept. */
  entries: 50_000,
  /** Of the list `cells` of a grid, which has one of each token and layer. */
  cells: 200_000,
  /** Squares and spans of larger ones are beyond what a number can be; none of a model's is near it. */
  magnitude: 1e100,
  /** Of all lists and records together. */
  values: 2_000_000
} as const

/** More than any model has. */
export const mostLayers = 4096
export const mostHeadsOfLayer = 1024
export const mostHeads = 16_384
/** Models that are compared. */
export const mostSides = 64

/** Why data of a stranger's file are more than a figure is drawn of, in words; null where they are not. */
export function beyondLimits(data: unknown): string | null {
  // Without recursion: data may be nested as deep as their file wants.
  const open: (readonly [name: string, value: unknown])[] = [['', data]]
  let seen = 0
  while (open.length > 0) {
    const [name, value] = open.pop()!
    const fault = faultOf(name, value)
    if (fault !== null) return fault
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue
    const own = Object.entries(value)
    seen += own.length
    if (seen > most.values) return `over ${exactCount(most.values)} values`
    for (const part of own) open.push(part)
  }
  return null
}

function faultOf(name: string, value: unknown): string | null {
  const { letters, magnitude } = most
  const entries = name === 'cells' ? most.cells : most.entries
  if (typeof value === 'string' && value.length > letters)
    return `a text of ${exactCount(value.length)} letters, over ${exactCount(letters)}`
  if (Array.isArray(value) && value.length > entries)
    return `a list of ${exactCount(value.length)}, over ${exactCount(entries)}`
  if (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) > magnitude)
    return `a number over ${magnitude}`
  if (value instanceof Float64Array)
    for (const own of value)
      if (Number.isFinite(own) && Math.abs(own) > magnitude) return `a number over ${magnitude}`
  return null
}
