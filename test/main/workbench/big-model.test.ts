import { existsSync, readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shapeOf, variable } from '#common/data/dataset.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import {
  analysed,
  cpuSource,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../golden/workbench.ts'
import { writeSparseLlama } from './sparse-llama.ts'

const nLayers = 24
const blockBytes = 2 * (4 * 4096 ** 2 + 3 * 4096 * 11008)

let workbench: Workbench
let folder: string
let enginePid: number | undefined
beforeAll(async () => {
  workbench = await startWorkbench({}, undefined, engine => (enginePid = engine.pid))
})
afterAll(async () => {
  await workbench.close()
  rmSync(folder, { recursive: true })
})

const setBudget = (memoryBudgetBytes: number | null) =>
  workbench.handlers['settings.set']({ memoryBudgetBytes }, uncancelled())

function start(on: Workbench, model: ModelInfo): Promise<Run> {
  const source = cpuSource(model, { ids: [1, 2, 3, 4, 5, 6, 7, 8] })
  return on.handlers['runs.start']({ source }, uncancelled())
}

/** Bytes the engine's process has read, where the system counts them. */
function bytesRead(): number | null {
  const counters = `/proc/${enginePid}/io`
  if (!existsSync(counters)) return null
  return Number(/rchar: (\d+)/.exec(readFileSync(counters, 'utf8'))![1])
}

describe('a model larger than the memory budget', () => {
  let model: ModelInfo
  let run: Run

  it('opens by its headers', async () => {
    const sparse = writeSparseLlama(nLayers)
    folder = sparse.folder
    expect(sparse.bytes).toBeGreaterThan(10e9)
    model = await workbench.handlers['models.open']({ path: folder }, uncancelled())
    expect(model).toMatchObject({ family: 'llama', notRunnable: null })
    expect(enginePid).toBeUndefined()
  })

  it("shows its first block's attention without reading the rest", async () => {
    await setBudget(2e9)
    run = await start(workbench, model)
    expect(run.complete).toBe(false)
    const ids = run.tokens.map(({ id }) => id)
    const shown = { layer: 0, size: 64, exact: false }
    const maps = await analysed(workbench, model, 'patterns', shown, { ids })
    const map = variable(maps, 'map')
    expect(shapeOf(maps, map)).toEqual([32, 8, 8])
    // Weights of zero: every query attends evenly to what it sees.
    expect(map.data[7 * 8]).toBeCloseTo(1 / 8, 3)
    const read = bytesRead()
    if (read !== null) expect(read).toBeLessThan(1.5 * blockBytes)
  })

  it('says beforehand what a whole run will take, measured on some blocks', async () => {
    const estimate = await workbench.handlers['runs.estimate'](
      { modelId: model.id, tokens: 8, provider: 'cpu' },
      uncancelled()
    )
    expect(estimate.streamed).toBe(true)
    expect(estimate.memoryBytes).toBeGreaterThan(2e9)
    expect(estimate.memoryBytes).toBeLessThan(3e9)
    expect(estimate.seconds).toBeGreaterThan(1)
  })
})

describe('a model that is streamed', () => {
  it('computes what it computes when it stays loaded, block by block', async () => {
    const resident = await startWorkbench()
    const pattern = async (on: Workbench, run: Run) => {
      const params = { runId: run.id, hook: 'blocks.3.attn.hook_pattern', exact: true }
      return on.handlers['runs.value'](params, uncancelled())
    }
    const model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
    // Less than one block takes.
    await setBudget(100_000)
    const streamed = await start(workbench, model)
    expect(streamed.complete).toBe(false)
    const labels: string[] = []
    const context = { ...uncancelled(), progress: (p: { label: string }) => labels.push(p.label) }
    const completed = await workbench.handlers['runs.complete']({ runId: streamed.id }, context)
    expect(completed.complete).toBe(true)
    expect(labels).toHaveLength(4)

    await resident.handlers['models.open']({ path: shakespeare }, uncancelled())
    const whole = await start(resident, model)
    expect(whole.complete).toBe(true)
    expect(await pattern(workbench, streamed)).toEqual(await pattern(resident, whole))
    await resident.close()
  })

  it('keeps the budget between starts', async () => {
    expect(await setBudget(3e9)).toMatchObject({ memoryBudgetBytes: 3e9 })
    const settings = await workbench.handlers['settings.get']({}, uncancelled())
    expect(settings.memoryBudgetBytes).toBe(3e9)
    expect(settings.defaultBytes).toBeLessThan(settings.totalBytes)
  })
})
