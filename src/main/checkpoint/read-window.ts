import { bytesPerElement, type TensorWindow } from '#common/model/tensor.ts'
import { toFloat32 } from '#common/model/to-float32.ts'
import { withKnownFile } from '../files/open-file.ts'
import { bytesOf, gatherBytes, rowMajor, type ByteSource } from './strided.ts'
import type { TensorEntry } from './tensor-entry.ts'

/**
 * Part of a tensor as float32, row-major. What lies between its parts is read along where it is little, so a
 * head's rows cost their own bytes, and memory is bounded whatever the tensor's size.
 * @param window its last two axes change places where `transposed`
 * @throws LamellaError when the file got shorter or can no longer be read; RangeError for a window outside
 */
export async function readWindow(
  entry: TensorEntry,
  window: Omit<TensorWindow, 'tensor'>
): Promise<Float32Array> {
  const bytes = await readWindowBytes(entry, window)
  return entry.dtype === 'F32' ? new Float32Array(bytes.buffer) : toFloat32(bytes, entry.dtype)
}

/** The same, as the bytes of its own type of numbers. */
export async function readWindowBytes(
  entry: TensorEntry,
  { start, size, steps, transposed }: Omit<TensorWindow, 'tensor'>
): Promise<Uint8Array<ArrayBuffer>> {
  const { shape, dtype, content } = entry
  const stepOf = (axis: number) => steps?.[axis] ?? 1
  const isInside = (length: number, axis: number) =>
    Number.isInteger(start[axis]) &&
    Number.isInteger(size[axis]) &&
    start[axis]! >= 0 &&
    size[axis]! >= 0 &&
    start[axis]! + size[axis]! + Math.max(0, size[axis]! - 1) * (stepOf(axis) - 1) <= length
  if (start.length !== shape.length || size.length !== shape.length || !shape.every(isInside))
    throw new RangeError(
      `a window of [${size.join(', ')}] from [${start.join(', ')}] is outside a tensor of [${shape.join(', ')}]`
    )
  const strides = entry.strides ?? rowMajor(shape)
  const first = start.reduce((at, index, axis) => at + index * strides[axis]!, 0)
  const axes = shape.map((_, axis) => axis)
  const order = transposed ? [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!] : axes
  const part = {
    shape: order.map(axis => size[axis]!),
    strides: order.map(axis => strides[axis]! * stepOf(axis)),
    dtype,
    offset: (content === undefined ? entry.offset : 0) + first * bytesPerElement[dtype]
  }
  return content === undefined
    ? withKnownFile(entry.file, file => gatherBytes(bytesOf(file), part))
    : gatherBytes(inMemory(content), part)
}

function inMemory(bytes: Uint8Array): ByteSource {
  return (position, target) => target.set(bytes.subarray(position, position + target.length))
}
