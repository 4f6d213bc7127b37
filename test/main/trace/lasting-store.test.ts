import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tensor } from '#common/model/tensor.ts'
import { makePrivate } from '../../../src/main/trace/files.ts'
import { createLastingStore, type LastingStore } from '../../../src/main/trace/lasting-store.ts'
import { noise } from './values.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamella-lasting-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (within = folder) => createLastingStore({ folder: within, limitBytes: 1e9 })
const filesIn = (within: string) => readdirSync(within).filter(name => name.endsWith('.sqlite'))

describe('a store that lasts', () => {
  it('begins anew over a file that is no database, and leaves that as it is until the next start', () => {
    const file = join(folder, 'trace.sqlite')
    const other = 'not a database, but long enough to be read as one'.repeat(100)
    writeFileSync(file, other)
    const first = open()
    first.put('run', 'a', noise(10, 1), 'whole')
    expect(first.get('run', 'a')).toEqual(noise(10, 1))
    expect(readFileSync(file, 'utf8')).toBe(other)
    first.close()
    const second = open()
    expect(second.get('run', 'a')).toEqual(noise(10, 1))
    expect(filesIn(folder)).toEqual(['trace.1.sqlite'])
    second.close()
  })

  it('begins anew over a file of another version', () => {
    const database = new Database(join(folder, 'trace.sqlite'))
    database.exec('CREATE TABLE value (run TEXT); PRAGMA user_version = 3')
    database.close()
    const store = open()
    store.put('run', 'a', noise(10, 1), 'whole')
    expect(store.get('run', 'a')).toEqual(noise(10, 1))
    expect(store.state()).toEqual({ bytes: 40, refusal: null })
    store.close()
  })

  it('takes nothing from a program that has a damaged file open', () => {
    const other = open()
    other.put('run', 'a', noise(10, 1), 'whole')
    const file = join(folder, 'trace.sqlite')
    const bytes = readFileSync(file)
    // What came last is in the log; the file itself is damaged.
    writeFileSync(file, bytes.fill(0xa5))
    const store = open()
    store.put('run', 'b', noise(10, 2), 'whole')
    other.put('run', 'c', noise(10, 3), 'whole')
    for (const each of [store, other]) {
      expect(each.get('run', 'b') ?? noise(10, 2)).toEqual(noise(10, 2))
      expect(each.state().refusal).toBeNull()
    }
    expect(other.get('run', 'c')).toEqual(noise(10, 3))
    other.close()
    expect(store.get('run', 'b')).toEqual(noise(10, 2))
    store.put('run', 'd', noise(10, 4), 'whole')
    expect(store.get('run', 'd')).toEqual(noise(10, 4))
    store.close()
  })

  it('begins anew over a file whose log was cut off while another program has it open', () => {
    const other = open()
    other.put('run', 'a', noise(1000, 1), 'whole')
    truncateSync(join(folder, 'trace.sqlite-wal'), 1000)
    const store = open()
    store.put('run', 'b', noise(10, 2), 'whole')
    expect(store.get('run', 'b')).toEqual(noise(10, 2))
    expect(store.state()).toEqual({ bytes: 40, refusal: null })
    for (const each of [store, other]) each.close()
  })

  it('gives the disk up where every file that it begins is damaged, and says so', () => {
    const damaged = 'not a database, but long enough to be read as one'.repeat(100)
    // Those behind the last number that one can have are not looked for, and are there.
    for (let i = 9999; i <= 10_010; i++) writeFileSync(join(folder, `trace.${i}.sqlite`), damaged)
    const store = open()
    store.put('run', 'a', noise(10, 1), 'whole')
    expect(store.get('run', 'a')).toEqual(noise(10, 1))
    expect(store.state()).toEqual({
      bytes: 40,
      refusal: `${basename(folder)}: every file of the cache that is begun there is damaged`
    })
    // Where something is there to be cleared, and is not, the cause is said.
    expect(() => store.clear()).toThrow(
      `${basename(folder)}: every file of the cache that is begun there is damaged`
    )
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
    store.clear()
    expect(store.state()).toEqual({ bytes: 0, refusal: null })
    store.close()
  })

  it('is cleared of files that are found damaged after it was opened, too', () => {
    const file = join(folder, 'trace.sqlite')
    for (const isOpened of [true, false]) {
      const before = open()
      before.put('run', 'a', noise(100_000, 1), 'whole')
      before.close()
      const damaged = join(folder, filesIn(folder).at(-1)!)
      const bytes = readFileSync(damaged)
      writeFileSync(damaged, bytes.fill(0xa5, isOpened ? 0 : 200_000))
      const store = open()
      if (isOpened) store.put('run', 'a', noise(100_000, 1), 'whole')
      store.clear()
      expect(store.state()).toEqual({ bytes: 0, refusal: null })
      const left = filesIn(folder).map(name => [name, statSync(join(folder, name)).size < 500_000])
      expect(left).toEqual([[isOpened ? 'trace.1.sqlite' : 'trace.2.sqlite', true]])
      expect(readdirSync(folder)).not.toContain(basename(file))
      store.close()
    }
  })

  it('passes over a folder of its name', () => {
    mkdirSync(join(folder, 'trace.sqlite', 'kept'), { recursive: true })
    const store = open()
    store.put('run', 'a', noise(10, 1), 'whole')
    store.close()
    const next = open()
    expect(next.get('run', 'a')).toEqual(noise(10, 1))
    expect(next.state().refusal).toBeNull()
    next.close()
    expect(readdirSync(join(folder, 'trace.sqlite'))).toEqual(['kept'])
  })

  it('leaves alone what has a number that no cache comes to', () => {
    for (const name of ['trace.999999999.sqlite', 'trace.12345.sqlite', 'trace.01.sqlite'])
      writeFileSync(join(folder, name), 'not a database')
    for (const before of [null, noise(10, 1)]) {
      const store = open()
      expect(store.get('run', 'a')).toEqual(before)
      store.put('run', 'a', noise(10, 1), 'whole')
      store.close()
    }
    expect(filesIn(folder)).toEqual([
      'trace.01.sqlite',
      'trace.12345.sqlite',
      'trace.999999999.sqlite',
      'trace.sqlite'
    ])
  })

  it('goes on behind the last number that one can have', () => {
    writeFileSync(join(folder, 'trace.9999.sqlite'), 'not a database '.repeat(100))
    for (const before of [null, noise(10, 1)]) {
      const store = open()
      expect(store.get('run', 'a')).toEqual(before)
      store.put('run', 'a', noise(10, 1), 'whole')
      expect(store.state().refusal).toBeNull()
      store.close()
    }
    expect(filesIn(folder)).toEqual(['trace.10000.sqlite', 'trace.9999.sqlite'])
  })

  it.runIf(process.platform !== 'win32')('is for its user alone, also where it was not', () => {
    const file = join(folder, 'trace.sqlite')
    writeFileSync(file, '')
    chmodSync(file, 0o644)
    const store = open()
    store.put('run', 'a', noise(10, 1), 'whole')
    for (const name of ['trace.sqlite', 'trace.sqlite-wal', 'trace.sqlite-shm'])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    store.close()
  })

  it.runIf(process.platform !== 'win32')(
    'makes nothing its user’s alone that a link leads to',
    () => {
      const other = join(folder, 'other')
      writeFileSync(other, '')
      chmodSync(other, 0o644)
      symlinkSync(other, join(folder, 'trace.sqlite'))
      expect(() => makePrivate(join(folder, 'trace.sqlite'))).toThrow('ELOOP')
      expect(statSync(other).mode & 0o777).toBe(0o644)
    }
  )

  it.runIf(process.platform === 'linux')(
    'keeps all values in memory once the disk did not take one',
    () => {
      const module = join(import.meta.dirname, '../../../src/main/trace/lasting-store.ts')
      const script = `
        import { createLastingStore } from ${JSON.stringify(module)}
        const store = createLastingStore({ folder: ${JSON.stringify(folder)}, limitBytes: 1e9 })
        const put = (hook, length) =>
          store.put('run', hook, { shape: [length], data: new Float32Array(length) }, 'whole')
        put('before', 1000)
        put('large', 1e6)
        put('after', 1000)
        const { refusal } = store.state()
        const kept = ['before', 'large', 'after'].map(hook => store.get('run', hook).data.length)
        console.log(JSON.stringify({ refusal, kept }))`
      const limited = 'ulimit -f 2048; exec "$0" --input-type=module-typescript -e "$1"'
      const cwd = join(import.meta.dirname, '../../..')
      const words = ['-c', limited, process.execPath, script]
      expect(JSON.parse(execFileSync('bash', words, { encoding: 'utf8', cwd }))).toEqual({
        refusal: expect.stringMatching(/^trace\.sqlite: /) as string,
        kept: [1000, 1e6, 1000]
      })
      const hooks = open().hooks('run')
      expect(hooks.map(({ hook }) => hook)).toEqual(['before'])
    }
  )

  it('keeps values in memory where there is no folder for them, and says why', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const store = open(file)
    store.put('run', 'a', noise(10, 1), 'whole')
    expect(store.get('run', 'a')).toEqual(noise(10, 1))
    expect(store.has('run', 'a')).toBe(true)
    expect(store.has('run', 'b')).toBe(false)
    expect(store.state()).toEqual({
      bytes: 40,
      refusal: 'trace.sqlite: a file stands where its folder should be'
    })
    // There is nothing to clear, and nothing is better.
    store.clear()
    expect(store.state()).toEqual({
      bytes: 0,
      refusal: 'trace.sqlite: a file stands where its folder should be'
    })
    rmSync(file)
    store.clear()
    store.put('run', 'a', noise(10, 1), 'whole')
    expect(store.state()).toEqual({ bytes: 40, refusal: null })
    expect(filesIn(file)).toEqual(['trace.sqlite'])
    store.close()
  })
})

