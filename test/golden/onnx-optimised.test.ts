import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { expectClose } from './compare.ts'
import { golden } from './models.ts'
import { optimisedBert, optimisedGpt2, type FusedAttention } from './onnx-optimised.ts'
import { cpuSource, modelIn, shakespeare, startWorkbench, uncancelled } from './workbench.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-optimised-'))
const bert = join(golden, 'bert')

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(async () => {
  await workbench.close()
  rmSync(folder, { recursive: true, force: true })
})

async function opened(name: string, model: Uint8Array, config: object = {}): Promise<ModelInfo> {
  const path = join(folder, name)
  mkdirSync(path)
  writeFileSync(join(path, 'model.onnx'), model)
  writeFileSync(join(path, 'config.json'), JSON.stringify(config))
  return workbench.handlers['models.open']({ path }, uncancelled())
}

/** Every value that a graph gives is that of the family's reading of the same weights. */
async function expectAlike(model: ModelInfo, other: string, ids: number[]): Promise<void> {
  const { handlers } = workbench
  const family = await modelIn(workbench, other)
  const runs = []
  for (const each of [model, family])
    runs.push(await handlers['runs.start']({ source: cpuSource(each, { ids }) }, uncancelled()))
  for (const hook of model.hooks) {
    const values = []
    for (const { id: runId } of runs)
      values.push(await handlers['runs.value']({ runId, hook, exact: true }, uncancelled()))
    expectClose(values[0]!.data, values[1]!.data, 1e-3, hook)
  }
}

const ids = [18, 47, 56, 57, 58, 1, 15, 47, 58]
const blocks = (layers: number, ...hooks: string[]) =>
  Array.from({ length: layers }, (_, layer) => hooks.map(hook => `blocks.${layer}.${hook}`)).flat()

describe.each<FusedAttention>(['GroupQueryAttention', 'MultiHeadAttention', 'Attention'])(
  'a GPT-2 whose attention is one operator, %s',
  operator => {
    it('gives the same residuals and logits, and says that it gives no patterns', async () => {
      const bytes = await optimisedGpt2(shakespeare, { heads: 4, layers: 4 }, operator)
      const model = await opened(operator, bytes)
      expect(model.notRunnable).toBeNull()
      expect(model.config).toEqual({
        ...{ nLayers: 4, nHeads: 4, nKeyValueHeads: 4, dModel: 128, dHead: 32, dMlp: 512 },
        ...{ dVocab: 65, nCtx: 192 }
      })
      expect(model.predicts).toBe('next')
      expect(model.hooks).toEqual([
        'hook_embed',
        ...blocks(4, 'hook_resid_pre', 'hook_resid_mid', 'hook_resid_post'),
        'ln_final.hook_normalized',
        'logits'
      ])
      expect(model.limits[0]).toMatch(`the operator ${operator} computes attention in one step`)
      await expectAlike(model, shakespeare, ids)
    })
  }
)

describe('a BERT whose embeddings and attention are one operator each', () => {
  it('gives the same residuals and logits, of ids that are multiplied by their mask', async () => {
    const bytes = await optimisedBert(bert, { heads: 4, layers: 3, epsilon: 1e-12 })
    const model = await opened('bert', bytes)
    expect(model.notRunnable).toBeNull()
    expect(model.config).toMatchObject({ nLayers: 3, nHeads: 4, dModel: 48, dVocab: 96, nCtx: 64 })
    expect(model.predicts).toBe('masked')
    expect(model.hooks).toEqual([
      ...blocks(3, 'hook_resid_pre', 'hook_resid_mid', 'hook_resid_post'),
      'logits'
    ])
    await expectAlike(model, bert, [5, 17, 3, 40, 8])
  })
})
