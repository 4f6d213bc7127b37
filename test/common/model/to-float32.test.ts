import { describe, expect, it } from 'vitest'
import type { DType } from '#common/model/tensor.ts'
import { toFloat32 } from '#common/model/to-float32.ts'

const bytesOf = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer)

describe('toFloat32', () => {
  it.each<[DType, { buffer: ArrayBufferLike }, number[]]>([
    ['F64', new Float64Array([0.1, 1e300, -Infinity]), [Math.fround(0.1), Infinity, -Infinity]],
    ['F32', new Float32Array([0.1, -0]), [Math.fround(0.1), -0]],
    ['I64', new BigInt64Array([-5n, 2n ** 63n - 1n, -(2n ** 63n)]), [-5, 2 ** 63, -(2 ** 63)]],
    ['U64', new BigUint64Array([7n, 2n ** 64n - 1n]), [7, 2 ** 64]],
    ['I32', new Int32Array([-1, 2 ** 31 - 1]), [-1, 2 ** 31]],
    ['U32', new Uint32Array([2 ** 32 - 1]), [2 ** 32]],
    ['I16', new Int16Array([-2]), [-2]],
    ['U16', new Uint16Array([65535]), [65535]],
    ['I8', new Int8Array([-128]), [-128]],
    ['U8', new Uint8Array([255]), [255]],
    ['BOOL', new Uint8Array([0, 1, 2]), [0, 1, 1]],
    // One, the largest, the smallest, the smallest normal one, minus a half, NaN.
    [
      'F8_E4M3',
      new Uint8Array([0x38, 0x7e, 1, 8, 0xb0, 0x7f]),
      [1, 448, 2 ** -9, 2 ** -6, -0.5, NaN]
    ],
    [
      'F8_E5M2',
      new Uint8Array([0x3c, 0x7b, 1, 4, 0xb8, 0x7c, 0xfc, 0x7d]),
      [1, 57344, 2 ** -16, 2 ** -14, -0.5, Infinity, -Infinity, NaN]
    ],
    // Halfway up: rounded once it is the odd neighbour above, rounded twice the even one below.
    ['I64', new BigInt64Array([2n ** 60n + 2n ** 36n + 1n]), [2 ** 60 + 2 ** 37]],
    ['I64', new BigInt64Array([-(2n ** 60n) - 2n ** 36n - 1n]), [-(2 ** 60) - 2 ** 37]],
    ['I64', new BigInt64Array([2n ** 60n + 2n ** 36n]), [2 ** 60]]
  ])('gives the values of %s', (dtype, array, values) => {
    expect(toFloat32(bytesOf(array), dtype)).toEqual(new Float32Array(values))
  })

  it('is exact for every float16, also unaligned', () => {
    const bits = Uint16Array.from({ length: 0x10000 }, (_, i) => i)
    const unaligned = new Uint8Array(1 + bits.length * 2)
    unaligned.set(bytesOf(bits), 1)
    const values = toFloat32(unaligned.subarray(1), 'F16')
    for (const pattern of bits) {
      const sign = pattern & 0x8000 ? -1 : 1
      const exponent = (pattern >> 10) & 31
      const fraction = pattern & 0x3ff
      const expected =
        exponent === 31
          ? fraction === 0
            ? sign * Infinity
            : NaN
          : exponent === 0
            ? sign * fraction * 2 ** -24
            : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
      if (!Object.is(values[pattern], expected))
        throw new Error(`${pattern}: ${values[pattern]}, expected ${expected}`)
    }
  })

  it('is exact for every bfloat16, to the last bit of a NaN', () => {
    const bits = Uint16Array.from({ length: 0x10000 }, (_, i) => i)
    const words = new Uint32Array(toFloat32(bytesOf(bits), 'BF16').buffer)
    expect(words.every((word, pattern) => word === pattern * 0x10000)).toBe(true)
  })

  it('refuses a part of an element', () => {
    expect(() => toFloat32(new Uint8Array(3), 'BF16')).toThrow(
      new RangeError('3 bytes are no whole number of BF16 elements')
    )
  })
})
