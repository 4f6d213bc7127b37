import { checkIndex } from '#common/model/check-index.ts'
import { LamellaError } from '#common/model/errors.ts'
import { parseHookName, type BlockHook } from '#common/model/hooks.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import { isMaskedScore } from '../../architecture/masked-score.ts'
import type { EngineTensor } from '../../engine/protocol.ts'
import type { FiledTensor } from '../../files/filed-tensor.ts'
import type { Layout } from '../../trace/sliced-tensor.ts'

/**
 * Whether a hook's value is a matrix for each head: [head, query, key].
 * @param hook its name, whole or within its block
 */
export function isMatrix(hook: string): boolean {
  return /(^|\.)attn\.hook_(pattern|attn_scores)$/.test(hook)
}

/** The type a hook's value is kept in: matrices in half precision. */
export function keptType(hook: string): EngineTensor['type'] {
  return isMatrix(hook) ? 'float16' : 'float32'
}

/** How a hook's value lies in the cache: of matrices one head is looked at at a time. */
export function layoutOf(hook: string): Layout {
  return isMatrix(hook) ? 'by slice' : 'whole'
}

/** Puts −∞, as the field's tools do, where a graph wrote a masked score; in place. */
export function showMasked(scores: EngineTensor['data']): void {
  for (let i = 0; i < scores.length; i++) if (isMaskedScore(scores[i]!)) scores[i] = -Infinity
}

/** Some rows of a tensor along its first axis. */
export function rowsOf({ shape, data }: Tensor, rows: readonly number[]): Tensor {
  const own = shape.slice(1)
  const width = elementCount(own)
  const gathered = new Float32Array(rows.length * width)
  rows.forEach((row, i) => gathered.set(data.subarray(row * width, (row + 1) * width), i * width))
  return { shape: [rows.length, ...own], data: gathered }
}

/** Tensors one after the other along their first axis. */
export function joined(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors
  if (tensors.length === 1) return first!
  const lengths = tensors.map(({ data }) => data.length)
  const data = new Float32Array(lengths.reduce((sum, length) => sum + length, 0))
  let done = 0
  for (const [i, tensor] of tensors.entries()) {
    data.set(tensor.data, done)
    done += lengths[i]!
  }
  const rows = tensors.reduce((sum, { shape }) => sum + shape[0]!, 0)
  return { shape: [rows, ...first!.shape.slice(1)], data }
}

/**
 * A value as float32, or one slice of its first axis.
 * @throws LamellaError `invalid-argument` when the axis has no such index
 */
export function sliceAt({ shape, data }: EngineTensor | Tensor, index: number | undefined): Tensor {
  if (index === undefined) return { shape, data: asFloat32(data) }
  const [length = 0, ...own] = shape
  checkIndex('index', index, length)
  const size = elementCount(own)
  return { shape: own, data: asFloat32(data.subarray(index * size, (index + 1) * size)) }
}

/** An output of the engine, which was read, as float32. */
export function float32(output: EngineTensor | FiledTensor | undefined): Tensor {
  if (output === undefined || 'file' in output)
    throw new LamellaError('internal', 'an output is missing')
  const { shape, data } = output
  return { shape, data: asFloat32(data) }
}

function asFloat32(data: Float32Array | Float16Array): Float32Array {
  return data instanceof Float16Array ? new Float32Array(data) : data
}

/** Of full names those of one block, within it. */
export function hooksWithin(hooks: Iterable<string>, layer: number): BlockHook[] {
  return [...hooks].flatMap(name => {
    const address = parseHookName(name)
    return address !== null && address.layer === layer ? [address.hook] : []
  })
}
