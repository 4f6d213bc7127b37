import type { Look } from './look.ts'

/** Where each of several figures has its bar of colours. */
export type SharedBar = Exclude<Look['bar'], undefined>

/**
 * One bar for figures on a page whose colours stand for the same: it lies below the first of a row, where all of them begin, or below
 * the last of a column, so that their maps are as large as each other.
 */
export function oneBar(count: number, way: 'row' | 'column'): SharedBar[] {
  const at = way === 'row' ? 0 : count - 1
  return Array.from({ length: count }, (_, i) => (i === at ? 'below' : false))
}

/** What that takes below the one that has it. @param heightOf how high it is with a bar, or without one */
export function oneBarRoom(heightOf: (bar: SharedBar) => number): number {
  return heightOf('below') - heightOf(false)
}
