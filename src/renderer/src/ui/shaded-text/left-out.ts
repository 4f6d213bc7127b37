/** Tokens of a text that have no part in what is shown, and why. */
export interface LeftOut {
  readonly positions: readonly number[]
  readonly why: string
}
