import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataset } from '#common/data/dataset.ts'
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
