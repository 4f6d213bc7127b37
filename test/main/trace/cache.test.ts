import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Tensor } from '#common/model/tensor.ts'
import { openTraceCache } from '../../../src/main/trace/cache.ts'

let file: string
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'lamella-trace-')), 'trace.sqlite')
})

/** Values that do not compress, so that sizes are what they seem. */
function noise(count: number, seed: number): Tensor {
  let state = seed
  const data = Float32Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return state / 2 ** 31
  })
  return { shape: [count], data }
}

describe('trace cache', () => {
  it('gives back float32 exactly and float16 to eleven bits', () => {
    const cache = openTraceCache(file, 1e9)
    const value: Tensor = { shape: [2, 2], data: Float32Array.of(1 / 3, -0, 1e-8, 65504) }
    cache.put('run', 'exact', value)
    cache.put('run', 'half', { ...value, data: new Float16Array(value.data) })
    expect(cache.get('run', 'exact')).toEqual(value)
    expect(cache.get('run', 'half')).toEqual({
      shape: [2, 2],
      data: Float32Array.of(Math.f16round(1 / 3), -0, 0, 65504)
    })
  })

  it('compresses where it pays and says so in its size', () => {
    const cache = openTraceCache(file, 1e9)
    cache.put('run', 'zeros', { shape: [10_000], data: new Float16Array(10_000) })
    expect(cache.bytes).toBeLessThan(1000)
    const { shape, data } = noise(10_000, 1)
    cache.put('run', 'noise', { shape, data: new Float16Array(data) })
    expect(cache.bytes).toBeGreaterThan(15_000)
    expect(cache.get('run', 'zeros')!.data).toEqual(new Float32Array(10_000))
  })

  it('keeps values between openings, and tells what it has', () => {
    const first = openTraceCache(file, 1e9)
    first.put('run', 'hook', noise(100, 1))
    first.close()
    const second = openTraceCache(file, 1e9)
    expect(second.has('run', 'hook')).toBe(true)
    expect(second.has('run', 'other')).toBe(false)
    expect(second.get('other', 'hook')).toBeNull()
    expect(second.get('run', 'hook')).toEqual(noise(100, 1))
  })

  it.each(['whole', 'by slice'] as const)(
    'refuses an index outside of a value kept %s, and keeps what it has',
    layout => {
      const cache = openTraceCache(file, 1e9)
      const value = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }
      cache.put('run', 'hook', value, layout)
      expect(cache.get('run', 'hook', 1)).toEqual({ shape: [3], data: Float32Array.of(4, 5, 6) })
      for (const index of [2, -1, 0.5, NaN])
        expect(() => cache.get('run', 'hook', index)).toThrow(
          expect.objectContaining({
            code: 'invalid-argument',
            message: `index ${index} is outside 0…1`
          }) as Error
        )
      expect(cache.get('run', 'hook')).toEqual(value)
    }
  )

  it('drops the least recently used values over its limit', () => {
    const cache = openTraceCache(file, 10_000)
    cache.put('run', 'a', noise(1000, 1))
    cache.put('run', 'b', noise(1000, 2))
    cache.get('run', 'a')
    cache.put('run', 'c', noise(1000, 3))
    expect(['a', 'b', 'c'].map(hook => cache.has('run', hook))).toEqual([true, false, true])
    expect(cache.bytes).toBeLessThanOrEqual(10_000)
  })

  it('counts what another window keeps, too', () => {
    const cache = openTraceCache(file, 10_000)
    const other = openTraceCache(file, 10_000)
    cache.put('run', 'a', noise(1000, 1))
    other.put('run', 'b', noise(1000, 2))
    cache.put('run', 'c', noise(1000, 3))
    expect(cache.bytes).toBeLessThanOrEqual(10_000)
    expect(['a', 'b', 'c'].filter(hook => other.has('run', hook))).toHaveLength(2)
  })

  it('keeps one value that alone is over the limit', () => {
    const cache = openTraceCache(file, 1000)
    cache.put('run', 'big', noise(1000, 1))
    expect(cache.has('run', 'big')).toBe(true)
  })

  it('replaces a value put twice', () => {
    const cache = openTraceCache(file, 1e9)
    cache.put('run', 'a', noise(10, 1))
    cache.put('run', 'a', noise(20, 2))
    expect(cache.get('run', 'a')).toEqual(noise(20, 2))
    expect(cache.bytes).toBe(80)
  })

  it('starts anew over a file that is no cache', () => {
    writeFileSync(file, 'not a database, but long enough to be read as one'.repeat(100))
    const cache = openTraceCache(file, 1e9)
    cache.put('run', 'a', noise(10, 1))
    expect(cache.get('run', 'a')).toEqual(noise(10, 1))
  })

  it('gives no value of which a bit has turned', () => {
    const first = openTraceCache(file, 1e9)
    first.put('run', 'a', noise(20_000, 1))
    first.close()
    const bytes = readFileSync(file)
    const at = bytes.indexOf(Buffer.from(noise(20_000, 1).data.buffer, 40_000, 16))
    expect(at).toBeGreaterThan(0)
    bytes[at]! ^= 1
    writeFileSync(file, bytes)
    expect(openTraceCache(file, 1e9).get('run', 'a')).toBeNull()
  })

  it('keeps what it holds where it is used once it is closed', () => {
    const first = openTraceCache(file, 1e9)
    first.put('run', 'a', noise(10, 1))
    first.close()
    expect(() => first.get('run', 'a')).toThrow()
    expect(openTraceCache(file, 1e9).get('run', 'a')).toEqual(noise(10, 1))
  })

  it('counts and gives up a value that is kept by slice as a whole', () => {
    const cache = openTraceCache(file, 1e9)
    const value = { shape: [4, 100], data: noise(400, 1).data }
    cache.put('run', 'a', value, 'by slice')
    expect(cache.bytes).toBe(1600)
    expect(cache.get('run', 'a')).toEqual(value)
    expect(cache.get('run', 'a', 2)).toEqual({ shape: [100], data: value.data.slice(200, 300) })
  })

  it('starts anew when a page is damaged while it is open', () => {
    const first = openTraceCache(file, 1e9)
    for (let i = 0; i < 50; i++) first.put('run', `hook${i}`, noise(2000, i))
    first.close()
    const bytes = readFileSync(file)
    for (let page = 1; page < bytes.length / 4096; page++)
      bytes.fill(0xa5, page * 4096, page * 4096 + 64)
    writeFileSync(file, bytes)
    const cache = openTraceCache(file, 1e9)
    const values = Array.from({ length: 50 }, (_, i) => cache.get('run', `hook${i}`))
    expect(
      values.every((value, i) => value === null || value.data[0] === noise(2000, i).data[0])
    ).toBe(true)
    cache.put('run', 'new', noise(10, 1))
    expect(cache.get('run', 'new')).toEqual(noise(10, 1))
  })
})
