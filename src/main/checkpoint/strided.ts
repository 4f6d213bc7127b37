import { bytesPerElement, elementCount } from '#common/model/tensor.ts'
import { readExactly, type OpenFile } from '../files/open-file.ts'
import type { TensorEntry } from './tensor-entry.ts'

/** Bytes of the file, and of the result, held at once. */
const spanLimit = 8 << 20
/** Unwanted bytes worth reading along to save a read. */
export const gapBytes = 16 << 10

/** Fills `target` with the bytes from a position on. */
export type ByteSource = (position: number, target: Uint8Array) => Promise<void> | void

export function bytesOf(file: OpenFile): ByteSource {
  return (position, target) => readExactly(file, position, target)
}

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

/** What says where the elements of a tensor lie. */
type Strided = Pick<TensorEntry, 'shape' | 'strides' | 'dtype' | 'offset'>

/**
 * The bytes of a tensor whose elements do not lie in row-major order, put into that order.
 * @throws LamellaError when the file got shorter
 */
export async function gatherBytes(
  source: ByteSource,
  entry: Strided
): Promise<Uint8Array<ArrayBuffer>> {
  const size = bytesPerElement[entry.dtype]
  const out = new Uint8Array(elementCount(entry.shape) * size)
  for (const block of blocksOf(entry))
    scatter(await readSpan(source, block, size), out, block, size)
  return out
}

/** A tensor in parts that can each be read at once. */
function* blocksOf({ shape, strides = [], dtype, offset }: Strided): Generator<Block> {
  if (elementCount(shape) === 0) return
  const whole = { shape, strides, steps: rowMajor(shape), source: offset, target: 0 }
  // A scalar is an axis of one element.
  const blocks: Block[] = [
    shape.length > 0 ? whole : { ...whole, shape: [1], strides: [1], steps: [1] }
  ]
  for (let block; (block = blocks.pop()) !== undefined;) {
    const parts = split(block, bytesPerElement[dtype])
    if (parts !== null) blocks.push(...parts)
    else yield block
  }
}

/** The strides of a tensor whose elements lie in order. */
export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
}

async function readSpan(source: ByteSource, block: Block, size: number) {
  const span = new Uint8Array((lastElement(block) + 1) * size)
  await source(block.source, span)
  return span
}

/** Two halves of a block along its widest or its longest axis, or null when it can be read at once. */
function split(block: Block, size: number): Block[] | null {
  const { shape, strides, steps, source, target } = block
  const isWide = (lastElement(block) + 1) * size > spanLimit || hasGaps(block, size)
  // Elements may repeat: more of them than of bytes that they lie in.
  if (!isWide && elementCount(shape) * size <= spanLimit) return null
  const reach = (axis: number) => (shape[axis]! - 1) * (isWide ? strides[axis]! : 1)
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

/** Whether more lies between two steps along the widest axis than is worth reading along. */
function hasGaps({ shape, strides }: Block, size: number): boolean {
  const reaches = shape.map((length, axis) => (length - 1) * strides[axis]!)
  const widest = reaches.indexOf(Math.max(...reaches))
  const others = reaches.reduce((sum, reach) => sum + reach, 1) - reaches[widest]!
  return shape[widest]! > 1 && (strides[widest]! - others) * size > gapBytes
}

function lastElement({ shape, strides }: Block): number {
  return shape.reduce((at, length, axis) => at + (length - 1) * strides[axis]!, 0)
}

function scatter(
  span: Uint8Array<ArrayBuffer>,
  out: Uint8Array<ArrayBuffer>,
  block: Block,
  size: number
): void {
  const { shape, strides, steps, target } = block
  const [source, result] = [wordsOf(span, size), wordsOf(out, size)]
  const words = size === 8 ? 2 : 1
  const index = shape.map(() => 0)
  const innermost = shape.length - 1
  const [length, stride] = [shape[innermost]!, strides[innermost]!]
  let from = 0
  let to = target / size
  for (;;) {
    // Row by row: only the last axis, along which the result has no gaps, is walked without looking at the others.
    if (stride === 1) out.set(span.subarray(from * size, (from + length) * size), to * size)
    else
      for (let i = 0; i < length; i++)
        for (let word = 0; word < words; word++)
          result[(to + i) * words + word] = source[(from + i * stride) * words + word]!
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

/** Bytes as integers as large as an element, or half as large: they keep every bit, as floats may not. */
function wordsOf({ buffer }: Uint8Array<ArrayBuffer>, size: number) {
  if (size >= 4) return new Uint32Array(buffer)
  return size === 2 ? new Uint16Array(buffer) : new Uint8Array(buffer)
}
