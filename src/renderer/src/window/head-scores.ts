import { attentionDistance } from '#common/analysis/attention-distance.ts'
import { attentionEntropy } from '#common/analysis/attention-entropy.ts'
import { duplicateTokenScore } from '#common/analysis/duplicate-token-score.ts'
import { inductionScore } from '#common/analysis/induction-score.ts'
import { offsetScore } from '#common/analysis/offset-score.ts'
import { sinkScore } from '#common/analysis/sink-score.ts'
import { uniformPattern } from '#common/analysis/uniform-pattern.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { Visibility } from '#common/model/visibility.ts'

/** One number about a head, beside what a head that attends to everything alike would get. */
export interface HeadScore {
  readonly name: string
  readonly value: number
  /** Null where it is not known which keys a query sees. */
  readonly uniform: number | null
  readonly unit: string
  readonly formula: string
}

const kinds: readonly {
  name: string
  unit: string
  formula: string
  of: (pattern: Tensor, tokens: readonly number[]) => number
}[] = [
  {
    name: 'Previous token',
    unit: '',
    formula: 'mean over q of A[q, q − 1]',
    of: pattern => offsetScore(pattern, 1)
  },
  {
    name: 'Itself',
    unit: '',
    formula: 'mean over q of A[q, q]',
    of: pattern => offsetScore(pattern, 0)
  },
  { name: 'First token', unit: '', formula: 'Σ_q A[q, 0] / n; above 0.3 a sink', of: sinkScore },
  {
    name: 'Duplicate token',
    unit: '',
    formula: 'mass on k < q with t_k = t_q, mean over the q that have one',
    of: duplicateTokenScore
  },
  {
    name: 'Induction',
    unit: '',
    formula: 'mass on k ≤ q with t_{k−1} = t_q, mean over the q that have one',
    of: inductionScore
  },
  {
    name: 'Entropy',
    unit: 'nats',
    formula: 'mean over q of −Σ_k A ln A',
    of: attentionEntropy
  },
  { name: 'Distance', unit: 'tokens', formula: 'Σ A·|q − k| / Σ A', of: attentionDistance }
]

/**
 * Every score of one head, each with its baseline.
 * @param pattern [query, key]
 * @param tokens [pos], token ids
 * @param visibility null where it is not known
 */
export function headScores(
  pattern: Tensor,
  tokens: readonly number[],
  visibility: Visibility | null
): HeadScore[] {
  const [size = 0] = pattern.shape
  const uniform = visibility && uniformPattern(size, visibility)
  return kinds.map(({ name, unit, formula, of }) => ({
    name,
    unit,
    formula,
    value: of(pattern, tokens),
    uniform: uniform && of(uniform, tokens)
  }))
}

/** The strongest keys of one query, strongest first. */
export function strongestKeys(
  pattern: Tensor,
  query: number,
  count: number
): { key: number; weight: number }[] {
  const [size = 0] = pattern.shape
  const row = pattern.data.subarray(query * size, (query + 1) * size)
  return [...row]
    .map((weight, key) => ({ key, weight }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count)
}
