import { bytesPerElement, elementCount } from '#common/model/tensor.ts'
import { readExactly, type OpenFile } from './open-file.ts'
import type { TensorEntry } from './tensor-entry.ts'

/** Bytes of the file held at once. */
const spanLimit = 8 << 20

/** Part of a tensor: elements of `shape`, from a byte of the file to a byte of the result. */
interface Block {
  readonly shape: readonly number[]
  /** In elements, in the file. */
  readonly strides: readonly number[]
  /** In elements, in the result. */
  readonly steps: readonly number[]
  readonly source: number
  readonly target: number
}

/**
 * The bytes of a tensor whose elements do not lie in row-major order, put into that order.
 * @throws LamellaError when the file got shorter
 */
export async function gatherBytes(
  file: OpenFile,
  {
    shape,
    strides = [],
    dtype,
    offset
  }: Pick<TensorEntry, 'shape' | 'strides' | 'dtype' | 'offset'>
): Promise<Uint8Array<ArrayBuffer>> {
  const size = bytesPerElement[dtype]
  const steps = shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
  const out = new Uint8Array(elementCount(shape) * size)
  if (out.length === 0) return out
  const whole = { shape, strides, steps, source: offset, target: 0 }
  // A scalar is an axis of one element.
  const blocks: Block[] = [
    shape.length > 0 ? whole : { ...whole, shape: [1], strides: [1], steps: [1] }
  ]
  for (let block; (block = blocks.pop()) !== undefined;) {
    const parts = split(block, size)
    if (parts !== null) blocks.push(...parts)
    else {
      const span = new Uint8Array((lastElement(block) + 1) * size)
      await readExactly(file, block.source, span)
      scatter(span, out, block, size)
    }
  }
  return out
}

/** Two halves of a block along its widest axis, or null when it can be read at once. */
function split(block: Block, size: number): Block[] | null {
  const { shape, strides, steps, source, target } = block
  if ((lastElement(block) + 1) * size <= spanLimit) return null
  const reach = (axis: number) => (shape[axis]! - 1) * strides[axis]!
  const axis = shape.reduce((widest, _, axis) => (reach(axis) > reach(widest) ? axis : widest), 0)
  const first = shape[axis]! >> 1
  const half = (length: number): number[] =>
    shape.map((whole, at) => (at === axis ? length : whole))
  return [
    {
      ...block,
      shape: half(shape[axis]! - first),
      source: source + first * strides[axis]! * size,
      target: target + first * steps[axis]! * size
    },
    { ...block, shape: half(first) }
  ]
}

function lastElement({ shape, strides }: Block): number {
  return shape.reduce((at, length, axis) => at + (length - 1) * strides[axis]!, 0)
}

function scatter(span: Uint8Array, out: Uint8Array, block: Block, size: number): void {
  const { shape, strides, steps, target } = block
  const index = shape.map(() => 0)
  const innermost = shape.length - 1
  let from = 0
  let to = target / size
  for (;;) {
    // Row by row: only the last axis is walked without looking at the others.
    for (let i = 0; i < shape[innermost]!; i++) {
      const source = (from + i * strides[innermost]!) * size
      const destination = (to + i * steps[innermost]!) * size
      for (let byte = 0; byte < size; byte++) out[destination + byte] = span[source + byte]!
    }
    let axis = innermost - 1
    for (; axis >= 0; axis--) {
      index[axis]!++
      from += strides[axis]!
      to += steps[axis]!
      if (index[axis]! < shape[axis]!) break
      from -= strides[axis]! * shape[axis]!
      to -= steps[axis]! * shape[axis]!
      index[axis] = 0
    }
    if (axis < 0) return
  }
}
