import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Tensor } from '#common/model/tensor.ts'
import { DamagedValue } from '../../../src/main/trace/encoding.ts'
import { openTraceStore } from '../../../src/main/trace/store.ts'
import { noise } from './values.ts'

let file: string
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'lamella-trace-')), 'trace.sqlite')
})

describe('a store of values', () => {
  it('gives back float32 exactly and float16 to eleven bits', () => {
    const cache = openTraceStore(file, 1e9)
    const value: Tensor = { shape: [2, 2], data: Float32Array.of(1 / 3, -0, 1e-8, 65504) }
    cache.put('run', 'exact', value, 'whole')
    cache.put('run', 'half', { ...value, data: new Float16Array(value.data) }, 'whole')
    expect(cache.get('run', 'exact')).toEqual(value)
    expect(cache.get('run', 'half')).toEqual({
      shape: [2, 2],
      data: Float32Array.of(Math.f16round(1 / 3), -0, 0, 65504)
    })
  })

  it('compresses where it pays and says so in its size', () => {
    const cache = openTraceStore(file, 1e9)
    cache.put('run', 'zeros', { shape: [10_000], data: new Float16Array(10_000) }, 'whole')
    expect(cache.bytes).toBeLessThan(1000)
    const { shape, data } = noise(10_000, 1)
    cache.put('run', 'noise', { shape, data: new Float16Array(data) }, 'whole')
    expect(cache.bytes).toBeGreaterThan(15_000)
    expect(cache.get('run', 'zeros')!.data).toEqual(new Float32Array(10_000))
  })

  it('keeps values between openings, and tells what it has', () => {
    const first = openTraceStore(file, 1e9)
    first.put('run', 'hook', noise(100, 1), 'whole')
    first.close()
    const second = openTraceStore(file, 1e9)
    expect(second.has('run', 'hook')).toBe(true)
    expect(second.has('run', 'other')).toBe(false)
    expect(second.get('other', 'hook')).toBeNull()
    expect(second.get('run', 'hook')).toEqual(noise(100, 1))
  })

  it('removes all values, for every program, and gives back what they took', () => {
    const size = () =>
      ['', '-wal'].reduce(
        (sum, end) => sum + (existsSync(file + end) ? statSync(file + end).size : 0),
        0
      )
    const cache = openTraceStore(file, 1e9)
    const other = openTraceStore(file, 1e9)
    for (let i = 0; i < 20; i++) cache.put('run', `hook ${i}`, noise(200_000, i), 'whole')
    expect(other.has('run', 'hook 3')).toBe(true)
    expect(size()).toBeGreaterThan(16e6)
    cache.clear()
    expect(cache.bytes).toBe(0)
    expect(cache.get('run', 'hook 3')).toBeNull()
    expect(other.get('run', 'hook 3')).toBeNull()
    expect(size()).toBeLessThan(2e6)
    cache.put('run', 'hook', noise(100, 1), 'whole')
    expect(cache.bytes).toBe(400)
    other.put('run', 'other', noise(100, 2), 'whole')
    expect(other.bytes).toBe(800)
  })

  it.each(['whole', 'by slice'] as const)(
    'refuses an index outside of a value kept %s, and keeps what it has',
    layout => {
      const cache = openTraceStore(file, 1e9)
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
    const cache = openTraceStore(file, 10_000)
    cache.put('run', 'a', noise(1000, 1), 'whole')
    cache.put('run', 'b', noise(1000, 2), 'whole')
    cache.get('run', 'a')
    cache.put('run', 'c', noise(1000, 3), 'whole')
    expect(['a', 'b', 'c'].map(hook => cache.has('run', hook))).toEqual([true, false, true])
    expect(cache.bytes).toBeLessThanOrEqual(10_000)
  })

  it('lets other programs know by and by what it used, also when it only reads', () => {
    const cache = openTraceStore(file, 1e9)
    const hooks = Array.from({ length: 1001 }, (_, i) => `hook ${i}`)
    for (const hook of [...hooks, 'unused']) cache.put('run', hook, noise(1, 1), 'whole')
    for (const hook of hooks) cache.get('run', hook)
    const other = openTraceStore(file, cache.bytes)
    other.put('run', 'one more', noise(1, 1), 'whole')
    expect([...hooks, 'unused'].filter(hook => !other.has('run', hook))).toEqual(['unused'])
  })

  it('gives what it has also where it cannot say that it was used', () => {
    const cache = openTraceStore(file, 1e9)
    const hooks = Array.from({ length: 1002 }, (_, i) => `hook ${i}`)
    for (const hook of hooks) cache.put('run', hook, noise(1, 1), 'whole')
    new Database(file).exec(
      "CREATE TRIGGER no BEFORE UPDATE ON value BEGIN SELECT raise(ABORT, 'not today'); END"
    )
    for (const hook of hooks) expect(cache.get('run', hook)).toEqual(noise(1, 1))
  })

  it('keeps what it has just put also where the clock of another program is ahead', () => {
    const cache = openTraceStore(file, 5_000)
    cache.put('run', 'a', noise(1000, 1), 'whole')
    new Database(file).exec('UPDATE value SET used = used + 1000000')
    cache.put('run', 'b', noise(1000, 2), 'whole')
    expect(['a', 'b'].map(hook => cache.has('run', hook))).toEqual([false, true])
  })

  it('knows what it used and what it keeps after a value that could not be put', () => {
    const cache = openTraceStore(file, 10_000)
    cache.put('run', 'a', noise(1000, 1), 'whole')
    cache.put('run', 'b', noise(1000, 2), 'whole')
    cache.get('run', 'a')
    const other = new Database(file)
    other.exec(
      "CREATE TRIGGER no BEFORE INSERT ON value BEGIN SELECT raise(ABORT, 'not today'); END"
    )
    expect(() => cache.put('run', 'b', noise(10, 3), 'whole')).toThrow('not today')
    expect(cache.bytes).toBe(8000)
    other.exec('DROP TRIGGER no')
    cache.put('run', 'c', noise(1000, 3), 'whole')
    expect(['a', 'b', 'c'].map(hook => cache.has('run', hook))).toEqual([true, false, true])
  })

  it('counts what another window keeps, too', () => {
    const cache = openTraceStore(file, 10_000)
    const other = openTraceStore(file, 10_000)
    cache.put('run', 'a', noise(1000, 1), 'whole')
    other.put('run', 'b', noise(1000, 2), 'whole')
    cache.put('run', 'c', noise(1000, 3), 'whole')
    expect(cache.bytes).toBeLessThanOrEqual(10_000)
    expect(['a', 'b', 'c'].filter(hook => other.has('run', hook))).toHaveLength(2)
  })

  it('keeps one value that alone is over the limit', () => {
    const cache = openTraceStore(file, 1000)
    cache.put('run', 'big', noise(1000, 1), 'whole')
    expect(cache.has('run', 'big')).toBe(true)
  })

  it('replaces a value put twice', () => {
    const cache = openTraceStore(file, 1e9)
    cache.put('run', 'a', noise(10, 1), 'whole')
    cache.put('run', 'a', noise(20, 2), 'whole')
    expect(cache.get('run', 'a')).toEqual(noise(20, 2))
    expect(cache.bytes).toBe(80)
  })

  it('gives no value of which a bit has turned', () => {
    const first = openTraceStore(file, 1e9)
    first.put('run', 'a', noise(20_000, 1), 'whole')
    first.close()
    const bytes = readFileSync(file)
    const at = bytes.indexOf(Buffer.from(noise(20_000, 1).data.buffer, 40_000, 16))
    expect(at).toBeGreaterThan(0)
    bytes[at]! ^= 1
    writeFileSync(file, bytes)
    expect(() => openTraceStore(file, 1e9).get('run', 'a')).toThrow('is not what was written')
  })

  it('keeps what it holds where it is used once it is closed', () => {
    const first = openTraceStore(file, 1e9)
    first.put('run', 'a', noise(10, 1), 'whole')
    first.close()
    expect(() => first.get('run', 'a')).toThrow()
    expect(openTraceStore(file, 1e9).get('run', 'a')).toEqual(noise(10, 1))
  })

  it('counts and gives up a value that is kept by slice as a whole', () => {
    const cache = openTraceStore(file, 1e9)
    const value = { shape: [4, 100], data: noise(400, 1).data }
    cache.put('run', 'a', value, 'by slice')
    expect(cache.bytes).toBe(1600)
    expect(cache.get('run', 'a')).toEqual(value)
    expect(cache.get('run', 'a', 2)).toEqual({ shape: [100], data: value.data.slice(200, 300) })
  })
})

