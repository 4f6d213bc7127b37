import { bytesPerElement, type FloatDType } from '../model/tensor.ts'

/** How many numbers are NaN, and how many infinite. */
export interface NonFiniteCount {
  readonly nan: number
  readonly infinite: number
}

/**
 * Counts the elements whose exponent is all ones: infinite where the fraction is 0, else NaN.
 * @param bytes little-endian, of any alignment
 * @throws RangeError when the bytes are no whole number of elements
 * @source IEEE 754-2019, section 3.4; a bfloat16 is the upper half of a float32
 */
export function nonFiniteCount(bytes: Uint8Array, dtype: FloatDType): NonFiniteCount {
  const size = bytesPerElement[dtype]
  if (bytes.length % size !== 0)
    throw new RangeError(`${bytes.length} bytes are no whole number of ${dtype} elements`)
  const { exponent, fraction } = highestWord[dtype]
  const words = wordsOf(bytes, size)
  const step = size === 8 ? 2 : 1
  let nan = 0
  let infinite = 0
  for (let high = step - 1; high < words.length; high += step) {
    const word = words[high]!
    if ((word & exponent) !== exponent) continue
    if ((word & fraction) === 0 && (step === 1 || words[high - 1] === 0)) infinite++
    else nan++
  }
  return { nan, infinite }
}

/** Where the exponent and the upper part of the fraction lie in the highest word of an element. */
const highestWord: Readonly<Record<FloatDType, { exponent: number; fraction: number }>> = {
  F64: { exponent: 0x7ff00000, fraction: 0x000fffff },
  F32: { exponent: 0x7f800000, fraction: 0x007fffff },
  F16: { exponent: 0x7c00, fraction: 0x03ff },
  BF16: { exponent: 0x7f80, fraction: 0x007f }
}

function wordsOf(bytes: Uint8Array, size: number): Uint16Array | Uint32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
  return size === 2
    ? new Uint16Array(buffer, byteOffset, length / 2)
    : new Uint32Array(buffer, byteOffset, length / 4)
}
