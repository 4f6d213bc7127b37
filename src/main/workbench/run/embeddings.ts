import type { Tensor } from '#common/model/tensor.ts'
import { readRows } from '../../checkpoint/read.ts'
import type { RunnableModel } from '../model/model.ts'

/**
 * The embedding of each token, scaled as the model scales it: [pos, width]. Its rows alone are read.
 * @throws LamellaError when the file can no longer be read
 */
export async function tokenEmbeddings(
  { spec, checkpoint }: RunnableModel,
  ids: readonly number[]
): Promise<Tensor> {
  const { tokens, width, scale } = spec.embedding
  const data = await readRows(checkpoint.tensors.get(tokens)!, ids)
  if (scale !== 1) data.forEach((value, i) => (data[i] = value * Math.fround(scale)))
  return { shape: [ids.length, width ?? spec.dModel], data }
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
  const { positions, width, projection } = spec.embedding
  if (positions === null) return null
  const columns = projection?.of === 'tokens' ? spec.dModel : (width ?? spec.dModel)
  const shape = [ids.length - from, columns]
  if (positions.kind === 'sinusoidal')
    return { shape, data: sinusoids(ids.length, columns, positions.base, positions.order, from) }
  const { table, offset, padding } = positions
  let next = offset
  const rows = ids.map(id => (id === padding ? Math.max(offset - 1, 0) : next++))
  return { shape, data: await readRows(checkpoint.tensors.get(table)!, rows.slice(from)) }
}

/**
 * Sines and cosines of position · base^(−2i / width), for positions from `from` up to `count`.
 * @returns [pos, width]
 * @source Vaswani et al. 2017, section 3.5
 */
export function sinusoids(
  count: number,
  width: number,
  base: number,
  order: 'alternating' | 'sines-first',
  from = 0
): Float32Array {
  const data = new Float32Array((count - from) * width)
  const sines = Math.ceil(width / 2)
  for (let pos = from; pos < count; pos++)
    for (let column = 0; column < width; column++) {
      const alternating = order === 'alternating'
      const isSine = alternating ? column % 2 === 0 : column < sines
      const i = alternating ? column >> 1 : isSine ? column : column - sines
      const angle = pos * base ** ((-2 * i) / width)
      data[(pos - from) * width + column] = isSine ? Math.sin(angle) : Math.cos(angle)
    }
  return data
}
