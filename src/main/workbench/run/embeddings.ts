import { sinusoids } from '#common/model/sinusoids.ts'
import type { EmbeddingSpec, TransformerSpec } from '#common/model/spec.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { readRows } from '../../checkpoint/read.ts'
import type { TensorEntry } from '../../checkpoint/tensor-entry.ts'
import type { RowsFeed } from '../../engine/protocol.ts'
import type { RunnableModel } from '../model/model.ts'

type LearnedPositions = Extract<EmbeddingSpec['positions'], { kind: 'learned' }>

/** Rows of a stored matrix. */
interface MatrixRows {
  readonly table: TensorEntry
  readonly rows: readonly number[]
  readonly scale: number
}

/**
 * The embedding of each token, scaled as the model scales it: [pos, width]. Its rows alone are read.
 * @throws LamellaError when the file can no longer be read
 */
export async function tokenEmbeddings(
  model: RunnableModel,
  ids: readonly number[]
): Promise<Tensor> {
  const { table, rows, scale } = tokenRows(model, ids)
  const data = await readRows(table, rows)
  if (scale !== 1) data.forEach((value, i) => (data[i] = value * Math.fround(scale)))
  return { shape: [ids.length, model.spec.embedding.width ?? model.spec.dModel], data }
}

/**
 * What the positions of tokens add to their embeddings: [pos, width]; null where they add nothing.
 * @param from the first position that is wanted
 * @throws LamellaError when the file can no longer be read
 */
export async function positionEmbeddings(
  model: RunnableModel,
  ids: readonly number[],
  from = 0
): Promise<Tensor | null> {
  const { positions } = model.spec.embedding
  if (positions === null) return null
  const columns = positionWidth(model.spec)
  const shape = [ids.length - from, columns]
  if (positions.kind === 'sinusoidal')
    return { shape, data: sinusoids(ids.length, columns, positions, from) }
  const { table, rows } = positionRows(model, positions, ids, from)
  return { shape, data: await readRows(table, rows) }
}

/**
 * The same as an input of the engine, which reads the rows itself; null where they are none as they lie in a file.
 * @param from the first position that is wanted
 */
export function embeddingFeed(
  model: RunnableModel,
  hook: 'hook_embed' | 'hook_pos_embed',
  ids: readonly number[],
  from = 0
): RowsFeed | null {
  const { positions } = model.spec.embedding
  if (hook === 'hook_embed') return rowsFeed(tokenRows(model, ids.slice(from)))
  if (positions === null || positions.kind === 'sinusoidal') return null
  return rowsFeed(positionRows(model, positions, ids, from))
}

/** Rows as an input of the engine, which reads them itself; null where they are none as they lie in a file. */
export function rowsFeed({ table, rows, scale }: MatrixRows): RowsFeed | null {
  const { file, offset, dtype, shape, strides, content } = table
  const [length = 0, width] = shape
  const isThere = rows.every(row => Number.isInteger(row) && row >= 0 && row < length)
  const isPlain = strides === undefined && content === undefined && shape.length === 2
  if (!isPlain || !isThere) return null
  return { rows, matrix: { file, offset, dtype, width: width! }, scale }
}

function tokenRows({ spec, checkpoint }: RunnableModel, ids: readonly number[]): MatrixRows {
  const { tokens, stored, scale } = spec.embedding
  const table = checkpoint.tensors.get(tokens)!
  return { table: stored === 'token,width' ? table : transposed(table), rows: ids, scale }
}

function positionRows(
  { checkpoint }: RunnableModel,
  { table, offset, padding }: LearnedPositions,
  ids: readonly number[],
  from: number
): MatrixRows {
  let next = offset
  const rows = ids.map(id => (id === padding ? Math.max(offset - 1, 0) : next++))
  return { table: checkpoint.tensors.get(table)!, rows: rows.slice(from), scale: 1 }
}

/** The same matrix with its axes the other way round. */
function transposed(entry: TensorEntry): TensorEntry {
  const [rows = 0, columns = 0] = entry.shape
  const strides = entry.strides ?? [columns, 1]
  return { ...entry, shape: [columns, rows], strides: strides.toReversed() }
}

/** How wide what positions add is. */
export function positionWidth({ embedding, dModel }: TransformerSpec): number {
  const { width, projection } = embedding
  return projection?.of === 'tokens' ? dModel : (width ?? dModel)
}
