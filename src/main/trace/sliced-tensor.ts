import { elementCount } from '#common/model/tensor.ts'
import { filedBytes, readInto, type FiledTensor } from '../files/filed-tensor.ts'
import type { KeptTensor } from './encoding.ts'

/** How a value lies in the store: as one, or each slice of its first axis by itself. */
export type Layout = 'whole' | 'by slice'

/** A value to keep that is had a slice at a time, where all of it would take fresh memory. */
export interface SlicedTensor {
  readonly shape: readonly number[]
  /** One of the slices that its layout has; it stays until the next one is asked for. */
  slice(index: number): KeptTensor
}

/** Into how many slices a value is laid out, and the shape of each. */
export function laidOut(
  shape: readonly number[],
  layout: Layout
): { readonly count: number; readonly own: readonly number[] } {
  if (layout === 'whole') return { count: 1, own: shape }
  const [count = 0, ...own] = shape
  return { count, own }
}

export function inSlices({ shape, data }: KeptTensor, layout: Layout): SlicedTensor {
  const { own } = laidOut(shape, layout)
  const size = elementCount(own)
  return {
    shape,
    slice: index => ({ shape: own, data: data.subarray(index * size, (index + 1) * size) })
  }
}

/** Memory that one slice after the other is read into. */
export interface SliceMemory {
  /** So many of its bytes, whatever they hold. */
  bytes(count: number): Uint8Array<ArrayBuffer>
  /** Lets go of it until it is wanted again. */
  clear(): void
}

export function createSliceMemory(): SliceMemory {
  let buffer = new ArrayBuffer(0)
  return {
    bytes(count) {
      if (buffer.byteLength < count) {
        buffer.transfer(0)
        buffer = new ArrayBuffer(count)
      }
      return new Uint8Array(buffer, 0, count)
    },
    clear() {
      buffer.transfer(0)
      buffer = new ArrayBuffer(0)
    }
  }
}

/** A tensor in a file, whose slices are read as they are asked for. */
export function readInSlices(
  filed: FiledTensor,
  layout: Layout,
  memory: SliceMemory
): SlicedTensor {
  const { type, shape, file } = filed
  const { own } = laidOut(shape, layout)
  const size = filedBytes({ type, shape: own })
  return {
    shape,
    slice(index) {
      const bytes = memory.bytes(size)
      readInto(file, index * size, bytes, 'the value')
      return { shape: own, data: elementsOf(type, bytes) }
    }
  }
}

/** Bytes as the elements that they are. */
export function elementsOf(
  type: FiledTensor['type'],
  { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>
): KeptTensor['data'] {
  return type === 'float32'
    ? new Float32Array(buffer, byteOffset, byteLength / 4)
    : new Float16Array(buffer, byteOffset, byteLength / 2)
}
