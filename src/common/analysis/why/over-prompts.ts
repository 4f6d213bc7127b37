import { signTest } from '../sign-test.ts'

/** What numbers came to in every prompt so far, each by itself; plain data. */
export interface PromptSums {
  count: number
  /** Mean, and Σ of squared distances from it. */
  mean: Float64Array
  squares: Float64Array
  positive: Float64Array
  negative: Float64Array
}

export function noPrompts(): PromptSums {
  const [mean, squares] = [new Float64Array(0), new Float64Array(0)]
  return { count: 0, mean, squares, positive: new Float64Array(0), negative: new Float64Array(0) }
}

/**
 * Adds what the numbers are in one more prompt; always as many.
 * @source Welford 1962, so that spreads of large numbers keep their digits
 */
export function addPrompt(sums: PromptSums, values: ArrayLike<number>): void {
  if (sums.count === 0)
    for (const name of ['mean', 'squares', 'positive', 'negative'] as const)
      sums[name] = new Float64Array(values.length)
  sums.count++
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const from = value - sums.mean[i]!
    sums.mean[i]! += from / sums.count
    sums.squares[i]! += from * (value - sums.mean[i]!)
    if (value > 0) sums.positive[i]!++
    if (value < 0) sums.negative[i]!++
  }
}

/** Standard deviations over the prompts, n − 1 in the denominator; NaN of one. */
export function spreadOf({ count, squares }: PromptSums): Float64Array {
  return squares.map(own => Math.sqrt(own / (count - 1)))
}

/** p of the sign test of each; NaN of what is the same in several prompts, whose signs are no evidence. */
export function signsOf(sums: PromptSums): Float64Array {
  const { positive, negative } = sums
  return positive.map((own, i) => (isSame(sums, i) ? NaN : signTest(own, negative[i]!)))
}

/** Spreads that are smaller beside the mean are what float32 rounds by. */
const rounding = 1e-5

/** Whether a number other than 0 is the same in every one of several prompts, up to rounding. */
function isSame({ count, mean, squares }: PromptSums, i: number): boolean {
  const most = rounding * Math.abs(mean[i]!)
  return count > 1 && mean[i] !== 0 && Math.sqrt(squares[i]! / (count - 1)) <= most
}
