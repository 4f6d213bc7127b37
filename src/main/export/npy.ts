import { elementCount } from '#common/model/tensor.ts'
import type { NumericArray } from './named-arrays.ts'

/**
 * An array as the bytes of an .npy file, version 1.0.
 * @param data row-major
 * @source NEP 1, "A simple file format for NumPy arrays"
 */
export function npyOfNumbers(shape: readonly number[], data: NumericArray['data']): Uint8Array[] {
  return [
    header(descriptionOf(data), shape),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  ]
}

function descriptionOf(data: NumericArray['data']): string {
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
  const bytes = Buffer.alloc(front + length, ' ')
  bytes.write('\x93NUMPY\x01\x00', 'latin1')
  bytes.writeUInt16LE(length, 8)
  bytes.write(text, front)
  bytes.write('\n', front + length - 1)
  return bytes
}
