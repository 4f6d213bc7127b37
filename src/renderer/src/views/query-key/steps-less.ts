import type { ScoreStep } from './score-steps.ts'

/** A step of two weights side by side; NaN where one of them has no such step. */
export interface StepLess {
  readonly name: string
  readonly first: number
  readonly second: number
  readonly difference: number
  readonly kind: ScoreStep['kind']
}

/** The steps that two weights have, those called alike together, in the order of the first. */
export function stepsLess(a: readonly ScoreStep[], b: readonly ScoreStep[]): StepLess[] {
  const [own, other] = [a, b].map(told)
  const order = (key: string) => {
    const at = own!.findIndex(step => step.key === key)
    // One that the second alone has stands where it stands there.
    return at < 0 ? other!.findIndex(step => step.key === key) - 0.5 : at
  }
  const keys = [...new Set([...own!, ...other!].map(({ key }) => key))]
  return keys
    .toSorted((one, next) => order(one) - order(next))
    .map(key => {
      const [step, against] = [own!, other!].map(steps => steps.find(step => step.key === key))
      const [first, second] = [step?.value ?? NaN, against?.value ?? NaN]
      const { name, kind } = (step ?? against)!
      return { name, first, second, difference: first - second, kind }
    })
}

/** Steps by their names; one that is called like one before, such as rounding, by how many those are, too. */
function told(steps: readonly ScoreStep[]): (ScoreStep & { readonly key: string })[] {
  return steps.map((step, i) => {
    const before = steps.slice(0, i).filter(({ name }) => name === step.name).length
    return { ...step, key: `${step.name} ${before}` }
  })
}
