import type { PlainError } from '#common/model/errors.ts'

/** What a thread does: for each call its argument and its result. */
export type Calls<C> = {
  readonly [K in keyof C]: { readonly argument: unknown; readonly result: unknown }
}

export interface Request<C extends Calls<C>, K extends keyof C = keyof C> {
  readonly id: number
  readonly call: K
  readonly argument: C[K]['argument']
}

export type Reply<C extends Calls<C>> =
  | { readonly id: number; readonly result: C[keyof C]['result'] }
  | { readonly id: number; readonly error: PlainError }