describe('a file of values that is damaged', () => {
  /** Changes the file as no store does. */
  function change(sql: string): void {
    const database = new Database(file)
    database.exec(sql)
    database.close()
  }
  beforeEach(() => {
    const cache = openTraceStore(file, 1e9)
    cache.put('run', 'hook', { shape: [3, 2], data: new Float16Array(6) }, 'by slice')
    cache.close()
  })

  it('in what it says of a value is no fault of who asks for a part of it', () => {
    change("UPDATE value SET shape = '[1,2]'")
    expect(() => openTraceStore(file, 1e9).get('run', 'hook', 2)).toThrow(DamagedValue)
  })

  it('in what it says of its own version is not read', () => {
    change('PRAGMA user_version = 3')
    expect(() => openTraceStore(file, 1e9)).toThrow('trace cache of version 3')
  })

  it.each(['-1000000', '1e300'])('in what its values take is not counted on: %s', size => {
    change(`UPDATE value SET size = ${size}`)
    expect(() => openTraceStore(file, 1e9)).toThrow(DamagedValue)
  })
})

describe.skipIf(process.platform === 'win32')('while another program writes', () => {
  /** Another program that holds the file for a while and then writes to it. */
  async function writes(prepare: string): Promise<void> {
    const script = `
      import Database from 'better-sqlite3'
      const database = new Database(${JSON.stringify(file)})
      ${prepare}
      database.exec('BEGIN IMMEDIATE')
      console.log('begun')
      setTimeout(() => {
        database.exec('CREATE TABLE other (a); COMMIT')
        database.close()
      }, 300)`
    const cwd = join(import.meta.dirname, '../../..')
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd })
    await once(other.stdout, 'data')
  }

  it('a value waits and is kept', async () => {
    const cache = openTraceStore(file, 1e9)
    await writes('')
    cache.put('run', 'hook', noise(10, 1), 'whole')
    expect(openTraceStore(file, 1e9).get('run', 'hook')).toEqual(noise(10, 1))
  })

  it('a file is begun once it is done', async () => {
    await writes("database.pragma('journal_mode = WAL')")
    const cache = openTraceStore(file, 1e9)
    cache.put('run', 'hook', noise(10, 1), 'whole')
    expect(cache.get('run', 'hook')).toEqual(noise(10, 1))
  })
})
