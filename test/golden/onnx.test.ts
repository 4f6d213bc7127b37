import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { predictionsOf } from '#common/analysis/predictions.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { inBranches } from '../main/architecture/onnx/graphs.ts'
import { withCache, withExternalData } from './onnx-variants.ts'
import { expectClose, readGolden } from './compare.ts'
import { analysed, cpuSource, projectRoot, sharedWorkbench, uncancelled } from './workbench.ts'

const golden = join(projectRoot, 'test/golden')
const tolerance = { hidden: 1e-4, logits: 1e-3 }

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

/** A copy of a golden with its model changed, and a file beside it. */
function changed(
  name: string,
  change: (model: Uint8Array) => Uint8Array | { model: Uint8Array; data: Uint8Array }
): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-onnx-')), 'model')
  cpSync(join(golden, name), folder, { recursive: true })
  const file = join(folder, 'model.onnx')
  const made = change(new Uint8Array(readFileSync(file)))
  writeFileSync(file, 'model' in made ? made.model : made)
  if ('data' in made) writeFileSync(`${file}_data`, made.data)
  return folder
}

async function runOf(path: string): Promise<{ model: ModelInfo; run: Run }> {
  const { handlers } = workbench
  const model = await handlers['models.open']({ path }, uncancelled())
  const { read } = await readGolden(join(golden, 'onnx-gpt2/golden.safetensors'))
  const ids = [...(await read('input_ids'))]
  const params = { source: cpuSource(model, { ids }) }
  return { model, run: await handlers['runs.start'](params, uncancelled()) }
}

async function valueOf(run: Run, hook: string, exact = true): Promise<Float32Array> {
  const params = { runId: run.id, hook, exact }
  return (await workbench.handlers['runs.value'](params, uncancelled())).data
}

describe.each([
  ['onnx-gpt2', 'the file', join(golden, 'onnx-gpt2/model.onnx')],
  ['onnx-gpt2', 'the folder', join(golden, 'onnx-gpt2')],
  ['onnx-llama', 'the folder', join(golden, 'onnx-llama')],
  ['onnx-bert', 'the folder', join(golden, 'onnx-bert')],
  ['onnx-gpt2', 'a graph inside an If', changed('onnx-gpt2', inBranches)],
  ['onnx-gpt2', 'a graph with a cache', changed('onnx-gpt2', withCache)],
  ['onnx-gpt2', 'a graph with external data', changed('onnx-gpt2', withExternalData)]
])('%s as %s against PyTorch', (name, _, path) => {
  it('agrees in every pattern, residual and logit', async () => {
    const expected = await readGolden(join(golden, name, 'golden.safetensors'))
    const { handlers } = workbench
    const model = await handlers['models.open']({ path }, uncancelled())
    expect(model).toMatchObject({ family: 'onnx', notRunnable: null })
    const nLayers = model.config!.nLayers
    const ids = [...(await expected.read('input_ids'))]
    const params = { source: { ...cpuSource(model, { ids }), provider: 'auto' } } as const
    const run = await handlers['runs.start'](params, uncancelled())
    expect(run).toMatchObject({ complete: true, source: { provider: 'cpu' } })
    for (let l = 0; l < nLayers; l++) {
      for (const exact of [true, false])
        expectClose(
          await valueOf(run, `blocks.${l}.attn.hook_pattern`, exact),
          await expected.read(`pattern.${l}`),
          exact ? tolerance.hidden : 5e-4,
          `pattern.${l}`
        )
      expectClose(
        await valueOf(run, `blocks.${l}.hook_resid_pre`),
        await expected.read(`hidden.${l}`),
        tolerance.hidden,
        `hidden.${l}`
      )
    }
    const last = model.hooks.includes('ln_final.hook_normalized')
      ? 'ln_final.hook_normalized'
      : `blocks.${nLayers - 1}.hook_resid_post`
    const final = await expected.read(`hidden.${nLayers}`)
    expectClose(await valueOf(run, last), final, tolerance.hidden, 'final')
    const logits = await expected.read('logits')
    expectClose(await valueOf(run, 'logits'), logits, tolerance.logits, 'logits')
    const asked = { position: 3, top: 1 }
    const input = { ids: run.tokens.map(({ id }) => id) }
    const [best] = predictionsOf(await analysed(workbench, model, 'predictions', asked, input))
    const row = logits.subarray(3 * 96, 4 * 96)
    expect(best!.token.id).toBe(row.indexOf(Math.max(...row)))
  })
})

describe('a run of an ONNX graph', () => {
  it('gives every hook that it lists, and the same values as the family does', async () => {
    const { model, run } = await runOf(join(golden, 'onnx-gpt2'))
    const other = await runOf(join(golden, 'gpt2'))
    for (const hook of model.hooks) {
      const expected = await valueOf(other.run, hook)
      const actual = await valueOf(run, hook)
      const seen = expected.map((value, i) => (actual[i] === -Infinity ? -Infinity : value))
      expectClose(actual.map(clipped), seen.map(clipped), 1e-3, hook)
    }
  })

  it('says of other hooks what it gives instead', async () => {
    const { run } = await runOf(join(golden, 'onnx-gpt2'))
    await expect(valueOf(run, 'blocks.0.attn.hook_q')).rejects.toMatchObject({
      code: 'unsupported',
      message:
        'blocks.0.attn.hook_q: is not exposed by the ONNX graph of onnx-gpt2, which gives hook_embed, blocks.*.hook_resid_pre, blocks.*.attn.hook_attn_scores, blocks.*.attn.hook_pattern, blocks.*.hook_resid_mid, blocks.*.hook_resid_post, ln_final.hook_normalized, logits'
    })
    await expect(valueOf(run, 'blocks.0.nonsense')).rejects.toMatchObject({
      code: 'invalid-argument'
    })
  })
})

/** −∞ and what is as good as that. */
function clipped(value: number): number {
  return Math.max(value, -1e30)
}
