import type { Sampling } from '../model/sampling.ts'
import { logSumExp } from './softmax.ts'

/**
 * The distribution that a token is drawn from: softmax of the logits over the temperature, of those that stay.
 * @param logits [d_vocab]
 * @returns [d_vocab], 0 where a token is left out
 * @source top-p: Holtzman et al. 2020, section 3.1; ties and the last token that stays as transformers has them
 */
export function filteredDistribution(
  logits: Float32Array,
  { temperature, topK, topP }: Pick<Sampling, 'temperature' | 'topK' | 'topP'>
): Float64Array {
  // A loop, for a vocabulary is large and `from` with a function is slow.
  const scaled = new Float64Array(logits.length)
  for (let i = 0; i < scaled.length; i++) scaled[i] = logits[i]! / temperature
  if (topK !== null && topK < scaled.length) {
    const least = scaled.toSorted().at(-topK)!
    for (let i = 0; i < scaled.length; i++) if (scaled[i]! < least) scaled[i] = -Infinity
  }
  const distribution = softmax(scaled)
  if (topP === null) return distribution
  const { least, without } = cutOf(distribution, 1 - topP)
  let equal = 0
  for (let i = 0; i < scaled.length; i++) {
    const probability = distribution[i]!
    if (probability < least || (probability === least && equal++ < without)) scaled[i] = -Infinity
  }
  return softmax(scaled)
}

/** The least probability that stays, and how many tokens of as much, in order, do not. */
interface Cut {
  readonly least: number
  readonly without: number
}

/**
 * Where tokens stay that are summed up from the least probable one, each addition rounded: the first at which the sum
 * exceeds a share. Only what may lie near that is put in order.
 */
function cutOf(distribution: Float64Array, share: number): Cut {
  const count = distribution.length
  // All below it have less than the share together; and in whatever order they are summed, rounding makes less than this.
  const negligible = share / 2 / count
  const doubt = count * 2 ** -51
  return cutAbove(distribution, share, negligible, doubt) ?? cutAbove(distribution, share, 0, 0)!
}

/** @returns null where the sum comes so near to the share that rounding may decide */
function cutAbove(
  distribution: Float64Array,
  share: number,
  negligible: number,
  doubt: number
): Cut | null {
  const others = new Float64Array(distribution.length)
  let count = 0
  let below = 0
  for (const probability of distribution)
    if (probability < negligible) below += probability
    else others[count++] = probability
  const upwards = others.subarray(0, count).sort()
  let place = 0
  // The most probable one stays, whatever the others come to.
  for (; place < count - 1; place++) {
    below += upwards[place]!
    if (Math.abs(below - share) < doubt) return null
    if (below > share) break
  }
  const least = upwards[place]!
  return { least, without: place - upwards.indexOf(least) }
}

function softmax(logits: Float64Array): Float64Array {
  const normalizer = logSumExp(logits)
  return logits.map(logit => Math.exp(logit - normalizer))
}
