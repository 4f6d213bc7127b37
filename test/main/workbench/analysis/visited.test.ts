import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { type Dataset, variable } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

let workbench: Workbench
let model: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench()
  model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
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

/** The cache stores what waits once nothing came for 50 ms. */
const longerThanRest = { interval: 200 }

/** What the cache holds once all that waits is stored. */
async function cachedBytes(): Promise<number> {
  await workbench.handlers['engine.status']({}, uncancelled())
  let before = -1
  await expect
    .poll(async () => {
      const { cacheBytes } = await workbench.handlers['engine.status']({}, uncancelled())
      const same = cacheBytes === before
      before = cacheBytes
      return same
    }, longerThanRest)
    .toBe(true)
  return before
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
    const seen = await workbench.handlers['runs.start'](
      { source: cpuSource(model, { text: 'So' }) },
      uncancelled()
    )
    expect(seen.complete).toBe(true)
    const before = await cachedBytes()
    expect(before).toBeGreaterThan(0)
    const result = await analysed(name, params, edits)
    expect(variable(result, given).data.some(value => value !== 0)).toBe(true)
    expect(await cachedBytes()).toBe(before)
  })
})
