import { LamellaError } from '#common/model/errors.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import { isMaskedScore } from '../../architecture/masked-score.ts'
import type { EngineTensor } from '../../engine/protocol.ts'

/**
 * The type a hook's value is kept in: matrices of [head, query, key] in half precision.
 * @param hook its name, whole or within its block
 */
export function keptType(hook: string): EngineTensor['type'] {
  return /(^|\.)attn\.hook_(pattern|attn_scores)$/.test(hook) ? 'float16' : 'float32'
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

/** An output of the engine as float32. */
export function float32(output: EngineTensor | undefined): Tensor {
  if (output === undefined) throw new LamellaError('internal', 'an output is missing')
  const { shape, data } = output
  return { shape, data: data instanceof Float16Array ? new Float32Array(data) : data }
}
