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
  const scaled = Float64Array.from(logits, logit => logit / temperature)
  if (topK !== null && topK < scaled.length) {
    const least = scaled.toSorted().at(-topK)!
    scaled.forEach((logit, i) => {
      if (logit < least) scaled[i] = -Infinity
    })
  }
  const distribution = softmax(scaled)
  if (topP === null) return distribution
  const upwards = [...distribution.keys()].sort((a, b) => distribution[a]! - distribution[b]!)
  // The most probable one stays, whatever the others come to.
  upwards.pop()
  let below = 0
  for (const token of upwards) {
    below += distribution[token]!
    if (below > 1 - topP) break
    scaled[token] = -Infinity
  }
  return softmax(scaled)
}

function softmax(logits: Float64Array): Float64Array {
  const normalizer = logSumExp(logits)
  return logits.map(logit => Math.exp(logit - normalizer))
}
