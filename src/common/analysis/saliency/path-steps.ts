/** Where on a line from 0 to 1 gradients are taken, and how they are weighed. */
export const pathRules = ['midpoint', 'left', 'right', 'trapezoid'] as const
export type PathRule = (typeof pathRules)[number]

export interface PathStep {
  readonly alpha: number
  readonly weight: number
}

/**
 * Whether a path begins where there is no derivative: at a stream of zeros, which a norm divides by nothing but its ε. That is so where
 * gradients are taken at the embedding 0 and no position is added to it.
 */
export function beginsAtNothing(
  { rule, baseline }: { readonly rule: PathRule; readonly baseline: string },
  hooks: readonly string[] | undefined
): boolean {
  const takesBeginning = rule === 'left' || rule === 'trapezoid'
  return takesBeginning && baseline === 'zero' && hooks?.includes('hook_pos_embed') === false
}

/** Why integrated gradients are NaN there. */
export const noDerivative =
  'integrated gradients are not defined: their path begins at a stream of zeros, where norms have no derivative; take the midpoint or the right rule, or another baseline'

/**
 * The points and weights of a rule, whose weights sum to 1.
 * @source Sundararajan, Taly & Yan 2017, section 5; the midpoint rule as captum has it
 */
export function pathSteps(rule: PathRule, steps: number): PathStep[] {
  const even = (offset: number, count = steps) =>
    Array.from({ length: count }, (_, k) => ({ alpha: (k + offset) / steps, weight: 1 / steps }))
  if (rule === 'midpoint') return even(0.5)
  if (rule === 'left') return even(0)
  if (rule === 'right') return even(1)
  return even(0, steps + 1).map(({ alpha, weight }, k) => ({
    alpha,
    weight: k === 0 || k === steps ? weight / 2 : weight
  }))
}
