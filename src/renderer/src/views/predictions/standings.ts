/** Mean surprisal over the tokens that are predicted, and the perplexity that it is; null where none is. */
export function meanSurprisal(
  surprisals: ArrayLike<number>
): { readonly mean: number; readonly perplexity: number; readonly count: number } | null {
  const told = Array.from(surprisals).filter(value => !Number.isNaN(value))
  if (told.length === 0) return null
  const mean = told.reduce((sum, value) => sum + value, 0) / told.length
  return { mean, perplexity: Math.exp(mean), count: told.length }
}
