import type { Reading } from './subject.ts'

/** What is made of two: both in a row, or one less the other. */
export const sides = ['beside', 'difference'] as const
export type Sides = (typeof sides)[number]

/** The second of two, as far as it is not as the first. */
export interface OtherSide {
  /** Its model. */
  readonly with?: string
  /** What it reads and with which edits, of one that reads a text or a corpus; what computes it where that is another. */
  readonly withRun?: Reading & { readonly provider?: string }
  /** Those of its params that are others; null where only the first has one. */
  readonly withParams?: Readonly<Record<string, unknown>>
}
