/** A number, as it is told. */
export interface Fact {
  readonly name: string
  readonly text: string
  /** The number itself, for a tooltip. */
  readonly exact: string
  /** How it is defined. */
  readonly about: string
}
