/** The loss of the tokens of a class, and what it is without a head. */
export interface ClassLoss {
  /** Predicted tokens of the class. */
  readonly tokens: number
  readonly loss: number
  readonly zero: number
  readonly mean: number
}

/** How the loss of the tokens of a class changes without a head. */
export interface ClassChange {
  readonly name: string
  readonly tokens: number
  readonly loss: number
  /** With the head zeroed, less with it. */
  readonly zero: number
  /** With the head replaced by its mean, less with it. */
  readonly mean: number
}

/** How the loss of each class of tokens changes without a head, that which its mean changes most first. */
export function classChanges(classes: Readonly<Record<string, ClassLoss>>): ClassChange[] {
  return Object.entries(classes)
    .map(([name, { tokens, loss, zero, mean }]) => ({
      ...{ name, tokens, loss },
      ...{ zero: zero - loss, mean: mean - loss }
    }))
    .sort((a, b) => (Math.abs(b.mean) || 0) - (Math.abs(a.mean) || 0))
}

/** A change of the loss with its sign, to a thousandth of a nat: what is less tells nothing. */
export function lossChange(by: number): string {
  if (Number.isNaN(by)) return '–'
  const size = Math.abs(by).toFixed(3)
  if (size === '0.000') return size
  return `${by < 0 ? '−' : '+'}${size}`
}
