import { logSumExp } from './softmax.ts'

/**
 * The Kullback-Leibler divergences of two distributions, in nats, one and the other way.
 * @param first logits [n]; what is −∞ in both counts nothing
 * @param second logits [n]
 * @source Kullback & Leibler 1951
 */
export function divergences(
  first: Float32Array,
  second: Float32Array
): { readonly kl: number; readonly reverse: number } {
  const [p0, q0] = [logSumExp(first), logSumExp(second)]
  let kl = 0
  let reverse = 0
  for (let i = 0; i < first.length; i++) {
    const lnP = first[i]! - p0
    const lnQ = second[i]! - q0
    if (lnP !== -Infinity) kl += Math.exp(lnP) * (lnP - lnQ)
    if (lnQ !== -Infinity) reverse += Math.exp(lnQ) * (lnQ - lnP)
  }
  return { kl, reverse }
}
