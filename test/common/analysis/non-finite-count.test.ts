import { describe, expect, it } from 'vitest'
import { nonFiniteCount } from '#common/analysis/non-finite-count.ts'
import type { FloatDType } from '#common/model/tensor.ts'

const bytesOf = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer)

/** Two NaNs, three infinities, and the finite numbers that lie next to them. */
const some = [NaN, Infinity, 0, -0, -Infinity, 1, NaN, Infinity]

describe('nonFiniteCount', () => {
  it.each<[FloatDType, { buffer: ArrayBufferLike }]>([
    ['F64', new Float64Array([...some, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324])],
    ['F32', new Float32Array([...some, 3.4028234663852886e38, 1e-45])],
    ['F16', new Float16Array([...some, 65504, -65504, 6e-8])],
    // The largest finite one, the smallest, infinities of both signs, and NaNs.
    ['BF16', new Uint16Array([0x7f7f, 0xff7f, 1, 0, 0x7f80, 0xff80, 0x7f80, 0x7f81, 0xffff])]
  ])('tells NaN from infinity in %s', (dtype, array) => {
    expect(nonFiniteCount(bytesOf(array), dtype)).toEqual({ nan: 2, infinite: 3 })
  })

  it.each<[FloatDType, (bits: Uint16Array) => Iterable<number>]>([
    ['F16', bits => new Float16Array(bits.buffer)],
    ['BF16', bits => new Float32Array(Uint32Array.from(bits, pattern => pattern << 16).buffer)]
  ])('agrees with the values of every %s', (dtype, valuesOf) => {
    const bits = Uint16Array.from({ length: 0x10000 }, (_, pattern) => pattern)
    const values = [...valuesOf(bits)]
    expect(nonFiniteCount(bytesOf(bits), dtype)).toEqual({
      nan: values.filter(Number.isNaN).length,
      infinite: values.filter(value => Math.abs(value) === Infinity).length
    })
  })

  it('knows a NaN of F64 by its lower half alone', () => {
    const bits = BigUint64Array.of(0x7ff0000000000001n, 0xfff0000000000000n)
    expect(nonFiniteCount(bytesOf(bits), 'F64')).toEqual({ nan: 1, infinite: 1 })
  })

  it('reads bytes of any alignment', () => {
    const unaligned = new Uint8Array(1 + 8 * 3)
    unaligned.set(bytesOf(new Float64Array([NaN, 1, -Infinity])), 1)
    expect(nonFiniteCount(unaligned.subarray(1), 'F64')).toEqual({ nan: 1, infinite: 1 })
  })

  it('refuses a part of an element', () => {
    expect(() => nonFiniteCount(new Uint8Array(6), 'F32')).toThrow(
      new RangeError('6 bytes are no whole number of F32 elements')
    )
    expect(nonFiniteCount(new Uint8Array(), 'F32')).toEqual({ nan: 0, infinite: 0 })
  })
})
