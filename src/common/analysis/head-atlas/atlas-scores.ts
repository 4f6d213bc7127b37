import { windowScores } from '../head-statistics/window-scores.ts'
import { repeatKinds } from './reported-heads.ts'

/** One of the numbers that every head has in an atlas. */
export interface AtlasScore {
  readonly name: string
  /** As it is said. */
  readonly words: string
  readonly unit: string
  readonly formula: string
  /** A share of attention, between 0 and 1. */
  readonly isMass: boolean
}

const formulas: Readonly<Record<string, string>> = {
  previous_token: 'mean over q of A[q, q − 1]',
  self: 'mean over q of A[q, q]',
  first_token: 'mean over q of A[q, 0]',
  duplicate_token: 'Σ of A[q, k] over k < q with t_k = t_q, mean over the queries that have one',
  induction: 'Σ of A[q, k] over k ≤ q with t_{k−1} = t_q, mean over the queries that have one',
  entropy: 'mean over q of −Σ_k A ln A',
  distance: 'ΣA·|q − k| / ΣA',
  random_previous: 'mean of A[q, q − 1] on T random tokens that come twice',
  random_duplicate: 'mean of A[q, q − T] on T random tokens that come twice',
  random_induction: 'mean of A[q, q − T + 1] on T random tokens that come twice'
}

const randomWords = {
  previous: 'previous token, random',
  duplicate: 'duplicate token, random',
  induction: 'induction, random'
} as const

/** What is known of a score by its name, which may be of a class of one's own. */
export function atlasScore(name: string): AtlasScore {
  const own = windowScores.find(score => score.name === name)
  const kind = repeatKinds.find(kind => `random_${kind}` === name)
  return {
    name,
    words: kind === undefined ? name.replaceAll('_', ' ') : randomWords[kind],
    unit: own?.unit ?? '',
    formula:
      formulas[name] ??
      `mean over q of Σ of A[q, k] over the k of class ${name.replace(/^to_/, '')}`,
    isMass: own?.isMass ?? true
  }
}
