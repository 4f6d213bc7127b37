import type { PlainError } from './errors.ts'

/**
 * What another process or thread does: its calls, each with its argument and its result, which structured clones can be
 * made of.
 */
export type CallTable<T> = {
  readonly [C in keyof T]: { readonly argument: unknown; readonly result: unknown }
}

/** A call; ids rise. */
export interface Request<T extends CallTable<T>, C extends keyof T = keyof T> {
  readonly id: number
  readonly call: C
  readonly argument: T[C]['argument']
}

/** What a call came to. */
export type Answer<T extends CallTable<T>> =
  | { readonly id: number; readonly result: T[keyof T]['result'] }
  | { readonly id: number; readonly error: PlainError }
