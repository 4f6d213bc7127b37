import { bytesPerElement, type DType } from './tensor.ts'

/**
 * Elements of any type as float32. F16, BF16, FP8 and the integers up to 2^24 are exact; the rest is rounded
 * to nearest, ties to even. BOOL gives 0 and 1.
 * @param bytes little-endian, of any alignment
 * @throws RangeError when the bytes are no whole number of elements
 */
export function toFloat32(bytes: Uint8Array, dtype: DType): Float32Array {
  const size = bytesPerElement[dtype]
  if (bytes.length % size !== 0)
    throw new RangeError(`${bytes.length} bytes are no whole number of ${dtype} elements`)
  const out = new Float32Array(bytes.length / size)
  writeFloat32(out, 0, bytes, dtype)
  return out
}

/** The same, into `out` from element `at` on. */
export function writeFloat32(out: Float32Array, at: number, bytes: Uint8Array, dtype: DType): void {
  const length = bytes.length / bytesPerElement[dtype]
  if (dtype === 'F32') {
    // A copy of bytes keeps the payloads of NaNs.
    new Uint8Array(out.buffer, out.byteOffset + at * 4, bytes.length).set(bytes)
    return
  }
  const { buffer, byteOffset } = aligned(bytes, bytesPerElement[dtype])
  switch (dtype) {
    case 'F64':
      return out.set(new Float64Array(buffer, byteOffset, length), at)
    case 'F16': {
      const bits = new Uint16Array(buffer, byteOffset, length)
      const values = (halfValues ??= allHalfValues())
      for (let i = 0; i < length; i++) out[at + i] = values[bits[i]!]!
      return
    }
    case 'BF16': {
      const bits = new Uint16Array(buffer, byteOffset, length)
      const words = new Uint32Array(out.buffer, out.byteOffset + at * 4, length)
      for (let i = 0; i < length; i++) words[i] = bits[i]! << 16
      return
    }
    case 'F8_E4M3':
    case 'F8_E5M2': {
      const values = (byteValues[dtype] ??= allByteValues(dtype))
      for (let i = 0; i < length; i++) out[at + i] = values[bytes[i]!]!
      return
    }
    case 'I64':
      return writeBigs(out, at, new BigInt64Array(buffer, byteOffset, length))
    case 'U64':
      return writeBigs(out, at, new BigUint64Array(buffer, byteOffset, length))
    case 'I32':
      return out.set(new Int32Array(buffer, byteOffset, length), at)
    case 'U32':
      return out.set(new Uint32Array(buffer, byteOffset, length), at)
    case 'I16':
      return out.set(new Int16Array(buffer, byteOffset, length), at)
    case 'U16':
      return out.set(new Uint16Array(buffer, byteOffset, length), at)
    case 'I8':
      return out.set(new Int8Array(buffer, byteOffset, length), at)
    case 'U8':
      return out.set(bytes, at)
    case 'BOOL':
      for (let i = 0; i < length; i++) out[at + i] = bytes[i] === 0 ? 0 : 1
  }
}

let halfValues: Float32Array | undefined

/** The value of every float16 bit pattern. */
function allHalfValues(): Float32Array {
  const bits = Uint16Array.from({ length: 0x10000 }, (_, pattern) => pattern)
  return new Float32Array(new Float16Array(bits.buffer))
}

const byteValues: { F8_E4M3?: Float32Array; F8_E5M2?: Float32Array } = {}

/**
 * The value of every pattern of 8 bits: a sign, an exponent, a fraction.
 * @source Micikevicius et al. 2022, FP8 formats for deep learning, table 1: E4M3 has no infinity, and one NaN of each sign
 */
function allByteValues(dtype: 'F8_E4M3' | 'F8_E5M2'): Float32Array {
  const [fractionBits, bias] = dtype === 'F8_E4M3' ? [3, 7] : [2, 15]
  return Float32Array.from({ length: 256 }, (_, bits) => {
    const sign = bits & 0x80 ? -1 : 1
    const exponent = (bits & 0x7f) >> fractionBits
    const fraction = (bits & ((1 << fractionBits) - 1)) / 2 ** fractionBits
    if (dtype === 'F8_E4M3' && (bits & 0x7f) === 0x7f) return NaN
    if (dtype === 'F8_E5M2' && exponent === 31) return fraction === 0 ? sign * Infinity : NaN
    if (exponent === 0) return sign * fraction * 2 ** (1 - bias)
    return sign * (1 + fraction) * 2 ** (exponent - bias)
  })
}

function writeBigs(out: Float32Array, at: number, values: BigInt64Array | BigUint64Array): void {
  for (let i = 0; i < values.length; i++) out[at + i] = bigToDouble(values[i]!)
}

/** A double that rounds to the same float32 as the integer itself: rounding twice could go astray. */
function bigToDouble(value: bigint): number {
  const near = Number(value)
  if (Number.isSafeInteger(near)) return near
  // Fewer bits than a double holds, the last one set when anything was cut off.
  const cut = value >> 12n
  return Number((value & 0xfffn) === 0n ? cut : cut | 1n) * 4096
}

function aligned(bytes: Uint8Array, size: number): { buffer: ArrayBufferLike; byteOffset: number } {
  return bytes.byteOffset % size === 0 ? bytes : bytes.slice()
}
