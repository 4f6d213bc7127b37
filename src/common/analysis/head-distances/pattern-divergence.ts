import { naturalLog } from '../natural-log.ts'

/** Below it a float32 is subnormal: nothing to a sum. */
const least = 2 ** -126

const mean = new Float32Array(1)
const bits = new Uint32Array(mean.buffer)

/**
 * How differently two heads attend: the Jensen-Shannon divergence of their rows, summed over queries, in nats.
 * @param first pattern [query, key]; rows sum to 1
 * @param second of the same shape
 * @param entropies Σ_q H of either, as `summedEntropy` gives it
 * @source Clark et al. 2019, section 6: JS(p, r) = H((p + r)/2) − (H(p) + H(r))/2
 */
export function patternDivergence(
  first: Float32Array,
  second: Float32Array,
  entropies: readonly [number, number]
): number {
  let sum = 0
  for (let i = 0; i < first.length; i++) {
    const both = (first[i]! + second[i]!) / 2
    // Half of all is 0 where queries see only what is before them.
    if (both < least) continue
    mean[0] = both
    sum -= both * naturalLog(bits[0]!)
  }
  // Heads that are alike are at no distance, whatever rounding leaves.
  return Math.max(0, sum - (entropies[0] + entropies[1]) / 2)
}

/** Σ_q H of a pattern's rows, in nats. */
export function summedEntropy(pattern: Float32Array): number {
  let sum = 0
  for (const weight of pattern) {
    if (weight < least) continue
    mean[0] = weight
    sum -= weight * naturalLog(bits[0]!)
  }
  return sum
}
