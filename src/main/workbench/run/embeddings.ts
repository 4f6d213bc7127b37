import { sinusoids } from '#common/model/sinusoids.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { readRows } from '../../checkpoint/read.ts'
import type { TensorEntry } from '../../checkpoint/tensor-entry.ts'
import type { RunnableModel } from '../model/model.ts'

/**
 * The embedding of each token, scaled as the model scales it: [pos, width]. Its rows alone are read.
 * @throws LamellaError when the file can no longer be read
 */
export async function tokenEmbeddings(
  { spec, checkpoint }: RunnableModel,
  ids: readonly number[]
): Promise<Tensor> {
  const { tokens, stored, width, scale } = spec.embedding
  const table = checkpoint.tensors.get(tokens)!
  const data = await readRows(stored === 'token,width' ? table : transposed(table), ids)
  if (scale !== 1) data.forEach((value, i) => (data[i] = value * Math.fround(scale)))
  return { shape: [ids.length, width ?? spec.dModel], data }
}

/** The same matrix with its axes the other way round. */
function transposed(entry: TensorEntry): TensorEntry {
  const [rows = 0, columns = 0] = entry.shape
  const strides = entry.strides ?? [columns, 1]
  return { ...entry, shape: [columns, rows], strides: strides.toReversed() }
}

/**
 * What the positions of tokens add to their embeddings: [pos, width]; null where they add nothing.
 * @param from the first position that is wanted
 * @throws LamellaError when the file can no longer be read
 */
export async function positionEmbeddings(
  { spec, checkpoint }: RunnableModel,
  ids: readonly number[],
  from = 0
): Promise<Tensor | null> {
  const { positions } = spec.embedding
  if (positions === null) return null
  const columns = positionWidth(spec)
  const shape = [ids.length - from, columns]
  if (positions.kind === 'sinusoidal')
    return { shape, data: sinusoids(ids.length, columns, positions, from) }
  const { table, offset, padding } = positions
  let next = offset
  const rows = ids.map(id => (id === padding ? Math.max(offset - 1, 0) : next++))
  return { shape, data: await readRows(checkpoint.tensors.get(table)!, rows.slice(from)) }
}

/** How wide what positions add is. */
export function positionWidth({ embedding, dModel }: TransformerSpec): number {
  const { width, projection } = embedding
  return projection?.of === 'tokens' ? dModel : (width ?? dModel)
}
