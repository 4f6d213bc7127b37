import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { z } from 'zod'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { type Dataset, variable } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

let workbench: Workbench
let model: ModelInfo
/** What the cache holds of a run that was looked at. */
let before: number
beforeAll(async () => {
  workbench = await startWorkbench()
  model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
  const source = cpuSource(model, { text: 'So' })
  const seen = await workbench.handlers['runs.start']({ source }, uncancelled())
  expect(seen.complete).toBe(true)
  before = await cachedBytes(longestRest)
  expect(before).toBeGreaterThan(0)
})
afterAll(() => workbench.close())

const verse = 'Now is the winter of our discontent\nMade glorious summer by this sun of York;\n'
const meansOf = (hook: string): Edit => ({ hook, at: {}, scale: 0, add: 'mean' })
const edits = [0, 1, 2].flatMap(layer => [
  meansOf(`blocks.${layer}.hook_mlp_out`),
  meansOf(`blocks.${layer}.hook_resid_pre`)
])

function analysed(name: string, params: z.core.util.JSONType, edits: Edit[]): Promise<Dataset> {
  const { path, fingerprint } = model
  const corpus = { inputs: [{ text: verse }], window: 26, stride: null }
  const of = { model: { path, fingerprint }, corpus, edits, provider: 'cpu' as const }
  const asked = { name, params, of, with: null }
  return workbench.handlers['analysis.run'](asked, uncancelled())
}

/**
 * The cache stores what waits once nothing came for 50 ms, or for longer where values came slowly, up to two seconds: what is
 * stored that late is seen by the next case.
 */
const rest = 200
const longestRest = 2200

/** What the cache holds once nothing was stored for so long, in ms. */
async function cachedBytes(interval: number): Promise<number> {
  await workbench.handlers['engine.status']({}, uncancelled())
  let last = -1
  const isSame = async () => {
    const { cacheBytes } = await workbench.handlers['engine.status']({}, uncancelled())
    const same = cacheBytes === last
    last = cacheBytes
    return same
  }
  await vi.waitUntil(isSame, { interval, timeout: 60_000 })
  return last
}

describe('windows of a corpus', () => {
  it.each([
    ['head-scores', {}, [] as Edit[], 'entropy'],
    ['head-scores', {}, edits, 'entropy'],
    ['head-importance', {}, [], 'importance'],
    ['head-importance', {}, edits, 'importance'],
    ['ablation', {}, [], 'mean'],
    ['ablation', { layers: [2] }, edits, 'zero_mlp']
  ])('leave nothing in the cache: %s %j', async (name, params, edits, given) => {
    const result = await analysed(name, params, edits)
    expect(variable(result, given).data.some(value => value !== 0)).toBe(true)
    expect(await cachedBytes(rest)).toBe(before)
  })
})
