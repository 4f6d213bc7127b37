/**
 * What float32 does not tell from the threshold: the tanh form of GELU that runs are computed by rounds
 * to up to 3·10⁻⁷ above 0 where an input is far below it, and neurons that are dead would seem active.
 */
const rounding = 1e-6

/** What the neurons of a layer came to over all tokens so far: [unit] each. */
export interface NeuronTotals {
  tokens: number
  /** Tokens that they are above the threshold at. */
  readonly active: Float64Array
  readonly sum: Float64Array
  /** Σ of squared distances from the mean. */
  readonly squares: Float64Array
  readonly least: Float64Array
  readonly most: Float64Array
}

export function noTotals(units: number): NeuronTotals {
  return {
    tokens: 0,
    active: new Float64Array(units),
    sum: new Float64Array(units),
    squares: new Float64Array(units),
    least: new Float64Array(units).fill(Infinity),
    most: new Float64Array(units).fill(-Infinity)
  }
}

/** Of how many of the tokens each neuron is active at, as a share; NaN of one that has a value that is NaN, and is neither dead nor on. */
export function activeShares({ active, sum }: NeuronTotals, tokens: number): Float64Array {
  return active.map((own, unit) => (Number.isNaN(sum[unit]!) ? NaN : own / tokens))
}

/**
 * Adds the tokens of a window.
 * @param post [pos, unit]
 * @source Youngs & Cramer 1971, “Some Results Relevant to Choice of Sum and Sum-of-Product Algorithms”: small deviations of large
 * values keep their digits
 */
export function addTotals(totals: NeuronTotals, post: Float32Array, threshold: number): void {
  const { active, sum, squares, least, most } = totals
  const units = sum.length
  const bound = threshold + rounding
  for (let from = 0; from < post.length; from += units) {
    const count = ++totals.tokens
    const share = count > 1 ? 1 / (count * (count - 1)) : 0
    for (let unit = 0; unit < units; unit++) {
      const value = post[from + unit]!
      if (value > bound) active[unit]!++
      sum[unit]! += value
      const apart = count * value - sum[unit]!
      squares[unit]! += apart * apart * share
      if (value < least[unit]!) least[unit] = value
      if (value > most[unit]!) most[unit] = value
    }
  }
}

/** The standard deviation of each neuron over the tokens so far. */
export function deviationsOf({ squares, tokens }: NeuronTotals): Float64Array {
  return squares.map(own => Math.sqrt(own / tokens))
}
