import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { openTraceCache, type TraceCache } from '../../../../src/main/trace/cache.ts'
import { passingValues } from '../../../../src/main/workbench/run/passing-values.ts'
import { filed, filesOf } from '../../trace/filed.ts'
import { built } from '../../../built.ts'

let cache: TraceCache
beforeAll(() => {
  cache = openTraceCache({
    entry: built.traceEntry,
    folder: mkdtempSync(join(tmpdir(), 'lamella-passing-')),
    limitBytes: 1e9
  })
})
afterAll(() => cache.close())

const pre = (layer: number) => `blocks.${layer}.hook_resid_pre`
const value = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) })

describe('values of runs that pass', () => {
  it('are found again as long as they last, and nowhere else', async () => {
    const passing = passingValues(cache, new Set(['one']))
    const kept = await passing.keep('one', pre(1), value(1, 2))
    expect(kept).toEqual(value(1, 2))
    await passing.put('one', pre(2), { shape: [2, 1], data: Float16Array.of(3, 4) })
    expect(await passing.get('one', pre(1))).toEqual(value(1, 2))
    expect(await passing.get('one', pre(2), 1)).toEqual(value(4))
    expect(await passing.first('one', [pre(3), pre(2), pre(1)])).toMatchObject({ hook: pre(2) })
    expect(await passing.missing('one', [pre(1), pre(3)])).toEqual([pre(3)])
    await expect(passing.get('one', pre(1), 2)).rejects.toThrow(LamellaError)
    expect(await cache.missing('one', [pre(1), pre(2)])).toEqual([pre(1), pre(2)])
    expect(await passingValues(cache, new Set(['one'])).get('one', pre(1))).toBeNull()
  })

  it('that are no residuals are given and let go', async () => {
    const passing = passingValues(cache, new Set(['one']))
    const hook = 'blocks.0.attn.hook_z'
    expect(await passing.keep('one', hook, value(1, 2), 'whole', 1)).toEqual({
      shape: [],
      data: Float32Array.of(2)
    })
    expect(await passing.get('one', hook)).toBeNull()
    expect(await cache.get('one', hook)).toBeNull()
  })

  it('that come in a file are let go with it', async () => {
    const given = filed(mkdtempSync(join(tmpdir(), 'lamella-passing-')), value(1, 2))
    const before = filesOf([given])
    const hook = 'blocks.0.attn.hook_pattern'
    await passingValues(cache, new Set(['one'])).put('one', hook, given)
    expect(filesOf([given])).not.toEqual(before)
    expect(await cache.get('one', hook)).toBeNull()
  })

  it('lie over those that are kept, and others are kept as ever', async () => {
    await cache.put('seen', pre(2), value(2))
    const passing = passingValues(cache, new Set(['seen']))
    await passing.keep('seen', pre(1), value(1))
    await passing.keep('other', pre(1), value(5))
    await passing.put('other', pre(2), value(6))
    expect(await passing.first('seen', [pre(2), pre(1)])).toEqual({ hook: pre(2), value: value(2) })
    expect(await passing.first('seen', [pre(3), pre(1), pre(2)])).toMatchObject({ hook: pre(1) })
    expect(await passing.missing('seen', [pre(1), pre(2), pre(3)])).toEqual([pre(3)])
    expect(await cache.missing('seen', [pre(1)])).toEqual([pre(1)])
    expect(await cache.missing('other', [pre(1), pre(2)])).toEqual([])
  })

  it('take so much memory and no more: the ones used last stay', async () => {
    const passing = passingValues(cache, new Set(['one']), 24)
    for (const layer of [0, 1, 2, 3]) await passing.keep('one', pre(layer), value(layer, layer))
    expect(await passing.missing('one', [0, 1, 2, 3].map(pre))).toEqual([pre(0)])
  })
})
