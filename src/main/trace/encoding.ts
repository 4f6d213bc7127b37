import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { elementCount, type Tensor } from '#common/model/tensor.ts'

/** How exactly a value is kept: float16 has 11 significant bits. */
type Precision = 'float32' | 'float16'

/** A tensor as bytes. */
export interface EncodedTensor {
  readonly precision: Precision
  readonly shape: readonly number[]
  readonly compressed: boolean
  readonly bytes: Uint8Array
}

/** A compressed value must be this much smaller to be worth its decompression. */
const worthwhile = 0.9

/** A value to keep, in the precision it comes in; row-major. */
export interface KeptTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | Float16Array
}

export function encodeTensor({ shape, data }: KeptTensor): EncodedTensor {
  const precision = precisionOf({ data })
  const plain = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  // The mantissas of float32 are as good as random: trying costs more than all else here.
  if (precision === 'float32') return { precision, shape, compressed: false, bytes: plain }
  const small = zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  const compressed = small.byteLength < worthwhile * plain.byteLength
  return { precision, shape, compressed, bytes: compressed ? small : plain }
}

export function precisionOf({ data }: Pick<KeptTensor, 'data'>): Precision {
  return data instanceof Float32Array ? 'float32' : 'float16'
}

/** A value that is not what was written. */
export class DamagedValue extends Error {
  override readonly name = 'DamagedValue'
}

/** @throws DamagedValue when the bytes are not those of a tensor of that shape */
export function decodeTensor({ precision, shape, compressed, bytes }: EncodedTensor): Tensor {
  const expected = elementCount(shape) * (precision === 'float16' ? 2 : 4)
  const plain = compressed ? decompressed(bytes, expected) : bytes
  if (plain.byteLength !== expected)
    throw new DamagedValue(`a value of ${plain.byteLength} bytes, expected ${expected}`)
  const aligned = plain.byteOffset % 4 === 0 ? plain : plain.slice()
  const { buffer, byteOffset } = aligned
  const data =
    precision === 'float16'
      ? new Float32Array(new Float16Array(buffer, byteOffset, expected / 2))
      : new Float32Array(buffer, byteOffset, expected / 4)
  return { shape, data }
}

function decompressed(bytes: Uint8Array, expected: number): Uint8Array {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: expected })
  } catch (error) {
    throw new DamagedValue((error as Error).message)
  }
}
