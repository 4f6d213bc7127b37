import { elementCount } from '../model/tensor.ts'
import type { NumberArray } from './dataset.ts'

/**
 * An array as the bytes of an .npy file, version 1.0.
 * @param data row-major
 * @source NEP 1, "A simple file format for NumPy arrays"
 */
export function npyOfNumbers(
  shape: readonly number[],
  data: NumberArray | BigInt64Array
): Uint8Array[] {
  return [
    header(descriptionOf(data), shape),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  ]
}

function descriptionOf(data: NumberArray | BigInt64Array): string {
  if (data instanceof Float32Array) return '<f4'
  if (data instanceof Float64Array) return '<f8'
  return data instanceof Int32Array ? '<i4' : '<i8'
}

/** Texts as an array of NumPy's fixed-width strings: UTF-32, each as wide as the longest. */
export function npyOfTexts(texts: readonly string[]): Uint8Array[] {
  const points = texts.map(text => [...text].map(character => character.codePointAt(0)!))
  const width = points.reduce((most, { length }) => Math.max(most, length), 1)
  const data = new Uint32Array(elementCount([texts.length, width]))
  points.forEach((row, i) => data.set(row, i * width))
  return [header(`<U${width}`, [texts.length]), new Uint8Array(data.buffer)]
}

/** Padded with spaces so that the data begins at a multiple of 64. */
function header(description: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const text = `{'descr': '${description}', 'fortran_order': False, 'shape': ${tuple}, }`
  const front = 10
  const length = Math.ceil((front + text.length + 1) / 64) * 64 - front
  const bytes = new Uint8Array(front + length).fill(0x20)
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0])
  new DataView(bytes.buffer).setUint16(8, length, true)
  bytes.set(new TextEncoder().encode(text), front)
  bytes[front + length - 1] = 0x0a
  return bytes
}
