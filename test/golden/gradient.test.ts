import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Result } from '#common/contract/api.ts'
import { noLabel, type GradientTarget } from '#common/model/gradient-target.ts'
import { blockHookName } from '#common/model/hooks.ts'
import type { Provider } from '#common/model/provider.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { expectClose, readGolden } from './compare.ts'
import { families, onWebgpu } from './families.ts'
import { softwareGpu } from './software-gpu.ts'
import {
  cpuSource,
  hebrew,
  modelIn,
  projectRoot,
  shakespeare,
  sharedWorkbench,
  uncancelled
} from './workbench.ts'

/** Relative to the largest entry. */
const tolerance = 1e-3
const golden = join(projectRoot, 'test/golden')

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench(await softwareGpu())
})

async function gradient(
  folder: string,
  ids: number[],
  target: GradientTarget,
  ofBlocks: readonly 'attn.hook_pattern'[] = [],
  provider: Provider = 'cpu'
): Promise<Result<'runs.gradient'> & { readonly ofBlocks: Float32Array }> {
  const { handlers } = workbench
  const model = await modelIn(workbench, folder)
  const source = { ...cpuSource(model, { ids }), provider }
  const { id: runId } = await handlers['runs.start']({ source }, uncancelled())
  const layers = Array.from({ length: model.config!.nLayers }, (_, layer) => layer)
  const hooks = ofBlocks.flatMap(hook => layers.map(layer => blockHookName(layer, hook)))
  const result = await handlers['runs.gradient']({ runId, target, hooks }, uncancelled())
  return {
    ...result,
    ofBlocks: Float32Array.from(hooks.flatMap(hook => [...result.hooks[hook]!.data]))
  }
}

function expectGradient(actual: Float32Array, expected: Float32Array, what: string): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(largest).toBeGreaterThan(0)
  expectClose(actual, expected, tolerance * largest, what)
}

describe.each([
  ['cpu', families],
  ['webgpu', onWebgpu]
] as const)('the gradient of a logit by the embedding on %s, as PyTorch', (provider, names) => {
  it.each(names)('%s', async name => {
    const { read } = await readGolden(join(golden, name, 'golden.safetensors'))
    const [position = 0, token = 0] = await read('target')
    const target = { kind: 'logit', position, token } as const
    const ids = [...(await read('input_ids'))]
    const { embed, value } = await gradient(join(golden, name), ids, target, [], provider)
    expectGradient(embed.data, await read('grad_embed'), 'grad_embed')
    const logits = await read('logits')
    expect(value).toBeCloseTo(logits[position * (logits.length / ids.length) + token]!, 3)
  })
})

interface Target {
  readonly value: number
  readonly pos: number
  readonly token: number
  readonly minus?: number
}

interface Fixture {
  readonly targets: Readonly<Record<string, Target>>
  readonly masked?: readonly number[]
}

describe('the gradient of a number by embedding and patterns, as PyTorch', () => {
  const models = [
    ...['gpt2', 'gpt_neox', 'llama', 'qwen3', 'gemma2', 'bert'].map(name => join(golden, name)),
    shakespeare,
    hebrew
  ].map(folder => [folder.split('/').at(-1)!, folder] as const)

  it.each(models)('%s', async (name, folder) => {
    const file = join(golden, 'analysis/gradients', name)
    const { targets, masked } = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Fixture
    const { read, names } = await readGolden(`${file}.safetensors`)
    const ids = [...(await read('input_ids'))]
    const original = names.includes('labels') ? [...(await read('labels'))] : null
    const labels = original?.map((label, pos) => (masked!.includes(pos) ? label : noLabel))

    for (const [scalar, { pos: position, token, minus: other = 0, ...of }] of Object.entries(
      targets
    )) {
      const kinds: Readonly<Record<string, GradientTarget>> = {
        logit: { kind: 'logit', position, token },
        difference: { kind: 'difference', position, token, other },
        probability: { kind: 'probability', position, token },
        loss: { kind: 'loss', ...(labels && { labels }) }
      }
      const found = await gradient(folder, ids, kinds[scalar]!, ['attn.hook_pattern'])
      expect(found.value, scalar).toBeCloseTo(of.value, 4)
      expectGradient(found.embed.data, await read(`${scalar}.grad`), `${scalar}.grad`)
      expectGradient(found.ofBlocks, await read(`${scalar}.pattern_grad`), `${scalar}.pattern_grad`)
    }
  })
})
