import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bytesPerElement, elementCount, type DType } from '#common/model/tensor.ts'
import type { TensorEntry } from '../../../src/main/checkpoint/checkpoint.ts'
import { readWindow } from '../../../src/main/checkpoint/read-window.ts'
import { readFloat32 } from '../../../src/main/checkpoint/read.ts'
import { rowMajor } from '../../../src/main/checkpoint/strided.ts'
import { knownFile } from '../../../src/main/files/known-file.ts'
import { namedFile } from '../../../src/main/files/folder.ts'
import { temporaryFolder } from './temporary.ts'

/** A tensor behind three bytes of something else, its elements 0, 1, 2 … of 100 in the order of the file. */
async function stored(dtype: DType, shape: readonly number[]): Promise<TensorEntry> {
  const path = join(await temporaryFolder(), 'w.bin')
  const count = elementCount(shape)
  const size = bytesPerElement[dtype]
  const bytes = new Uint8Array(3 + count * size).map((_, i) => (i * 31) % 100)
  await writeFile(path, bytes)
  const file = await knownFile(await namedFile(path))
  return { name: 'w', dtype, shape, file, offset: 3, byteLength: count * size }
}

/** The elements of a window of a tensor that is read as a whole. */
function picked(all: Float32Array, shape: readonly number[], window: Window): Float32Array {
  const { start, size, transposed } = window
  const axes = size.map((_, axis) => axis)
  const order = transposed ? [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!] : axes
  const strides = rowMajor(shape)
  const places = order.reduce(
    (found, axis) =>
      found.flatMap(at =>
        Array.from({ length: size[axis]! }, (_, i) => at + (start[axis]! + i) * strides[axis]!)
      ),
    [0]
  )
  return Float32Array.from(places, place => all[place]!)
}

type Window = Parameters<typeof readWindow>[1]

const windows = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(), fc.nat()), {
    minLength: 2,
    maxLength: 3
  })
  .map(axes => {
    const shape = axes.map(([length]) => length)
    const start = axes.map(([length, first]) => first % (length + 1))
    const size = axes.map(([length, , count], axis) => count % (length - start[axis]! + 1))
    return { shape, start, size }
  })

describe('a window', () => {
  it('has the elements that it has of the whole, however they lie', async () => {
    await fc.assert(
      fc.asyncProperty(
        windows,
        fc.boolean(),
        fc.constantFrom<DType>('F32', 'F16', 'I64', 'F64', 'U8'),
        fc.constantFrom('in order', 'strided', 'in memory'),
        async ({ shape, start, size }, transposed, dtype, lies) => {
          const entry = await stored(dtype, shape)
          const reversed = { ...entry, strides: rowMajor(shape.toReversed()).toReversed() }
          const content = new Uint8Array(entry.byteLength).map((_, i) => (i * 7) % 90)
          const laid = { 'in order': entry, strided: reversed, 'in memory': { ...entry, content } }
          const all = await readFloat32(laid[lies])
          const window = { start, size, transposed }
          expect(await readWindow(laid[lies], window)).toEqual(picked(all, shape, window))
        }
      ),
      { numRuns: 150 }
    )
  })

  it.each([
    [
      [0, 0],
      [5, 4]
    ],
    [
      [-1, 0],
      [1, 1]
    ],
    [
      [0, 3],
      [4, 2]
    ],
    [
      [0, 0.5],
      [1, 1]
    ],
    [
      [0, 0],
      [1, -1]
    ],
    [[0], [4]],
    [
      [0, 0, 0],
      [1, 1, 1]
    ]
  ])('from %j of %j is refused of a tensor of [4, 4]', async (start, size) => {
    const entry = await stored('U8', [4, 4])
    await expect(readWindow(entry, { start, size, transposed: false })).rejects.toThrow(
      `a window of [${size.join(', ')}] from [${start.join(', ')}] is outside a tensor of [4, 4]`
    )
  })
})

describe('of the file', () => {
  afterEach(() => vi.restoreAllMocks())

  /** A tensor of 128 MB that takes no room on the disk, and how many bytes of it a window reads at most at once and in all. */
  async function bytesRead(window: Window): Promise<{ all: number; most: number; calls: number }> {
    const path = join(await temporaryFolder(), 'large.bin')
    const handle = await open(path, 'w')
    await handle.truncate(4096 * 8192 * 4)
    const file = await knownFile(await namedFile(path))
    const read = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read')
    await handle.close()
    const shape = [4096, 8192]
    const entry = { name: 'w', dtype: 'F32' as const, shape, file, offset: 0 }
    await readWindow({ ...entry, byteLength: elementCount(shape) * 4 }, window)
    const lengths = read.mock.calls.map(call => (call as unknown as [unknown, unknown, number])[2])
    return {
      all: lengths.reduce((sum, length) => sum + length, 0),
      most: Math.max(...lengths),
      calls: lengths.length
    }
  }

  it('rows cost their own bytes', async () => {
    const rows = { start: [640, 0], size: [64, 8192], transposed: true }
    expect((await bytesRead(rows)).all).toBe(64 * 8192 * 4)
  })

  it('columns far apart cost their own bytes', async () => {
    const columns = { start: [0, 640], size: [4096, 64], transposed: false }
    expect(await bytesRead(columns)).toEqual({ all: 4096 * 64 * 4, most: 256, calls: 4096 })
  })

  it('columns close together are read with what lies between, little by little', async () => {
    const columns = { start: [0, 0], size: [4096, 5000], transposed: true }
    const { all, most } = await bytesRead(columns)
    expect(most).toBeLessThanOrEqual(8 << 20)
    expect(all).toBeGreaterThan(4096 * 5000 * 4)
    expect(all).toBeLessThanOrEqual(4096 * 8192 * 4)
  })
})
