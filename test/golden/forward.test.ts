import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { expectClose, readGolden } from './compare.ts'
import { softwareGpu } from './software-gpu.ts'
import { projectRoot, shakespeare, startWorkbench, uncancelled } from './workbench.ts'

const golden = join(projectRoot, 'test/golden')
const models = [
  { name: 'gpt2', folder: join(golden, 'gpt2') },
  { name: 'shakespeare-char', folder: shakespeare }
]

const tolerances = {
  cpu: { hidden: 1e-4, logits: 1e-3 },
  webgpu: { hidden: 1e-3, logits: 1e-3 }
}
const providers = ['cpu', 'webgpu'] as const

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench(await softwareGpu())
})
afterAll(() => workbench.close())

describe.each(models)('$name against PyTorch', ({ name, folder }) => {
  it.each(providers)('agrees in every pattern, residual and logit on %s', async provider => {
    const tolerance = tolerances[provider]
    const expected = await readGolden(join(golden, name, 'golden.safetensors'))
    const { handlers } = workbench
    const model = await handlers['models.open']({ path: folder }, uncancelled())
    const nLayers = model.config!.nLayers
    const ids = [...(await expected.read('input_ids'))]
    const run = await handlers['runs.start'](
      { modelId: model.id, input: { ids }, provider },
      uncancelled()
    )
    const value = async (hook: string) => {
      const params = { runId: run.id, hook, exact: true }
      return (await handlers['runs.value'](params, uncancelled())).data
    }
    for (let l = 0; l < nLayers; l++) {
      const pattern = await expected.read(`pattern.${l}`)
      expectClose(
        await value(`blocks.${l}.attn.hook_pattern`),
        pattern,
        tolerance.hidden,
        `pattern.${l}`
      )
      const hidden = await expected.read(`hidden.${l}`)
      expectClose(
        await value(`blocks.${l}.hook_resid_pre`),
        hidden,
        tolerance.hidden,
        `hidden.${l}`
      )
    }
    const final = await expected.read(`hidden.${nLayers}`)
    expectClose(await value('ln_final.hook_normalized'), final, tolerance.hidden, 'final')
    expectClose(await value('logits'), await expected.read('logits'), tolerance.logits, 'logits')
    expect(run.provider).toBe(provider)
  })
})
