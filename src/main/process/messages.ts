import type { PlainError } from '#common/model/errors.ts'

/** What a process does: its calls, each with its argument and its result, which structured clones can be made of. */
export type CallTable<T> = {
  readonly [C in keyof T]: { readonly argument: unknown; readonly result: unknown }
}

/** A call; ids rise. */
export interface Request<T extends CallTable<T>, C extends keyof T = keyof T> {
  readonly id: number
  readonly call: C
  readonly argument: T[C]['argument']
}

/** What a process is sent: a call, or the id of one that nobody waits for any more. */
export type Message<T extends CallTable<T>> = Request<T> | { readonly drop: number }

/** What a process answers; `at` is the file that it reads from now on for a call. */
export type Reply<T extends CallTable<T>> = { readonly id: number } & (
  | { readonly result: T[keyof T]['result'] }
  | { readonly error: PlainError }
  | { readonly dropped: true }
  | { readonly at: string }
)
