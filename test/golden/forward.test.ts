import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Provider } from '#common/model/provider.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { expectClose, readGolden } from './compare.ts'
import { onWebgpu } from './families.ts'
import { golden, models } from './models.ts'
import { softwareGpu } from './software-gpu.ts'
import { cpuSource, modelIn, sharedWorkbench, uncancelled } from './workbench.ts'

const tolerances = {
  cpu: { hidden: 1e-4, logits: 1e-3 },
  webgpu: { hidden: 1e-3, logits: 1e-3 }
}

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench(await softwareGpu())
})

describe('on cpu, as PyTorch', () => {
  it.each(models)('$name: every pattern, residual and logit', ({ name, folder }) =>
    expectGolden(name, folder, 'cpu')
  )
})

describe('on webgpu, as PyTorch', () => {
  const some = models.filter(({ name }) => onWebgpu.includes(name))
  it.each(some)('$name: every pattern, residual and logit', ({ name, folder }) =>
    expectGolden(name, folder, 'webgpu')
  )
})

async function expectGolden(
  name: string,
  folder: string,
  provider: Provider & keyof typeof tolerances
): Promise<void> {
  const tolerance = tolerances[provider]
  const expected = await readGolden(join(golden, name, 'golden.safetensors'))
  const { handlers } = workbench
  const model = await modelIn(workbench, folder)
  const nLayers = model.config!.nLayers
  const ids = [...(await expected.read('input_ids'))]
  const run = await handlers['runs.start'](
    { source: { ...cpuSource(model, { ids }), provider } },
    uncancelled()
  )
  const expectHook = async (hook: string, tensor: string, within: number) => {
    const params = { runId: run.id, hook, exact: true }
    const { data } = await handlers['runs.value'](params, uncancelled())
    expectClose(data, await expected.read(tensor), within, tensor)
  }
  for (let l = 0; l < nLayers; l++) {
    await expectHook(`blocks.${l}.hook_resid_pre`, `hidden.${l}`, tolerance.hidden)
    await expectHook(`blocks.${l}.attn.hook_pattern`, `pattern.${l}`, tolerance.hidden)
  }
  const final = 'ln_final.hook_normalized'
  const last = model.hooks.includes(final) ? final : `blocks.${nLayers - 1}.hook_resid_post`
  await expectHook(last, `hidden.${nLayers}`, tolerance.hidden)
  await expectHook('logits', 'logits', tolerance.logits)
  expect(run.source.provider).toBe(provider)
}
