import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { dataset } from '#common/data/dataset.ts'
import type { Row } from '../../../src/main/session/format.ts'
import { valueFrom } from '../../../src/main/session/value-rows.ts'
import { sessionWork } from '../../../src/main/session/work.ts'
import { outcome } from '../checkpoint/temporary.ts'
import { exampleContent, newPlace, pattern, scores, stream, writeExample } from './example.ts'

describe("a session's file", () => {
  it('gives back, bit for bit, what was put into it', async () => {
    const path = newPlace()
    await writeExample(path)
    const work = sessionWork()
    const file = await work.read({ path })
    expect(file).toMatchObject({
      content: exampleContent(),
      models: ['{"name":"first"}'],
      runs: ['{}'],
      notes: [],
      saved: { at: 5, version: '1.0.0', keep: 'seen', bytes: readFileSync(path).length }
    })
    const whole = await work.value({ run: 'f00d', hook: pattern.hook })
    expect(whole).toEqual({
      precision: 'float16',
      value: { shape: [2, 3, 3], data: new Float32Array(pattern.value.data) }
    })
    const head = await work.value({ run: 'f00d', hook: pattern.hook, index: 1 })
    expect(head!.value).toEqual({
      shape: [3, 3],
      data: new Float32Array(pattern.value.data.subarray(9))
    })
    const { value, precision } = (await work.value({ run: 'f00d', hook: stream.hook }))!
    expect(precision).toBe('float32')
    expect(value.shape).toEqual([3, 2])
    expect([...value.data].every((each, i) => Object.is(each, stream.value.data[i]))).toBe(true)
    const row = await work.value({ run: 'f00d', hook: stream.hook, index: 2 })
    expect(row!.value.data).toEqual(stream.value.data.slice(4))
    expect(await work.result({ key: 'k' })).toEqual(
      dataset(scores.axes, scores.variables, scores.attributes)
    )
    expect(await work.results(null)).toMatchObject([{ key: 'k', request: { name: 'head-scores' } }])
    expect(await work.check(null)).toEqual({ rows: 14, isWhole: true, damaged: [] })
    expect(await work.value({ run: 'f00d', hook: 'logits' })).toBeNull()
    await expect(async () =>
      work.value({ run: 'f00d', hook: pattern.hook, index: 2 })
    ).rejects.toThrow('index 2 is outside 0…1')
  })

  it('takes the place of no other than the one that was there as it was begun', async () => {
    const path = newPlace()
    await writeExample(path)
    const work = sessionWork()
    const finished = async (over: string | null) => {
      await work.begin({ path })
      const saved = { at: 5, version: '1.0.0', keep: 'seen' } as const
      return outcome(Promise.resolve(work.finish({ content: exampleContent(), saved, over })))
    }
    const over = await work.mark({ path })
    const other = await writeExample(path)
    const refused = /a\.lamella: was changed by another program while it was saved/
    for (const mark of [over, null]) {
      expect(await finished(mark)).toMatch(refused)
      expect(readFileSync(path)).toEqual(other)
      expect(readdirSync(dirname(path))).toEqual(['a.lamella'])
    }
    expect(await finished(await work.mark({ path }))).toMatchObject({ file: { path } })
  })

  it('takes the place of none that came while it was brought to the disk', async () => {
    const path = newPlace()
    await writeExample(path)
    const work = sessionWork()
    const over = await work.mark({ path })
    await work.begin({ path })
    const handle = await open(path)
    const handles = Object.getPrototypeOf(handle) as FileHandle
    await handle.close()
    const sync = vi.spyOn(handles, 'sync').mockImplementationOnce(() => {
      writeFileSync(path, 'of another program')
      return Promise.resolve()
    })
    const saved = { at: 5, version: '1.0.0', keep: 'seen' } as const
    const finished = Promise.resolve(work.finish({ content: exampleContent(), saved, over }))
    expect(await outcome(finished)).toMatch(/was changed by another program while it was saved/)
    expect(readFileSync(path, 'utf8')).toBe('of another program')
    expect(readdirSync(dirname(path))).toEqual(['a.lamella'])
    sync.mockRestore()
  })

  it('takes the place of the one before when it is whole, and leaves nothing beside it', async () => {
    const path = newPlace()
    const before = await writeExample(path)
    const work = sessionWork()
    await work.begin({ path })
    await work.putJson({ table: 'runs', key: 'r', json: '{}' })
    expect(readFileSync(path)).toEqual(before)
    await work.abandon(null)
    expect(readdirSync(dirname(path))).toEqual(['a.lamella'])
    expect(readFileSync(path)).toEqual(before)
    await writeExample(path, 'second', work)
    expect((await work.read({ path })).content).toEqual(exampleContent('second'))
    expect(readdirSync(dirname(path))).toEqual(['a.lamella'])
  })

  it('is named with where it was, and what to do, when it is not there', async () => {
    const path = newPlace()
    await expect(sessionWork().read({ path })).rejects.toMatchObject({
      code: 'not-found',
      message: `${path}: does not exist`,
      hint: expect.stringContaining('open it from where it is now') as string
    })
  })

  it('names the values that are damaged, and gives the others', async () => {
    const path = newPlace()
    const bytes = await writeExample(path)
    const place = bytes.indexOf(Buffer.from(stream.value.data.buffer))
    bytes[place]! ^= 1
    writeFileSync(path, bytes)
    const work = sessionWork()
    expect((await work.read({ path })).notes).toEqual([])
    expect(await work.value({ run: 'f00d', hook: stream.hook })).toBeNull()
    expect(await work.value({ run: 'f00d', hook: pattern.hook })).not.toBeNull()
    expect((await work.check(null)).damaged).toEqual([`trace_values: f00d ${stream.hook} 0`])
  })
})

