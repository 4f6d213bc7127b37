import { readdirSync, readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createSpool } from '../../../src/main/trace/spool.ts'
import { noise } from './values.ts'

describe('the spool', () => {
  it('gives values as they were put, and counts them until they are removed', () => {
    const spool = createSpool()
    const half = { shape: [3, 1], data: Float16Array.of(1, -2, 1 / 3) }
    const first = spool.put(half)
    const second = spool.put(noise(1000, 2))
    expect(spool.bytes).toBe(4006)
    expect(spool.get(second)).toEqual(noise(1000, 2))
    expect(spool.get(first)).toEqual(half)
    spool.remove(first)
    expect(spool.bytes).toBe(4000)
    expect(spool.get(second)).toEqual(noise(1000, 2))
    spool.remove(second)
    expect(spool.bytes).toBe(0)
    const again = spool.put(noise(10, 3))
    expect(spool.get(again)).toEqual(noise(10, 3))
    spool.remove(again)
  })

  it('takes a part of a buffer', () => {
    const spool = createSpool()
    const { data } = noise(100, 1)
    const put = spool.put({ shape: [50], data: data.subarray(25, 75) })
    expect(spool.get(put).data).toEqual(data.slice(25, 75))
    spool.remove(put)
  })

  it.runIf(process.platform === 'linux')(
    'lies in files without names, which go with the process or with the last value',
    () => {
      const spool = createSpool()
      const before = deleted()
      // More than its pages in memory.
      const put = spool.put(noise(2_000_000, 1))
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
