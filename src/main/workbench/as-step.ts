import type { CallContext } from '#common/contract/rpc.ts'

/** Where a step stands in all of the work. */
export interface Step {
  /** What is said before its own words. */
  readonly before: string
  /** How much is done of all as it begins. */
  readonly done: number
  /** How much of all it is; one of `total` when left out. */
  readonly size?: number
  readonly total: number
}

/**
 * A context for a step of other work: how far it is is told as how far that is. What cannot tell, such as what waits, leaves it
 * where it is.
 */
export function asStep<C extends CallContext>(
  context: C,
  { before, done, size = 1, total }: Step
): C {
  let share = 0
  return {
    ...context,
    progress(own) {
      if (own.total > 0) share = own.done / own.total
      context.progress({ label: `${before}${own.label}`, done: done + size * share, total })
    }
  }
}