describe('a byte of the file that has turned', () => {
  const values = new Map<string, Tensor>()
  for (let run = 0; run < 6; run++) {
    for (let layer = 0; layer < 20; layer++)
      values.set(`${run} hook${layer}`, noise(50 + 10 * layer, 100 * run + layer + 1))
    values.set(`${run} matrix`, { shape: [3, 40, 40], data: noise(4800, run + 1).data })
    values.set(`${run} zeros`, { shape: [2, 40, 40], data: new Float32Array(3200) })
  }

  function putAll(store: LastingStore, missing: (key: string) => boolean): void {
    for (const [key, { shape, data }] of values) {
      if (!missing(key)) continue
      const [run, hook] = key.split(' ') as [string, string]
      const isMatrix = /matrix|zeros/.test(hook)
      const half = { shape, data: new Float16Array(data) }
      store.put(run, hook, isMatrix ? half : { shape, data }, isMatrix ? 'by slice' : 'whole')
    }
  }

  function rounded(key: string): Tensor {
    const { shape, data } = values.get(key)!
    return /matrix/.test(key)
      ? { shape, data: new Float32Array(new Float16Array(data)) }
      : { shape, data }
  }

  /** The keys whose value is not what was put; null is none. */
  function wrongOnes(store: LastingStore): string[] {
    return [...values.keys()].filter(key => {
      const [run, hook] = key.split(' ') as [string, string]
      const expected = rounded(key)
      const isWrong = (found: Tensor | null, from: number, shape: readonly number[]) =>
        found !== null &&
        (found.shape.join() !== shape.join() ||
          found.data.some((value, i) => value !== expected.data[from + i]))
      if (isWrong(store.get(run, hook), 0, expected.shape)) return true
      return /matrix/.test(hook) && isWrong(store.get(run, hook, 1), 1600, [40, 40])
    })
  }

  it('never gives a wrong value nor an error: all is had again', () => {
    const whole = join(folder, 'whole')
    const store = open(whole)
    putAll(store, () => true)
    store.close()
    const size = statSync(join(whole, 'trace.sqlite')).size
    let state = 20_251_126
    const random = (below: number) => {
      state = (state * 1103515245 + 12345) % 2 ** 31
      return Math.floor((state / 2 ** 31) * below)
    }
    let damaged = 0
    for (let flip = 0; flip < 64; flip++) {
      const own = join(folder, String(flip))
      mkdirSync(own)
      const file = join(own, 'trace.sqlite')
      copyFileSync(join(whole, 'trace.sqlite'), file)
      const bytes = readFileSync(file)
      // Every other one where no value lies: the header, tables and indices, each page from its beginning.
      const page = 65536 * random(size / 65536)
      const at = flip % 2 === 0 ? random(size) : page + random(page === 0 ? 100 : 300)
      bytes[at]! ^= 1 << random(8)
      writeFileSync(file, bytes)
      const found = open(own)
      expect({ flip, wrong: wrongOnes(found) }).toEqual({ flip, wrong: [] })
      const missing = () =>
        [...values.keys()].filter(key => {
          const [run, hook] = key.split(' ') as [string, string]
          return found.get(run, hook) === null
        })
      // Twice: damage that is found as values are put takes those before with it.
      for (let round = 0; round < 2; round++) {
        const put = missing()
        putAll(found, key => put.includes(key))
      }
      expect({ flip, wrong: wrongOnes(found) }).toEqual({ flip, wrong: [] })
      expect({ flip, missing: missing(), refusal: found.state().refusal }).toEqual({
        flip,
        missing: [],
        refusal: null
      })
      found.close()
      if (filesIn(own).length > 1) damaged++
      rmSync(own, { recursive: true })
    }
    // Else nothing that matters was flipped.
    expect(damaged).toBeGreaterThan(10)
  })
})
