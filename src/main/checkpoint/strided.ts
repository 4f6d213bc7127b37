import { bytesPerElement, elementCount } from '#common/model/tensor.ts'
import { readExactly, type OpenFile } from './open-file.ts'
import type { TensorEntry } from './tensor-entry.ts'

/** Bytes of the file, and of the result, held at once. */
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

/** What says where the elements of a tensor lie. */
type Strided = Pick<TensorEntry, 'shape' | 'strides' | 'dtype' | 'offset'>

/**
 * The bytes of a tensor whose elements do not lie in row-major order, put into that order.
 * @throws LamellaError when the file got shorter
 */
export async function gatherBytes(
  file: OpenFile,
  entry: Strided
): Promise<Uint8Array<ArrayBuffer>> {
  const size = bytesPerElement[entry.dtype]
  const out = new Uint8Array(elementCount(entry.shape) * size)
  for (const block of blocksOf(entry)) scatter(await readSpan(file, block, size), out, block, size)
  return out
}

/**
 * Hands the bytes of the same elements over piece by piece, in no order.
 * @throws LamellaError when the file got shorter
 */
export async function gatherPieces(
  file: OpenFile,
  entry: Strided,
  take: (piece: Uint8Array) => void
): Promise<void> {
  const size = bytesPerElement[entry.dtype]
  for (const block of blocksOf(entry)) {
    const alone = { ...block, steps: rowMajor(block.shape), target: 0 }
    const piece = new Uint8Array(elementCount(block.shape) * size)
    scatter(await readSpan(file, block, size), piece, alone, size)
    take(piece)
  }
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
function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
}

async function readSpan(file: OpenFile, block: Block, size: number): Promise<Uint8Array> {
  const span = new Uint8Array((lastElement(block) + 1) * size)
  await readExactly(file, block.source, span)
  return span
}

/** Two halves of a block along its widest or its longest axis, or null when it can be read at once. */
function split(block: Block, size: number): Block[] | null {
  const { shape, strides, steps, source, target } = block
  const isWide = (lastElement(block) + 1) * size > spanLimit
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
