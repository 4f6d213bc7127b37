/** What the singular values of a matrix come to. */
export interface SpectrumNumbers {
  /** ‖W‖² / σ₁² */
  readonly stableRank: number
  /** exp of the entropy of σ / Σ σ, in nats. */
  readonly effectiveRank: number
  /** The same of σ² / Σ σ². */
  readonly effectiveRankEnergy: number
  /** How many are larger than σ₁ · the longer side · 2⁻⁵². */
  readonly rank: number
  readonly conditionNumber: number
  /** Σ of the squares up to each, by that of all. */
  readonly cumulative: Float64Array
}

/**
 * @param values the largest first
 * @param longer the longer side of the matrix
 * @source effective rank: Roy & Vetterli 2007; rank: as NumPy and MATLAB have it
 */
export function spectrumNumbers(values: Float64Array, longer: number): SpectrumNumbers {
  const squares = values.map(value => value * value)
  const energy = squares.reduce((sum, value) => sum + value, 0)
  const [first = NaN] = values
  let sum = 0
  return {
    stableRank: energy / (first * first),
    effectiveRank: Math.exp(entropy(values)),
    effectiveRankEnergy: Math.exp(entropy(squares)),
    rank: Number.isNaN(first)
      ? NaN
      : values.filter(value => value > first * longer * Number.EPSILON).length,
    conditionNumber: (values.at(-1) ?? 0) > 0 ? first / values.at(-1)! : NaN,
    cumulative: squares.map(value => (sum += value) / energy)
  }
}

/** In nats, of positive numbers by their sum. */
function entropy(numbers: Float64Array): number {
  const total = numbers.reduce((sum, value) => sum + value, 0)
  // Of nothing but zeros, and of what is not finite, there is none.
  if (!(total > 0)) return NaN
  return -numbers.reduce((sum, value) => {
    const share = value / total
    return share > 0 ? sum + share * Math.log(share) : sum
  }, 0)
}

/**
 * Between which singular values a matrix of independent numbers has nearly all of its own.
 * @param std the standard deviation of its numbers
 * @source Marchenko & Pastur 1967: σ± = std · |√rows ± √columns|
 */
export function bulkEdges(
  std: number,
  rows: number,
  columns: number
): { readonly lower: number; readonly upper: number } {
  const [a, b] = [Math.sqrt(rows), Math.sqrt(columns)]
  return { lower: std * Math.abs(a - b), upper: std * (a + b) }
}
