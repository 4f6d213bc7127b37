/** A number, and the ends of its interval of 95 %: NaN where how sure it is is not known. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Whether two numbers are told apart: their difference's interval leaves zero out. */
export type Verdict = 'apart' | 'not apart' | 'unknown'

/**
 * How much larger the first of two numbers is, that are of texts read apart, with an interval that is made of theirs: it
 * need not be even.
 * @source Zou & Donner 2008, "Construction of confidence limits about effect measures: a general approach" (MOVER)
 */
export function differenceOf(a: Estimate, b: Estimate): Estimate {
  const value = a.value - b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low)
  }
}

export function verdictOf({ low, high }: Estimate): Verdict {
  if (Number.isNaN(low) || Number.isNaN(high)) return 'unknown'
  return low > 0 || high < 0 ? 'apart' : 'not apart'
}
