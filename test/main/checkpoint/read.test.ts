import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesPerElement, elementCount, type DType } from '#common/model/tensor.ts'
import type { TensorEntry } from '../../../src/main/checkpoint/checkpoint.ts'
import {
  readBytes,
  readFloat32,
  readPieces,
  readRows,
  readRowMajor
} from '../../../src/main/checkpoint/read.ts'
import { storedRows } from '../../../src/main/engine/stored-rows.ts'
import { knownFile } from '../../../src/main/files/known-file.ts'
import { namedFile } from '../../../src/main/files/folder.ts'
import { outcome, temporaryFolder } from './temporary.ts'

const bytesOf = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer)

/** A tensor alone in a file, behind three bytes of something else. */
async function stored(dtype: DType, shape: number[], data: Uint8Array): Promise<TensorEntry> {
  const path = join(await temporaryFolder(), 'w.bin')
  await writeFile(path, Buffer.concat([new Uint8Array(3), data]))
  const file = await knownFile(await namedFile(path))
  return { name: 'w', dtype, shape, file, offset: 3, byteLength: data.length }
}

describe('reading', () => {
  it('takes exactly the range asked for', async () => {
    const entry = await stored('U8', [6], new Uint8Array([1, 2, 3, 4, 5, 6]))
    expect(await readBytes(entry)).toEqual(new Uint8Array([1, 2, 3, 4, 5, 6]))
    expect(await readBytes(entry, { start: 2, end: 4 })).toEqual(new Uint8Array([3, 4]))
    expect(await readBytes(entry, { start: 6, end: 6 })).toEqual(new Uint8Array())
    for (const [start, end] of [
      [-1, 2],
      [3, 2],
      [0, 7],
      [0, 1.5],
      [NaN, 1]
    ] as const)
      await expect(readBytes(entry, { start, end })).rejects.toThrow(RangeError)
  })

  it('converts what is larger than a chunk', async () => {
    const bits = Uint16Array.from({ length: 5_000_000 }, (_, i) => i)
    const entry = await stored('BF16', [5_000_000], bytesOf(bits))
    const words = new Uint32Array((await readFloat32(entry)).buffer)
    expect(words.every((word, i) => word === (i & 0xffff) * 0x10000)).toBe(true)
  })

  it.each<[string, number[], number[] | undefined]>([
    ['in order', [5_000_000], undefined],
    ['transposed', [2500, 2000], [1, 2500]],
    ['with gaps', [2_500_000, 1], [2, 1]],
    ['repeated', [3000, 2000], [0, 1]],
    ['a scalar', [], []]
  ])('hands over every element in order, in small pieces: %s', async (_, shape, strides) => {
    const bits = Uint16Array.from({ length: 5_000_000 }, (_, i) => (i * 7919) & 0x3fff)
    const whole = await stored('BF16', shape, bytesOf(bits))
    const entry = strides === undefined ? whole : { ...whole, strides }
    const found: Uint8Array[] = []
    await readPieces(entry, piece => {
      expect(piece.length).toBeLessThanOrEqual(8 << 20)
      found.push(piece.slice())
    })
    expect(Buffer.concat(found).equals(await readRowMajor(entry))).toBe(true)
  })
})

describe('rows', () => {
  it('come in the order asked for, whatever the tensor', async () => {
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom([], [3], [2, 5], [5000])
    )
    const dtype = fc.constantFrom<DType>('F32', 'F16', 'I64', 'U8')
    await fc.assert(
      fc.asyncProperty(shape, dtype, fc.array(fc.nat()), async ([length, rest], dtype, picks) => {
        const shape = [length, ...rest]
        const bytes = new Uint8Array(elementCount(shape) * bytesPerElement[dtype])
        const entry = await stored(
          dtype,
          shape,
          bytes.map((_, i) => (i * 31) % 100)
        )
        const all = await readFloat32(entry)
        const width = elementCount(rest)
        const rows = picks.map(pick => pick % length)
        const expected = rows.flatMap(row => [...all.subarray(row * width, (row + 1) * width)])
        expect(await readRows(entry, rows)).toEqual(new Float32Array(expected))
        const { file, offset } = entry
        const there = await storedRows({ rows, matrix: { file, offset, dtype, width }, scale: 2 })
        expect(there.shape).toEqual([rows.length, width])
        expect(there.data).toEqual(Float32Array.from(expected, value => 2 * value))
      }),
      { numRuns: 40 }
    )
  })

  it('outside the tensor are refused', async () => {
    const entry = await stored('U8', [2, 3], new Uint8Array(6))
    for (const row of [2, -1, 0.5, NaN])
      expect(await outcome(readRows(entry, [0, row]))).toBe(
        `invalid-argument: w.bin: tensor "w" of shape [2, 3] has no row ${row}`
      )
    expect(await readRows(entry, [])).toEqual(new Float32Array())
  })

  it('of a scalar are refused', async () => {
    const entry = await stored('U8', [], new Uint8Array(1))
    expect(await outcome(readRows(entry, []))).toBe(
      'invalid-argument: w.bin: tensor "w" of shape [] has no row'
    )
  })
})
