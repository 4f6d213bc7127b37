import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { cpuSource, projectRoot, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

const ids = [7, 21, 3, 50, 12, 33, 64, 9, 41, 18, 27, 5]
const count = ids.length

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

/** Models whose layers do not all see equally far: in turn near and far, or far first and causal in none. */
describe.each([
  ['gemma2', [4, null, 4]],
  ['modernbert', [null, 4, 4]]
] as const)('edits of %s', (name, reaches) => {
  let model: ModelInfo
  beforeAll(async () => {
    const path = join(projectRoot, 'test/golden', name)
    model = await workbench.handlers['models.open']({ path }, uncancelled())
  })

  async function pattern(layer: number, ...edits: Partial<Edit>[]): Promise<Float32Array> {
    const complete = edits.map(edit => ({ hook: '', at: {}, scale: 1, add: null, ...edit }))
    const source = cpuSource(model, { ids }, complete)
    const { id: runId } = await workbench.handlers['runs.start']({ source }, uncancelled())
    const params = { runId, hook: `blocks.${layer}.attn.hook_pattern`, index: 0, exact: true }
    return (await workbench.handlers['runs.value'](params, uncancelled())).data
  }

  it.each([0, 1, 2])('of the scores of block %d change what a query sees there', async layer => {
    const before = await pattern(layer)
    const hook = `blocks.${layer}.attn.hook_attn_scores`
    const after = await pattern(layer, { hook, scale: 0 })
    for (let query = 0; query < count; query++) {
      const row = before.subarray(query * count, (query + 1) * count)
      const seen = row.reduce((sum, weight) => sum + Number(weight > 0), 0)
      row.forEach((weight, key) =>
        expect(after[query * count + key]).toBeCloseTo(weight > 0 ? 1 / seen : 0, 6)
      )
    }
  })

  it.each([0, 1, 2])('of the pattern of block %d leave what a query does not see', async layer => {
    const before = await pattern(layer)
    const hook = `blocks.${layer}.attn.hook_pattern`
    const after = await pattern(layer, { hook, scale: 0, add: 1 })
    expect(after).toEqual(before.map(weight => Number(weight > 0)))
  })

  it.each([0, 1, 2])(
    'knock out all keys near a query of block %d only where others are seen',
    async layer => {
      const hook = `blocks.${layer}.attn.hook_attn_scores`
      const at = { query: [6], key: '2:11' }
      const edited = pattern(layer, { hook, at, add: '-inf' })
      if (reaches[layer] === null) expect((await edited)[6 * count + 1]).toBeGreaterThan(0)
      else
        await expect(edited).rejects.toThrow(`${hook}: query 6 would see no key once it is edited`)
    }
  )
})
