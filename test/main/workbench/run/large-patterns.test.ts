import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { idToken } from '#common/model/token.ts'
import { createEngine, type Engine } from '../../../../src/main/engine/client.ts'
import { forkEngine } from '../../../../src/main/engine/host.ts'
import { openTraceCache, type TraceCache } from '../../../../src/main/trace/cache.ts'
import type { RunnableModel } from '../../../../src/main/workbench/model/model.ts'
import { createForward } from '../../../../src/main/workbench/run/forward.ts'
import { runRecord } from '../../../../src/main/workbench/run/run-record.ts'
import { openedModel, projectRoot, uncancelled } from '../../../golden/workbench.ts'
import { built } from '../../../built.ts'

/** Tokens of whose patterns a block's take 2.9 MB: they cross in files that are not read on their way. */
const length = 600

let folder: string
let exchange: string
let engine: Engine
let model: RunnableModel
let cache: TraceCache
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lamella-large-'))
  const path = join(folder, 'model')
  cpSync(join(projectRoot, 'test/golden/llama'), path, { recursive: true })
  const config = join(path, 'config.json')
  const stated = JSON.parse(readFileSync(config, 'utf8')) as object
  writeFileSync(config, JSON.stringify({ ...stated, max_position_embeddings: length }))
  model = (await openedModel(path)) as RunnableModel
  const host = forkEngine(built.engineEntry)
  engine = createEngine({ spawn: argument => host.spawn((exchange = argument)) })
  cache = openTraceCache({ entry: built.traceEntry, folder, limitBytes: 1e9, mostInMemory: 3e6 })
})
afterAll(async () => {
  engine.close()
  model.reader.close()
  await cache.close()
  rmSync(folder, { recursive: true })
})

it('gives patterns of a long text, a moment after the run and after they were stored', async () => {
  const ids = Array.from({ length }, (_, i) => (i * 7) % 96)
  const record = runRecord(model, { input: { ids }, edits: [], provider: 'cpu' }, ids.map(idToken))
  const forward = createForward(engine, cache, Infinity)
  await forward.run(record, uncancelled())
  expect(readdirSync(exchange)).toEqual([])
  const hooks = [0, 1, 2].map(layer => `blocks.${layer}.attn.hook_pattern`)
  expect(await cache.missing(record.run.id, hooks)).toEqual([])
  for (const hook of hooks) {
    const exact = await forward.value(record, hook, { exact: true }, uncancelled())
    const expected = new Float32Array(new Float16Array(exact.data))
    const { shape, data } = await forward.value(record, hook, {}, uncancelled())
    expect(shape).toEqual([4, length, length])
    expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(expected.buffer))).toBe(0)
    const one = await forward.value(record, hook, { index: 2 }, uncancelled())
    expect(one).toEqual({
      shape: [length, length],
      data: expected.slice(2 * length ** 2, 3 * length ** 2)
    })
  }
  await expect
    .poll(async () => {
      await cache.look()
      return cache.bytes
    })
    .toBeGreaterThan(3e6)
  const data = (await cache.get(record.run.id, hooks[2]!, 3))!.data
  const exact = await forward.value(record, hooks[2]!, { exact: true, index: 3 }, uncancelled())
  expect(data).toEqual(new Float32Array(new Float16Array(exact.data)))
})
