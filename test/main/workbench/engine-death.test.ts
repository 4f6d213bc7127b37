import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '#common/contract/schemas.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { EngineCalls } from '../../../src/main/engine/protocol.ts'
import type { Request } from '#common/model/call-table.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../../golden/compare.ts'
import {
  analysed,
  cpuSource,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../golden/workbench.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'lamella-death-'))
const golden = (name: string) => join(projectRoot, 'test/golden', name)

let workbench: Workbench
/** The engine's processes, the present one last. */
const engines: number[] = []
/** How often an engine was asked to run a part. */
let runsAsked = 0
const start = () =>
  startWorkbench({}, dataFolder, engine => {
    engines.push(engine.pid!)
    const send = engine.send.bind(engine)
    engine.send = message => {
      if ((message as Request<EngineCalls>).call === 'run') runsAsked++
      send(message)
    }
  })
beforeAll(async () => {
  workbench = await start()
})
afterAll(() => workbench.close())

async function run(path: string, ids: number[], onProgress = () => undefined): Promise<Run> {
  const model = await workbench.handlers['models.open']({ path }, uncancelled())
  const params = { source: cpuSource(model, { ids }) }
  return workbench.handlers['runs.start'](params, { ...uncancelled(), progress: onProgress })
}

async function valueOf({ id: runId }: Run): Promise<Float32Array> {
  const params = { runId, hook: 'blocks.1.hook_resid_post', exact: true }
  return (await workbench.handlers['runs.value'](params, uncancelled())).data
}

describe('the engine, dying in the middle of an analysis', () => {
  it.each([
    ['saliency-map', { of: 'logit:top', method: 'ig', steps: 4 }],
    ['saliency-map', { of: 'logit:top', method: 'smooth_saliency', samples: 3 }],
    ['saliency-map', { of: 'logit:next', method: 'occlusion' }],
    ['project', { set: 'token-layers', method: 'umap' }]
  ])(
    '%s, %j: fails that by name or goes on, and comes to the same afterwards',
    async (name, params) => {
      const model = await workbench.handlers['models.open']({ path: golden('gpt2') }, uncancelled())
      const ids = [9, 4, 7, 20 + engines.length]
      let reports = 0
      const progress = () => {
        if (++reports === 3) process.kill(engines.at(-1)!, 'SIGKILL')
      }
      const dying = analysed(
        workbench,
        model,
        name,
        params,
        { ids },
        { ...uncancelled(), progress }
      )
      const hurt = await dying.catch((error: unknown) => error)
      expect(reports).toBeGreaterThanOrEqual(3)
      if (hurt instanceof Error)
        expect(hurt).toMatchObject({
          code: 'engine-failed',
          message: 'The engine stopped (signal SIGKILL)'
        })
      const after = await analysed(workbench, model, name, params, { ids })
      const other = await startWorkbench()
      await other.handlers['models.open']({ path: golden('gpt2') }, uncancelled())
      const expected = await analysed(other, model, name, params, { ids })
      await other.close()
      const own = name === 'project' ? 'places' : 'map'
      // Rows without a number are NaN; sums of several cores differ in their last bits.
      const of = (result: Dataset) =>
        Float32Array.from(variable(result, own).data, value => (Number.isNaN(value) ? 1e9 : value))
      expectClose(of(after), of(expected), 1e-4, own)
    }
  )
})

describe.skipIf(process.platform === 'win32')('the engine, dying in the middle of a run', () => {
  it.each([
    ['an ordinary model', shakespeare, 'SIGKILL'],
    ['an ordinary model', shakespeare, 'SIGABRT'],
    ['an ONNX model', golden('onnx-gpt2'), 'SIGKILL'],
    ['an ONNX model', golden('onnx-gpt2'), 'SIGABRT']
  ] as const)('of %s, %#: fails that run by name, and nothing else', async (_, path, signal) => {
    const { handlers } = workbench
    const before = await run(path, [1, 2, 3])
    const kept = await valueOf(before)
    const state = { tabs: [path, signal] }
    await handlers['workspace.save']({ state }, uncancelled())

    // Stopped, the process holds what it was sent and gives nothing back.
    const engine = engines.at(-1)!
    const spawned = engines.length
    let askedBefore: number | null = null
    const ids = [4, 5, 6, engines.length]
    const dying = run(path, ids, () => {
      if (askedBefore !== null) return
      process.kill(engine, 'SIGSTOP')
      askedBefore = runsAsked
    }).catch((error: unknown) => error)
    await expect.poll(() => askedBefore !== null && runsAsked > askedBefore).toBe(true)
    process.kill(engine, signal)
    process.kill(engine, 'SIGCONT')
    expect(await dying).toMatchObject({
      code: 'engine-failed',
      message: `The engine stopped (signal ${signal})`
    })

    expect(await handlers['workspace.load']({}, uncancelled())).toEqual(state)
    const again = await run(path, [1, 2, 3])
    expect(again).toMatchObject({ id: before.id, complete: true, milliseconds: 0 })
    expect(await valueOf(again)).toEqual(kept)

    expect(await run(path, ids)).toMatchObject({ complete: true })
    expect(engines).toHaveLength(spawned + 1)
    const { engine: now, engineMessage } = await handlers['engine.status']({}, uncancelled())
    expect([now, engineMessage]).toEqual(['ready', `The engine stopped (signal ${signal})`])
  })

  it('leaves what was saved and kept to the next start', async () => {
    const kept = await valueOf(await run(shakespeare, [1, 2, 3]))
    const state = await workbench.handlers['workspace.load']({}, uncancelled())
    await workbench.close()
    workbench = await start()
    expect(await workbench.handlers['workspace.load']({}, uncancelled())).toEqual(state)
    const again = await run(shakespeare, [1, 2, 3])
    expect(again).toMatchObject({ complete: true, milliseconds: 0 })
    expect(await valueOf(again)).toEqual(kept)
  })
})
