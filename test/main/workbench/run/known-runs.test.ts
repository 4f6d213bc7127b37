import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import { idToken } from '#common/model/token.ts'
import type { EngineCalls } from '../../../../src/main/engine/protocol.ts'
import type { Request } from '#common/model/call-table.ts'
import type { Reply } from '../../../../src/main/process/messages.ts'
import { createKnownRuns } from '../../../../src/main/workbench/run/known-runs.ts'
import { runRecord } from '../../../../src/main/workbench/run/run-record.ts'
import { runnable, type Runnable } from '../../../../src/main/workbench/run/runnable.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import {
  cpuSource,
  hebrew,
  openedModel,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

const gone = { code: 'not-found', message: 'This run is gone' }

describe('the runs that are known', () => {
  let models: Runnable[]
  beforeAll(async () => {
    models = [runnable(await openedModel(shakespeare)), runnable(await openedModel(hebrew))]
  })
  afterAll(() => {
    for (const { reader } of models) reader.close()
  })

  function recordOf(
    number: number,
    tokens: number,
    { model = models[0]!, edits = [] as Edit[] } = {}
  ) {
    const ids = Array.from({ length: tokens }, (_, i) => Math.floor(number / 8 ** i) % 8)
    return runRecord(model, { input: { ids }, edits, provider: 'cpu' }, ids.map(idToken))
  }

  it('are those used last: of ten thousand short ones as many as ever', () => {
    const known = createKnownRuns()
    const first = recordOf(0, 6)
    known.keep(first)
    for (let i = 1; i < 1_000; i++) known.keep(recordOf(i, 6))
    expect(known.get(first.run.id)).toBe(first)
    const sizes = [3_000, 10_000].map(end => {
      for (let i = 1_000; i < end; i++) known.keep(recordOf(i, 6))
      return known.size
    })
    expect(sizes[0]).toBe(sizes[1])
    expect(() => known.get(first.run.id)).toThrow(expect.objectContaining(gone) as Error)
  })

  it.each([
    ['long texts', 4_000, []],
    ['long edits', 2, [{ hook: 'hook_embed', at: {}, scale: 1, add: Array(100_000).fill(0.5) }]]
  ] as const)('are fewer of %s', (_, tokens, edits) => {
    const known = createKnownRuns()
    const add = [...edits] as unknown as Edit[]
    for (let i = 0; i < 100; i++) known.keep(recordOf(i, tokens, { edits: add }))
    expect(known.size).toBeGreaterThan(10)
    expect(known.size).toBeLessThan(40)
  })

  it('are forgotten with their model', () => {
    const known = createKnownRuns()
    const [own, other] = [recordOf(1, 4), recordOf(1, 4, { model: models[1]! })]
    for (const record of [own, other]) known.keep(record)
    known.forget(models[0]!)
    expect(() => known.get(own.run.id)).toThrow(expect.objectContaining(gone) as Error)
    expect(known.get(other.run.id)).toBe(other)
  })
})

describe('some hundred runs', () => {
  let workbench: Workbench
  beforeAll(async () => {
    workbench = await startWorkbench()
  })
  afterAll(() => workbench.close())

  it('leave nothing on the signal of who asks, and the workbench answers for the last', async () => {
    const { handlers } = workbench
    const signal = new AbortController().signal
    const model = await handlers['models.open']({ path: shakespeare }, uncancelled(signal))
    const edits: Edit[] = [{ hook: 'blocks.1.attn.hook_z', at: {}, scale: 0, add: 'mean' }]
    const hook = 'blocks.2.attn.hook_pattern'
    let runId = ''
    for (let i = 0; i < 200; i++) {
      const input = { ids: [i % 8, Math.floor(i / 8) % 8, Math.floor(i / 64)] }
      const source = cpuSource(model, input, i % 10 === 0 ? edits : [])
      runId = (await handlers['runs.start']({ source }, uncancelled(signal))).id
      await handlers['runs.value']({ runId, hook, exact: false }, uncancelled(signal))
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
    const value = await handlers['runs.value']({ runId, hook, exact: false }, uncancelled(signal))
    expect(value.shape).toEqual([4, 3, 3])
    await handlers['models.close']({ modelId: model.id }, uncancelled(signal))
    await expect(
      handlers['runs.value']({ runId, hook, exact: false }, uncancelled())
    ).rejects.toMatchObject(gone)
  })
})

describe('a run whose model is closed', () => {
  /** Told of each result of a part before the workbench is. */
  let onResult: () => void
  let workbench: Workbench
  beforeAll(async () => {
    workbench = await startWorkbench({}, undefined, engine => {
      const runs = new Set<number>()
      const [send, onMessage] = [engine.send.bind(engine), engine.onMessage.bind(engine)]
      engine.send = message => {
        const request = message as Request<EngineCalls>
        if (request.call === 'run') runs.add(request.id)
        send(message)
      }
      engine.onMessage = listener =>
        onMessage(message => {
          if (runs.delete((message as Reply<EngineCalls>).id)) onResult()
          listener(message)
        })
    })
  })
  afterAll(() => workbench.close())

  const open = () => workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
  async function start(model: ModelInfo, ids: number[]): Promise<Run> {
    return workbench.handlers['runs.start']({ source: cpuSource(model, { ids }) }, uncancelled())
  }

  it('is gone, also when it ends with what was under way', async () => {
    let results = 0
    onResult = () => results++
    const model = await open()
    // Of a short text all blocks are one result.
    const long = (id: number) => new Array<number>(150).fill(id)
    const { source } = await start(model, long(0))
    const [all, provider] = [results, source.provider]
    expect(all).toBeGreaterThan(4)
    const same = runnable(await openedModel(shakespeare))
    onTestFinished(() => same.reader.close())
    for (let last = 1; last <= all; last++) {
      const again = await open()
      const ids = long(last)
      const { run } = runRecord(same, { input: { ids }, edits: [], provider }, ids.map(idToken))
      results = 0
      let closing: Promise<unknown> = Promise.resolve()
      onResult = () => {
        if (++results === last)
          closing = workbench.handlers['models.close']({ modelId: again.id }, uncancelled())
      }
      await expect(start(again, ids)).rejects.toMatchObject({ code: 'cancelled' })
      await closing
      await open()
      const asked = { runId: run.id, hook: 'blocks.0.hook_resid_pre', exact: false }
      await expect(workbench.handlers['runs.value'](asked, uncancelled())).rejects.toMatchObject(
        gone
      )
    }
  })
})
