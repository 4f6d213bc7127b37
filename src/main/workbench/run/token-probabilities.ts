import { logSumExp } from '#common/analysis/softmax.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { Token } from '#common/model/token.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { Forward } from './forward.ts'
import type { RunRecord } from './run-record.ts'
import type { Runnable } from './runnable.ts'

/** Positions whose logits are held at once. */
const logitRows = 32

/**
 * The probability of each token of a run: after those before it, or of a model of masked tokens at its own
 * place, unmasked. NaN where the model says nothing of it: of the first token, or where logits are of labels.
 * @returns [pos]
 */
export async function tokenProbabilities(
  forward: Forward<Runnable>,
  record: RunRecord<Runnable>,
  context: CallContext
): Promise<Tensor> {
  const { tokens } = record.run
  const { predicts } = record.model.info
  const data = new Float32Array(tokens.length).fill(NaN)
  const ahead = predicts === 'next' ? 1 : 0
  const end = predicts === 'next' || predicts === 'masked' ? tokens.length - ahead : 0
  for (let start = 0; start < end; start += logitRows) {
    const count = Math.min(logitRows, end - start)
    const positions = Array.from({ length: count }, (_, i) => start + i)
    const { data: rows } = await forward.logits(record, positions, context)
    const width = rows.length / count
    positions.forEach((position, row) => {
      const logits = rows.subarray(row * width, (row + 1) * width)
      const { id } = tokens[position + ahead]!
      data[position + ahead] = Math.exp(logits[id]! - logSumExp(logits))
    })
  }
  return { shape: [tokens.length], data }
}

/** Labels as tokens, for predictions of a model that classifies. */
export function labelTokens(labels: readonly string[], indices: readonly number[]): Token[] {
  return indices.map(id => {
    const text = labels[id] ?? `LABEL_${id}`
    return { id, piece: text, text, start: 0, end: 0, special: false }
  })
}
