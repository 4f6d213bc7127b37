/** One entry of a distribution. */
export interface Ranked {
  readonly index: number
  readonly logit: number
  readonly probability: number
}

/**
 * log Σ exp(x), computed from the largest down so that nothing overflows; in nats.
 * @param logits [n]
 */
export function logSumExp(logits: Float32Array | Float64Array): number {
  let largest = -Infinity
  for (const logit of logits) if (logit > largest) largest = logit
  if (largest === -Infinity) return -Infinity
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - largest)
  return largest + Math.log(sum)
}

/**
 * The largest entries of softmax(logits), most probable first; equal ones by index.
 * @param logits [n]
 */
export function topProbabilities(logits: Float32Array, count: number): Ranked[] {
  const normalizer = logSumExp(logits)
  return largest(logits, count).map(index => ({
    index,
    logit: logits[index]!,
    probability: Math.exp(logits[index]! - normalizer)
  }))
}

/** Where the largest entries are, the largest first; equal ones by index. */
export function largest(values: Float32Array | Float64Array, count: number): number[] {
  const best: number[] = []
  const before = (a: number, b: number) => values[b]! - values[a]! || a - b
  /** What the next must be above once there are enough. */
  let least = -Infinity
  for (let index = 0; index < values.length; index++) {
    if (best.length === count && !(values[index]! > least)) continue
    let place = best.length
    while (place > 0 && before(index, best[place - 1]!) < 0) place--
    best.splice(place, 0, index)
    if (best.length > count) best.pop()
    least = values[best.at(-1)!]!
  }
  return best
}
