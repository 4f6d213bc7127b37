import type { Look } from './look.ts'
import { scaled, unscaled } from './value-scale.ts'
import type { ContextLine } from '../text/context-pieces.ts'

/** A token in its text as it is written, and what it is. */
export interface WrittenContext<C> extends ContextLine {
  readonly context: C
  readonly score: string
}

/** Contexts of a part of the range. */
export interface ContextGroup<C> {
  /** Of the part, from the lowest; of those that are the highest of all −1. */
  readonly bin: number
  readonly range: string
  readonly count: string
  readonly label: string
  readonly lines: readonly WrittenContext<C>[]
}

/** The least weight that a colour shows: below it tokens look like paper. */
export function leastSeen({ scale, range }: Pick<Look, 'scale' | 'range'>): number {
  return unscaled(scale, 0.06 * scaled(scale, range.high))
}
