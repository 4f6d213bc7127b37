import type { ModelMove } from '#common/model/model-ref.ts'

/** Something that was done: the session before and after it. */
export interface Done<T> {
  readonly label: string
  readonly before: T
  readonly after: T
  /** A step of the same key, within so many milliseconds of this one, goes on with it; null where none does. */
  readonly joins: { readonly key: string; readonly within: number } | null
  /** What it deleted; null for nothing. */
  readonly deleted: string | null
  /** The model that lies elsewhere by it; the workbench has to be told. */
  readonly moved?: ModelMove
  /** When it was done, or gone on with last, in milliseconds. */
  readonly at: number
}

/** One step of a history; no other has its number. */
export interface Step<T> extends Done<T> {
  readonly number: number
}

/** What was done, the last at the end of `past`, and what was taken back, the next to be done again at the end of `future`. */
export interface History<T> {
  /** How many steps there have been. */
  readonly count: number
  /** Number of the last step that `past` has let go of; 0 for none. */
  readonly base: number
  readonly past: readonly Step<T>[]
  readonly future: readonly Step<T>[]
}

const mostSteps = 200

/** A history in which nothing was done. */
export const noHistory: History<never> = { count: 0, base: 0, past: [], future: [] }

/** A history with one more step, which goes on with the last where it joins it; nothing is left to be done again. */
export function withStep<T>(history: History<T>, done: Done<T>): History<T> {
  const { past, future } = history
  const last = past.at(-1)
  const count = history.count + 1
  const joined = last !== undefined && future.length === 0 && goesOn(last, done)
  const step = { ...done, before: joined ? last.before : done.before, number: count }
  const all = [...(joined ? past.slice(0, -1) : past), step]
  const kept = all.slice(-mostSteps)
  return { count, base: all.at(-mostSteps - 1)?.number ?? history.base, past: kept, future: [] }
}

/** A history after its last step was taken back. */
export function undone<T>({ past, future, ...rest }: History<T>): History<T> {
  return { ...rest, past: past.slice(0, -1), future: [...future, ...past.slice(-1)] }
}

/** A history after what was taken back last is done again. */
export function redone<T>({ past, future, ...rest }: History<T>): History<T> {
  return { ...rest, past: [...past, ...future.slice(-1)], future: future.slice(0, -1) }
}

/** A history whose last step nothing goes on with any more, such as one that led to what was saved. */
export function sealed<T>({ past, ...rest }: History<T>): History<T> {
  const last = past.slice(-1).map(step => ({ ...step, joins: null }))
  return { ...rest, past: [...past.slice(0, -1), ...last] }
}

/** Where a history stands: the number of the step that led there. The session is the same wherever it is the same. */
export function position({ base, past }: History<unknown>): number {
  return past.at(-1)?.number ?? base
}

function goesOn<T>(last: Done<T>, done: Done<T>): boolean {
  if (last.joins === null || done.joins === null) return false
  return last.joins.key === done.joins.key && done.at - last.at <= done.joins.within
}
