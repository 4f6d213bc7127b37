/** How a distribution holds one of its tokens. */
export interface TokenStanding {
  readonly probability: number
  /** −ln of it, in nats. */
  readonly surprisal: number
  /** How many tokens have a strictly higher logit. */
  readonly rank: number
  /** −Σ p ln p of the distribution, in nats. */
  readonly entropy: number
}

/**
 * How a softmax of logits holds one token, with one exponential an entry.
 * @param logits [d_vocab]
 */
export function tokenStanding(logits: Float32Array, token: number): TokenStanding {
  const own = logits[token]!
  let most = -Infinity
  let rank = 0
  for (const logit of logits) {
    if (logit > most) most = logit
    if (logit > own) rank++
  }
  let sum = 0
  let weighted = 0
  for (const logit of logits) {
    const share = Math.exp(logit - most)
    sum += share
    // What is −∞ counts nothing.
    if (share > 0) weighted += share * (logit - most)
  }
  const surprisal = most + Math.log(sum) - own
  return {
    ...{ probability: Math.exp(-surprisal), surprisal, rank },
    entropy: Math.max(0, Math.log(sum) - weighted / sum)
  }
}
