import { quickExp } from '../quick-exp.ts'
import { largest } from '../softmax.ts'

/** The distribution that the model gives at a position, to compare others with. */
export interface FinalRow {
  readonly logits: Float32Array
  /** softmax of the logits. */
  readonly probabilities: Float64Array
  readonly logSum: number
  /** −Σ p ln p, in nats. */
  readonly entropy: number
}

/** What a residual would say at a position, beside what the model says. */
export interface LensRow {
  /** ln Σ exp of its logits. */
  readonly logSum: number
  /** −Σ p ln p, in nats. */
  readonly entropy: number
  /** KL(final ‖ lens) and KL(lens ‖ final), in nats. */
  readonly finalLens: number
  readonly lensFinal: number
}

/** @param logits [d_vocab] */
export function finalRow(logits: Float32Array): FinalRow {
  const most = highest(logits)
  const probabilities = new Float64Array(logits.length)
  let sum = 0
  let own = 0
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i]!
    const share = quickExp(logit - most)
    probabilities[i] = share
    sum += share
    // What is −∞ counts nothing.
    if (share > 0) own += share * logit
  }
  const logSum = most + Math.log(sum)
  for (let i = 0; i < logits.length; i++) probabilities[i]! /= sum
  return { logits, probabilities, logSum, entropy: Math.max(0, logSum - own / sum) }
}

/**
 * One distribution beside another, with one exponential an entry.
 * @param logits [d_vocab]
 * @source KL(p ‖ q) = Σ p (ln p − ln q), Kullback & Leibler 1951
 */
export function lensRow(logits: Float32Array, final: FinalRow): LensRow {
  const most = highest(logits)
  let sum = 0
  /** Σ of exp(lens − most) times the lens' logit, and times the model's. */
  let own = 0
  let other = 0
  /** Σ of the model's probabilities times the lens' logit. */
  let crossed = 0
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i]!
    const share = quickExp(logit - most)
    sum += share
    // What is −∞ in both counts nothing.
    if (share > 0) {
      own += share * logit
      other += share * final.logits[i]!
    }
    const p = final.probabilities[i]!
    if (p > 0) crossed += p * logit
  }
  const logSum = most + Math.log(sum)
  return {
    logSum,
    entropy: Math.max(0, logSum - own / sum),
    finalLens: Math.max(0, logSum - crossed - final.entropy),
    lensFinal: Math.max(0, (own - other) / sum - logSum + final.logSum)
  }
}

/** How many tokens have a strictly higher logit than one. */
export function rankOf(logits: Float32Array, token: number): number {
  const own = logits[token]!
  let higher = 0
  // Summed, not branched upon: which entries are higher cannot be foretold.
  for (let i = 0; i < logits.length; i++) higher += Number(logits[i]! > own)
  return higher
}

function highest(logits: Float32Array): number {
  let most = -Infinity
  for (let i = 0; i < logits.length; i++) if (logits[i]! > most) most = logits[i]!
  return most
}

/** The tokens of the highest logits, highest first, and the least distance between neighbours, the next one among them. */
export function topOf(
  logits: Float32Array,
  count: number
): { readonly tokens: readonly number[]; readonly gap: number } {
  const found = largest(logits, count + 1)
  let gap = Infinity
  for (let i = 1; i < found.length; i++)
    gap = Math.min(gap, logits[found[i - 1]!]! - logits[found[i]!]!)
  return { tokens: found.slice(0, count), gap }
}
