import { z } from 'zod'
import { LamellaError } from '../../model/errors.ts'
import type { ModelFacts, Taken, WantedWeight } from '../analysis.ts'

/** W_E, by which tokens are read, or W_U, by which they are predicted: a row a token of either. */
export const Embedding = z.enum(['input', 'output'])
export type Embedding = z.infer<typeof Embedding>

/**
 * An embedding as [d_vocab, d_model], or some rows of it.
 * @throws LamellaError `unsupported` where the outputs are of labels, not of tokens
 */
export function wantedEmbedding(
  which: Embedding,
  { name, labels }: Pick<ModelFacts, 'name' | 'labels'>,
  rows?: readonly number[]
): WantedWeight {
  const some = rows === undefined ? {} : { rows }
  if (which === 'input') return { role: 'W_E', layer: null, head: null, ...some }
  if (labels !== null)
    throw new LamellaError(
      'unsupported',
      `${name}: its output is of ${labels.length} labels, not of tokens`,
      'Ask for the input embedding.'
    )
  return { role: 'W_U', layer: null, head: null, transposed: true, ...some }
}

/** Numbers of a weight, row-major. */
export interface Matrix {
  readonly rows: number
  readonly width: number
  readonly data: Float32Array
}

/** Puts together weights that come some rows at a time. */
export interface CollectedWeights {
  readonly take: (taken: Taken) => void
  /** @throws LamellaError `unsupported` when the model has none such */
  readonly of: (wanted: WantedWeight) => Matrix
}

export function collectedWeights({ name }: Pick<ModelFacts, 'name'>): CollectedWeights {
  const found = new Map<string, Matrix>()
  return {
    take(taken) {
      if (taken.kind !== 'weight') return
      const { address, shape, start, data } = taken
      const [rows = 0, width = 1] = shape
      const key = keyOf(address)
      const matrix = found.get(key) ?? { rows, width, data: new Float32Array(rows * width) }
      found.set(key, matrix)
      matrix.data.set(data, start * width)
    },
    of(wanted) {
      const matrix = found.get(keyOf(wanted))
      if (matrix !== undefined) return matrix
      const which = wanted.role === 'W_U' ? 'output embedding (W_U)' : wanted.role
      throw new LamellaError('unsupported', `${name}: has no ${which}`)
    }
  }
}

function keyOf({ role, layer, head, transposed = false, rows }: WantedWeight): string {
  return JSON.stringify([role, layer, head, transposed, rows])
}
