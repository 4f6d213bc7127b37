import { elementCount } from '#common/model/tensor.ts'
import type { TensorEntry } from '../checkpoint/checkpoint.ts'
import { invalidFile } from '../files/file-error.ts'

/** Bytes of float32 numbers that are made of stored ones, which are kept in memory, and of all that they are made of. */
const mostBytes = 2 ** 29

/** Matrices that are computed: each takes reading of its own. */
const mostMatrices = 10_000

/** Multiplications of them all: a few seconds. */
const mostProducts = 2 ** 32

/** What it takes to compute one matrix. */
export interface MatrixCost {
  readonly entry: TensorEntry
  /** What it is computed of, beside its own stored numbers. */
  readonly of: readonly TensorEntry[]
  /** Multiplications for each of its numbers. */
  readonly each: number
}

/**
 * Counts what matrices take that are to be computed of stored ones.
 * @param what they are, for the error
 * @throws LamellaError `file-invalid` once they take too much memory or time
 */
export function boundedMatrices(what: string): (cost: MatrixCost) => void {
  let [bytes, matrices, products] = [0, 0, 0]
  return ({ entry, of, each }) => {
    for (const { shape } of [entry, ...of]) bytes += elementCount(shape) * 4
    matrices++
    products += elementCount(entry.shape) * each
    const tooMuch =
      bytes > mostBytes
        ? `more than ${mostBytes / 2 ** 20} MB of memory`
        : matrices > mostMatrices || products > mostProducts
          ? 'too long to compute'
          : null
    if (tooMuch !== null)
      throw invalidFile(
        entry.file.label,
        `${what} take ${tooMuch}`,
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
