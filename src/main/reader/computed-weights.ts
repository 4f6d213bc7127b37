import { elementCount } from '#common/model/tensor.ts'
import type { TensorEntry } from '../checkpoint/checkpoint.ts'
import { invalidFile } from '../files/file-error.ts'

/** Bytes that float32 numbers made of stored ones may take: they are kept in memory. */
const limit = 2 ** 29

/**
 * Counts what matrices take that are computed of stored ones.
 * @param what they are, for the error
 * @throws LamellaError `file-invalid` once they take too much memory
 */
export function boundedMatrices(what: string): (entry: TensorEntry) => void {
  let bytes = 0
  return ({ shape, file }) => {
    bytes += elementCount(shape) * 4
    if (bytes > limit)
      throw invalidFile(
        file.label,
        `${what} take more than ${limit / 2 ** 20} MB of memory`,
        'Open the model that it was made of, or one that both were merged into.'
      )
  }
}

/** A tensor of computed numbers in the place of a stored one. */
export function computedEntry(
  { shape, file, offset }: TensorEntry,
  name: string,
  values: Float32Array
): TensorEntry {
  const content = new Uint8Array(values.buffer as ArrayBuffer)
  return { name, dtype: 'F32', shape, file, offset, byteLength: content.length, content }
}
