import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FiledTensor } from '../../../src/main/files/filed-tensor.ts'
import { openTraceCache, type TraceCache } from '../../../src/main/trace/cache.ts'
import type { CacheState } from '../../../src/main/trace/protocol.ts'
import { outcome } from '../checkpoint/temporary.ts'
import { filed, filesOf } from './filed.ts'
import { noise } from './values.ts'
import { built } from '../../built.ts'

const entry = built.traceEntry
const faulty = join(import.meta.dirname, 'faulty-worker.ts')
const restless = join(import.meta.dirname, 'restless-worker.ts')

let folder: string
const opened: TraceCache[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamella-cache-'))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map(cache => cache.close()))
  rmSync(folder, { recursive: true })
})

function open(options: Partial<Parameters<typeof openTraceCache>[0]> = {}): TraceCache {
  const cache = openTraceCache({ entry, folder, limitBytes: 1e9, ...options })
  opened.push(cache)
  return cache
}

describe('the cache of values', () => {
  it('gives what was put at once, and after the next start', async () => {
    const cache = open()
    const matrix = { shape: [2, 3], data: Float16Array.of(1, 2, 3, 4, 5, 1 / 3) }
    void cache.put('run', 'matrix', matrix, 'by slice')
    void cache.put('run', 'vector', noise(100, 1))
    expect(await cache.get('run', 'vector')).toEqual(noise(100, 1))
    expect(await cache.get('run', 'matrix', 1)).toEqual({
      shape: [3],
      data: Float32Array.of(4, 5, Math.f16round(1 / 3))
    })
    expect(await cache.get('run', 'other')).toBeNull()
    expect(await cache.missing('run', ['other', 'matrix', 'vector', 'one'])).toEqual([
      'other',
      'one'
    ])
    await cache.close()
    const next = open()
    expect(await next.get('run', 'vector')).toEqual(noise(100, 1))
    expect((await next.get('run', 'matrix'))!.data).toEqual(
      Float32Array.of(1, 2, 3, 4, 5, Math.f16round(1 / 3))
    )
  })

  it('gives the same value again after one was read that still waited to be stored', async () => {
    const cache = open()
    void cache.put('run', 'a', noise(100_000, 1))
    const first = await cache.get('run', 'a')
    first!.data.fill(0)
    expect(await cache.get('run', 'a')).toEqual(noise(100_000, 1))
    await cache.close()
    expect(await open().get('run', 'a')).toEqual(noise(100_000, 1))
  })

  it('stores what waits a moment after the last value came, not while a run gives more', async () => {
    const cache = open()
    void cache.put('run', 'a', noise(1000, 1))
    await cache.look()
    expect(cache.bytes).toBe(0)
    await expect
      .poll(async () => {
        await cache.look()
        return cache.bytes
      })
      .toBe(4000)
  })

  // A machine that stands still for seconds may keep the pace from being seen.
  it(
    'waits for more where values come slowly, as a long text gives them',
    { retry: 2 },
    async () => {
      const cache = open()
      await cache.put('run', 'a', noise(1000, 1))
      await expect
        .poll(async () => {
          await cache.look()
          return cache.bytes
        })
        .toBe(4000)
      await setTimeout(200)
      await cache.put('run', 'b', noise(1000, 2))
      await setTimeout(200)
      await cache.look()
      expect(cache.bytes).toBe(4000)
    }
  )

  it('finds the first of some hooks', async () => {
    const cache = open()
    await cache.put('run', 'b', noise(3, 2))
    await cache.put('run', 'c', noise(3, 3))
    expect(await cache.first('run', ['a', 'b', 'c'])).toEqual({ hook: 'b', value: noise(3, 2) })
    expect(await cache.first('run', ['a'])).toBeNull()
  })

  it('takes the array of what is put, and leaves that of what is still wanted', async () => {
    const cache = open()
    const given = noise(10, 1)
    await cache.put('run', 'given', given)
    expect(given.data.length).toBe(0)
    const wanted = noise(10, 2)
    expect((await cache.keep('run', 'wanted', wanted)).data).toBe(wanted.data)
    expect(await cache.get('run', 'wanted')).toEqual(noise(10, 2))
    const shape = [2, 5]
    expect(await cache.keep('run', 'rows', { ...noise(10, 3), shape }, 'whole', 1)).toEqual({
      shape: [5],
      data: noise(10, 3).data.slice(5)
    })
    const half = { shape, data: new Float16Array(noise(10, 4).data) }
    const expected = new Float32Array(half.data)
    expect(await cache.keep('run', 'half', half, 'by slice', 1)).toEqual({
      shape: [5],
      data: expected.slice(5)
    })
    expect(half.data.length).toBe(0)
    expect((await cache.get('run', 'half'))!.data).toEqual(expected)
  })

  it('copies what is large whole, a piece at a time', async () => {
    const cache = open()
    const large = {
      shape: [5_000_000],
      data: Float32Array.from({ length: 5_000_000 }, (_, i) => i)
    }
    let turns = 0
    const turning = setInterval(() => turns++, 0)
    await cache.keep('run', 'large', large)
    clearInterval(turning)
    expect(turns).toBeGreaterThan(0)
    const { data } = (await cache.get('run', 'large'))!
    expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(large.data.buffer))).toBe(0)
  })

  it('refuses an index that there is none of, waiting or stored', async () => {
    const cache = open()
    const value = () => ({ shape: [2, 3], data: new Float32Array(6) })
    void cache.put('run', 'a', value())
    const message = 'invalid-argument: index 2 is outside 0…1'
    expect(await outcome(cache.get('run', 'a', 2))).toBe(message)
    await cache.close()
    expect(await outcome(open().get('run', 'a', 2))).toBe(message)
  })

  it('sets aside on the disk what more waits than may in memory, gives it, and stores it in the end', async () => {
    const cache = open({ entry: restless, mostInMemory: 1000 })
    const half = () => ({ shape: [2, 300], data: new Float16Array(noise(600, 3).data) })
    await cache.put('run', 'a', noise(200, 1))
    await cache.put('run', 'half', half(), 'by slice')
    await cache.put('run', 'b', noise(200, 2))
    // Nothing is stored yet, and no one waited for it.
    expect(cache.bytes).toBe(0)
    expect(await cache.get('run', 'a')).toEqual(noise(200, 1))
    expect((await cache.get('run', 'half', 1))!.data).toEqual(
      new Float32Array(half().data).slice(300)
    )
    expect(await cache.missing('run', ['a', 'half', 'b'])).toEqual([])
    // What takes the place of what was set aside.
    await cache.put('run', 'a', noise(200, 4))
    await cache.close()
    const next = open()
    expect(await next.get('run', 'a')).toEqual(noise(200, 4))
    expect(await next.get('run', 'b')).toEqual(noise(200, 2))
    expect((await next.get('run', 'half'))!.data).toEqual(new Float32Array(half().data))
  })

  it('reads what comes in a file as it stores it, gives it meanwhile, and closes the file', async () => {
    const cache = open()
    const half = { shape: [2, 300], data: new Float16Array(noise(600, 3).data) }
    const data = new Float32Array(half.data)
    const given = filed(folder, half)
    const replaced = filed(folder, noise(600, 1))
    const before = filesOf([given, replaced])
    void cache.put('run', 'other', replaced)
    void cache.put('run', 'other', noise(5, 1))
    await cache.put('run', 'half', given, 'by slice')
    expect(cache.bytes).toBe(0)
    expect((await cache.get('run', 'half', 1))!).toEqual({ shape: [300], data: data.slice(300) })
    expect(await cache.get('run', 'half')).toEqual({ shape: [2, 300], data })
    await cache.close()
    expectNone(before, [given, replaced])
    const next = open()
    expect(await next.get('run', 'half')).toEqual({ shape: [2, 300], data })
    expect(await next.get('run', 'other')).toEqual(noise(5, 1))
  })

  it('sets aside files on the disk, too, and closes them', async () => {
    const cache = open({ entry: restless, mostInMemory: 1000 })
    const values = [1, 2, 3, 4].map(seed => ({
      shape: [2, 300],
      data: new Float16Array(noise(600, seed).data)
    }))
    const given = values.map(value => filed(folder, value))
    const before = filesOf(given)
    for (const [i, value] of given.entries()) await cache.put('run', `${i}`, value, 'by slice')
    expect(cache.bytes).toBe(0)
    // Of two there is room in what may wait, of the last one in memory.
    await expect
      .poll(() => filesOf(given).filter((file, i) => file === before[i]).length)
      .toBeLessThan(2)
    expect(cache.bytes).toBe(0)
    for (const [i, { data }] of values.entries())
      expect((await cache.get('run', `${i}`, 1))!.data).toEqual(new Float32Array(data).slice(300))
    await cache.close()
    expectNone(before, given)
    const next = open()
    for (const [i, { data }] of values.entries())
      expect((await next.get('run', `${i}`))!.data).toEqual(new Float32Array(data))
  })

  it('computes again what its file had too little of, or what its thread was handed as it stopped', async () => {
    const cache = open({ entry: faulty })
    const given = filed(folder, noise(10, 1))
    const before = filesOf([given])
    const stopped = cache.get('run', 'stop')
    await cache.put('run', 'a', given)
    expect(await stopped).toBeNull()
    await expect.poll(() => filesOf([given])).not.toEqual(before)
    const cut = filed(folder, noise(10, 1))
    const ofCut = filesOf([cut])
    const other = open()
    await other.put('run', 'cut', { ...cut, shape: [20] })
    await other.put('run', 'b', noise(10, 2))
    await other.close()
    expectNone(ofCut, [cut])
    const next = open()
    expect(await next.missing('run', ['cut', 'b'])).toEqual(['cut'])
  })

  it('makes who puts wait until some is stored where no more may wait on the disk, either', async () => {
    const cache = open({ mostInMemory: 1000, mostSpooled: -1 })
    await cache.put('run', 'a', noise(200, 1))
    expect(cache.bytes).toBe(0)
    await cache.put('run', 'b', noise(200, 2))
    expect(cache.bytes).toBe(800)
  })

  it('tells how much it keeps once nothing waits, and when it is looked at', async () => {
    const states: CacheState[] = []
    const cache = open({ onState: state => states.push(state) })
    expect(cache.bytes).toBe(0)
    void cache.put('run', 'a', noise(10, 1))
    await cache.put('run', 'b', noise(10, 1))
    await cache.close()
    expect(states).toEqual([{ bytes: 80, refusal: null }])
    const next = open()
    await next.look()
    expect(next.bytes).toBe(80)
  })

  it('keeps values in memory where the disk takes none, and says why', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const states: CacheState[] = []
    const cache = open({ folder: file, onState: state => states.push(state) })
    await cache.put('run', 'a', noise(10, 1))
    expect(await cache.get('run', 'a')).toEqual(noise(10, 1))
    await cache.close()
    expect(states).toEqual([
      { bytes: 40, refusal: 'trace.sqlite: a file stands where its folder should be' }
    ])
  })

  it('goes on in a new thread when its thread stops', async () => {
    const cache = open({ entry: faulty })
    await cache.put('run', 'a', noise(10, 1))
    expect(await cache.get('run', 'stop')).toBeNull()
    expect(await cache.missing('run', ['a'])).toEqual([])
    const half = { shape: [1], data: Float16Array.of(1) }
    expect(await outcome(cache.keep('run', 'stop', half))).toBe(
      'internal: stop: its value was lost'
    )
  })

  it('is not asked once it is closed', async () => {
    const cache = open()
    await cache.put('run', 'a', noise(10, 1))
    await cache.close()
    await cache.close()
    expect(await cache.get('run', 'a')).toBeNull()
    expect(await open().get('run', 'a')).toEqual(noise(10, 1))
  })
})

/** That tensors do not have the files any more that they had before. */
function expectNone(before: readonly (number | null)[], tensors: readonly FiledTensor[]): void {
  expect(before).not.toContain(null)
  expect(filesOf(tensors).filter((file, i) => file === before[i])).toEqual([])
}
