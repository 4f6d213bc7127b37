import { variable, type Dataset } from '#common/data/dataset.ts'
import type { ScoreStep } from './score-steps.ts'

/** A step of two weights side by side; NaN where one of them has no such step. */
export interface StepLess {
  readonly name: string
  readonly first: number
  readonly second: number
  readonly difference: number
  readonly kind: ScoreStep['kind']
}

/** The steps that two weights have, by their names in the order of the first. */
export function stepsLess(a: readonly ScoreStep[], b: readonly ScoreStep[]): StepLess[] {
  const names = [...new Set([...a, ...b].map(({ name }) => name))]
  const order = (name: string) => {
    const at = a.findIndex(step => step.name === name)
    // One that the second alone has stands where it stands there.
    return at < 0 ? b.findIndex(step => step.name === name) - 0.5 : at
  }
  return names
    .toSorted((one, other) => order(one) - order(other))
    .map(name => {
      const [own, other] = [a, b].map(steps => steps.find(step => step.name === name))
      const [first, second] = [own?.value ?? NaN, other?.value ?? NaN]
      return { name, first, second, difference: first - second, kind: (own ?? other)!.kind }
    })
}

/** What one number of each key, or of each dimension of a key, is in one result less another. */
export function numbersLess(a: Dataset, b: Dataset, name: string): Float64Array {
  const [own, other] = [a, b].map(result => variable(result, name).data)
  return Float64Array.from({ length: Math.min(own!.length, other!.length) }, (_, i) =>
    own![i] === other![i] ? 0 : own![i]! - other![i]!
  )
}

/** Where differences are furthest from zero, the furthest first; zeros and what is no number are left out. */
export function furthestPlaces(values: Float64Array, most: number): number[] {
  return [...values.keys()]
    .filter(i => Number.isFinite(values[i]) && values[i] !== 0)
    .toSorted((i, j) => Math.abs(values[j]!) - Math.abs(values[i]!) || i - j)
    .slice(0, most)
}
