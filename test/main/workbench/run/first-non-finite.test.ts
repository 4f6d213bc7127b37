import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '#common/contract/schemas.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { folderWithWeights } from '../../../bad/weights.ts'
import {
  cpuSource,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

const golden = (name: string) => join(projectRoot, 'test/golden', name)
const setBudget = (memoryBudgetBytes: number | null) =>
  workbench.handlers['settings.set']({ memoryBudgetBytes }, uncancelled())

async function run(path: string, ids = [1, 2, 3, 4]): Promise<Run> {
  const model = await workbench.handlers['models.open']({ path }, uncancelled())
  const params = { source: cpuSource(model, { ids }) }
  return workbench.handlers['runs.start'](params, uncancelled())
}

/** The sample with one weight that is NaN or infinite. */
function sampleWith(tensor: string, at: number, value = NaN): Promise<string> {
  return folderWithWeights(shakespeare, { [`transformer.${tensor}`]: { at, value } })
}

describe('a run whose values are not finite', () => {
  it.each([
    ['h.2.mlp.c_proj.bias', NaN, 2],
    ['h.0.attn.c_attn.weight', NaN, 0],
    ['h.3.attn.c_proj.bias', -Infinity, 3],
    ['wpe.weight', Infinity, 'embedding']
  ])('by %s, %d, says where it begins: %s', async (tensor, value, first) => {
    const folder = await sampleWith(tensor, 5, value)
    const fresh = await run(folder)
    expect(fresh).toMatchObject({ complete: true, firstNonFinite: first })
    expect(await run(folder)).toEqual({ ...fresh, milliseconds: 0 })
  })

  it('says nothing of weights that the text does not use', async () => {
    const folder = await sampleWith('wte.weight', 9 * 128)
    expect((await run(folder)).firstNonFinite).toBeNull()
    expect((await run(folder, [1, 9])).firstNonFinite).toBe('embedding')
    expect((await run(shakespeare)).firstNonFinite).toBeNull()
  })

  it('of a streamed model, says so once all blocks have run', async () => {
    const folder = await sampleWith('h.1.ln_2.weight', 3)
    await setBudget(100_000)
    const started = await run(folder)
    expect(started).toMatchObject({ complete: false, firstNonFinite: null })
    const { id: runId } = started
    const finished = await workbench.handlers['runs.complete']({ runId }, uncancelled())
    expect(finished).toMatchObject({ complete: true, firstNonFinite: 1 })
    expect(await run(folder)).toEqual({ ...finished, milliseconds: 0 })
    await setBudget(null)
  })

  it.each([
    ['bert', 'bert.encoder.layer.1.output.dense.bias', 1],
    ['onnx-gpt2', 'm.transformer.h.1.mlp.c_fc.weight', 1],
    ['onnx-gpt2', 'm.transformer.wpe.weight', 'embedding']
  ])('of the kind of %s, by %s, says where it begins: %s', async (name, tensor, first) => {
    const folder = await folderWithWeights(golden(name), { [tensor]: { at: 1, value: NaN } })
    const fresh = await run(folder)
    expect(fresh).toMatchObject({ complete: true, firstNonFinite: first })
    expect(await run(folder)).toEqual({ ...fresh, milliseconds: 0 })
    expect((await run(golden(name))).firstNonFinite).toBeNull()
  })
})