describe('a session that would be too large', () => {
  it('is refused before it is written, and the one before stays', async () => {
    const path = newPlace()
    const before = await writeExample(path)
    const work = sessionWork([], 2 ** 16)
    expect(await outcome(writeExample(path, 'second', work, 2 ** 17))).toMatch(
      /^unsupported: a\.lamella: would take more than .* GB, which no session may$/
    )
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(dirname(path))).toEqual(['a.lamella'])
  })
})

describe('who has one session and takes another', () => {
  it('lets the first go', async () => {
    const [one, other] = [newPlace(), newPlace()]
    await Promise.all([writeExample(one), writeExample(other)])
    const [own, next] = [sessionWork(), sessionWork()]
    expect(await own.lock({ path: one })).toBe('held')
    expect(await next.lock({ path: one })).toBe('taken')
    expect(await own.lock({ path: other })).toBe('held')
    expect(await next.lock({ path: one })).toBe('held')
    await Promise.all([own.close(null), next.close(null)])
  })
})

describe('rows of a value that say what no value is', () => {
  const rowOf = (shape: number[], slices: number | null, count = 2): Row => ({
    key: 'f00d blocks.0.attn.hook_pattern 0',
    about: JSON.stringify({ precision: 'float32', shape, compressed: false, slices }),
    bytes: new Uint8Array(Float32Array.from({ length: count }, (_, i) => i).buffer)
  })

  it('are refused when they would be larger than any, before there is room for them', () => {
    expect(() => valueFrom(() => rowOf([2 ** 30], null), undefined)).toThrow('too large')
    expect(() => valueFrom(() => rowOf([2], 2 ** 29), undefined)).toThrow('too large')
  })

  it('are refused when one slice is of another size than the first', () => {
    const rows = [rowOf([2], 2), rowOf([3], 2, 3)]
    expect(() => valueFrom(slice => rows[slice]!, undefined)).toThrow('different sizes')
    const short = [rowOf([2], 2), rowOf([1], 2, 1)]
    expect(() => valueFrom(slice => short[slice]!, undefined)).toThrow('different sizes')
  })
})
