import type { ModelFacts } from '#common/analysis/analysis.ts'
import { logSumExp } from '#common/analysis/softmax.ts'
import { checkDifferent } from '#common/model/check-different.ts'
import { checkIndex } from '#common/model/check-index.ts'
import { LamellaError } from '#common/model/errors.ts'
import { expectedTokens, noLabel, type GradientTarget } from '#common/model/gradient-target.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { rowGroups } from './each-logits.ts'

/** A number that depends on some rows of the logits, as a part of a target. */
export interface TargetPart {
  /** Rows of the logits that it depends on. */
  readonly rows: readonly number[]
  /**
   * Its value and its gradient by these rows.
   * @param logits [row, d_vocab]
   */
  of(logits: Tensor): { readonly value: number; readonly gradient: Tensor }
}

/**
 * A target as a sum of parts, each of few rows of the logits.
 * @param text that the logits are of, and what they predict
 * @throws LamellaError `invalid-argument` when the logits have no such row or column, and as `expectedTokens` does
 */
export function targetParts(
  target: GradientTarget,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  text: { readonly ids: readonly number[]; readonly predicts: ModelFacts['predicts'] }
): TargetPart[] {
  if (target.kind === 'loss') {
    const count = target.labels?.length ?? rows
    if (count !== rows)
      throw new LamellaError('invalid-argument', `expected ${rows} labels, got ${count}`)
    return lossParts(expectedTokens(target.labels, text.ids, text.predicts), columns)
  }
  const { position, token } = target
  checkIndex('position', position, rows)
  checkIndex('token', token, columns)
  if (target.kind === 'difference') {
    checkIndex('token', target.other, columns)
    checkDifferent(token, target.other)
  }
  return [{ rows: [position], of: logits => single(target, logits) }]
}

function single(
  target: Exclude<GradientTarget, { kind: 'loss' }>,
  { shape, data }: Tensor
): ReturnType<TargetPart['of']> {
  const gradient = new Float32Array(data.length)
  const { token } = target
  if (target.kind === 'probability') {
    const normalizer = logSumExp(data)
    const probability = Math.exp(data[token]! - normalizer)
    data.forEach((logit, i) => (gradient[i] = -probability * Math.exp(logit - normalizer)))
    gradient[token]! += probability
    return { value: probability, gradient: { shape, data: gradient } }
  }
  gradient[token] = 1
  if (target.kind === 'logit') return { value: data[token]!, gradient: { shape, data: gradient } }
  gradient[target.other]! -= 1
  return { value: data[token]! - data[target.other]!, gradient: { shape, data: gradient } }
}

function lossParts(labels: readonly number[], columns: number): TargetPart[] {
  const scored = labels.flatMap((label, row) => (label === noLabel ? [] : [row]))
  for (const row of scored) checkIndex('label', labels[row]!, columns)
  return rowGroups(scored, columns).map(rows => {
    const expected = rows.map(row => labels[row]!)
    return { rows, of: logits => crossEntropy(logits, expected, scored.length) }
  })
}

/** The share of some rows in a mean over `count`. */
function crossEntropy(
  { shape, data }: Tensor,
  expected: readonly number[],
  count: number
): ReturnType<TargetPart['of']> {
  const columns = data.length / expected.length
  const gradient = new Float32Array(data.length)
  let value = 0
  expected.forEach((label, row) => {
    const logits = data.subarray(row * columns, (row + 1) * columns)
    const normalizer = logSumExp(logits)
    value += (normalizer - logits[label]!) / count
    for (let i = 0; i < columns; i++)
      gradient[row * columns + i] = Math.exp(logits[i]! - normalizer) / count
    gradient[row * columns + label]! -= 1 / count
  })
  return { value, gradient: { shape, data: gradient } }
}
