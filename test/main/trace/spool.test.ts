import { readdirSync, readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { KeptTensor } from '../../../src/main/trace/encoding.ts'
import { createSliceMemory, inSlices } from '../../../src/main/trace/sliced-tensor.ts'
import { createSpool, type Spool, type SpooledTensor } from '../../../src/main/trace/spool.ts'
import { noise } from './values.ts'

const memory = createSliceMemory()
const whole = (value: KeptTensor) => [inSlices(value, 'whole'), 'whole'] as const
const given = (spool: Spool, spooled: SpooledTensor) => spool.get(spooled, memory).slice(0)

describe('the spool', () => {
  it('gives values as they were put, and counts them until they are removed', () => {
    const spool = createSpool()
    const half = { shape: [3, 1], data: Float16Array.of(1, -2, 1 / 3) }
    const first = spool.put(...whole(half))
    const second = spool.put(...whole(noise(1000, 2)))
    expect(spool.bytes).toBe(4006)
    expect(given(spool, second)).toEqual(noise(1000, 2))
    expect(given(spool, first)).toEqual(half)
    spool.remove(first)
    expect(spool.bytes).toBe(4000)
    expect(given(spool, second)).toEqual(noise(1000, 2))
    spool.remove(second)
    expect(spool.bytes).toBe(0)
    const again = spool.put(...whole(noise(10, 3)))
    expect(given(spool, again)).toEqual(noise(10, 3))
    spool.remove(again)
  })

  it('gives a value by slice as it was put so', () => {
    const spool = createSpool()
    const half = { shape: [3, 2], data: Float16Array.of(1, 2, 3, 4, 5, 1 / 3) }
    const put = spool.put(inSlices(half, 'by slice'), 'by slice')
    expect(put).toMatchObject({ shape: [3, 2], byteLength: 12 })
    const slices = spool.get(put, memory)
    expect(slices.shape).toEqual([3, 2])
    expect(slices.slice(2)).toEqual({ shape: [2], data: Float16Array.of(5, 1 / 3) })
    expect(slices.slice(0)).toEqual({ shape: [2], data: Float16Array.of(1, 2) })
    spool.remove(put)
    expect(spool.bytes).toBe(0)
  })

  it('has nothing left of a value that ends before its last slice', () => {
    const spool = createSpool()
    const kept = spool.put(...whole(noise(10, 1)))
    const broken = {
      shape: [2, 10],
      slice(index: number) {
        if (index === 1) throw new Error('cut')
        return noise(10, 2)
      }
    }
    expect(() => spool.put(broken, 'by slice')).toThrow('cut')
    expect(spool.bytes).toBe(40)
    expect(given(spool, kept)).toEqual(noise(10, 1))
    spool.remove(kept)
    expect(spool.bytes).toBe(0)
  })

  it('takes a part of a buffer', () => {
    const spool = createSpool()
    const { data } = noise(100, 1)
    const put = spool.put(...whole({ shape: [50], data: data.subarray(25, 75) }))
    expect(given(spool, put).data).toEqual(data.slice(25, 75))
    spool.remove(put)
  })

  it.runIf(process.platform === 'linux')(
    'lies in files without names, which go with the process or with the last value',
    () => {
      const spool = createSpool()
      const before = deleted()
      // More than its pages in memory.
      const put = spool.put(...whole(noise(2_000_000, 1)))
      expect(deleted()).toBeGreaterThan(before)
      spool.remove(put)
      expect(deleted()).toBe(before)
    }
  )
})

/** How many files this process has open that have no name any more. */
function deleted(): number {
  return readdirSync('/proc/self/fd').filter(file => {
    try {
      return readlinkSync(`/proc/self/fd/${file}`).endsWith(' (deleted)')
    } catch {
      return false
    }
  }).length
}
