import { zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  DamagedValue,
  decodeTensor,
  encodeTensor,
  type EncodedTensor
} from '../../../src/main/trace/encoding.ts'

const halves: EncodedTensor = {
  precision: 'float16',
  shape: [2, 2],
  compressed: false,
  bytes: new Uint8Array(Float16Array.of(1, 2, 3, 4).buffer)
}
const floats: EncodedTensor = {
  ...halves,
  precision: 'float32',
  bytes: new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)
}
const values = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }

describe('the bytes of a tensor', () => {
  it.each([halves, floats])('may lie anywhere in a buffer ($precision)', encoded => {
    const { bytes } = encoded
    for (let offset = 0; offset < 4; offset++) {
      const within = new Uint8Array(bytes.length + offset)
      within.set(bytes, offset)
      expect(decodeTensor({ ...encoded, bytes: within.subarray(offset) })).toEqual(values)
    }
  })

  it('that are compressed are those that were', () => {
    const data = new Float16Array(1000).fill(0.5)
    const encoded = encodeTensor({ shape: [1000], data })
    expect(encoded.compressed).toBe(true)
    expect(decodeTensor(encoded).data).toEqual(new Float32Array(data))
  })

  it.each<[string, EncodedTensor]>([
    ['fewer', { ...halves, bytes: halves.bytes.subarray(1) }],
    ['more', { ...floats, bytes: new Uint8Array(17) }],
    ['of another precision', { ...halves, bytes: floats.bytes }],
    [
      'compressed, fewer',
      { ...halves, compressed: true, bytes: zstdCompressSync(Buffer.alloc(7)) }
    ],
    ['no compressed ones', { ...halves, compressed: true }]
  ])('that are others than it takes are damage: %s', (_, encoded) => {
    expect(() => decodeTensor(encoded)).toThrow(DamagedValue)
  })

  it('that say they are more than it takes are not unpacked', () => {
    const bytes = zstdCompressSync(Buffer.alloc(2 ** 26))
    expect(bytes.length).toBeLessThan(10_000)
    const before = process.memoryUsage.rss()
    expect(() => decodeTensor({ ...halves, compressed: true, bytes })).toThrow(
      /larger than 8 bytes/
    )
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 25)
  })
})
