/** How well a reading predicts a text under one answer to a question. */
export interface MeasuredAnswer {
  /** Mean, in nats per token; null where the reading could not be checked. */
  readonly loss: number | null
  /** [pos] of the same tokens under every answer, in nats; NaN where none was predicted. */
  readonly perToken: ArrayLike<number>
}

/** What a comparison of answers comes to. */
export interface ComparedAnswers {
  /** The likeliest of those that are not told from the one of the least loss; null where none could be checked. */
  readonly best: string | null
  /** All that are not told from it, itself among them, the likeliest first. */
  readonly alike: readonly string[]
}

/** Differences below this, in nats per token, and below this part of the loss, tell no answers apart. */
const least = { nats: 0.005, part: 0.02 }

/** How many standard errors a mean difference must be above 0. */
const errors = 1.5

/**
 * Which answer predicts best, with a margin in favour of the likelier: activations that are nearly alike differ by less than
 * a text tells.
 * @param measured the likeliest answer first
 */
export function comparedAnswers(measured: ReadonlyMap<string, MeasuredAnswer>): ComparedAnswers {
  const known = [...measured].flatMap(([value, { loss, perToken }]) =>
    loss === null ? [] : [{ value, loss, perToken }]
  )
  const [first, ...rest] = known
  if (first === undefined) return { best: null, alike: [] }
  const lowest = rest.reduce((low, one) => (one.loss < low.loss ? one : low), first)
  const alike = known.filter(one => !isWorse(one, lowest)).map(({ value }) => value)
  return { best: alike[0]!, alike }
}

interface Known {
  readonly loss: number
  readonly perToken: ArrayLike<number>
}

/** Whether a loss is above another by more than answers differ that are nearly alike. */
export function isAbove(loss: number, best: number): boolean {
  return loss - best > Math.max(least.nats, least.part * best)
}

/** Whether one is told from the best, token by token of the same text. */
function isWorse(one: Known, best: Known): boolean {
  const error = standardError(one.perToken, best.perToken)
  return isAbove(one.loss, best.loss) && one.loss - best.loss > errors * error
}

/** Standard error of the mean of a − b over the places where both are numbers; 0 of fewer than two. */
function standardError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const differences = Array.from(a, (own, i) => own - b[i]!).filter(value => !Number.isNaN(value))
  const count = differences.length
  if (count < 2) return 0
  const mean = differences.reduce((sum, own) => sum + own, 0) / count
  const squares = differences.reduce((sum, own) => sum + (own - mean) ** 2, 0)
  return Math.sqrt(squares / (count - 1) / count)
}
