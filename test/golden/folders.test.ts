import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readRowMajor } from '../../src/main/checkpoint/read.ts'
import { soundSafetensors } from '../bad/safetensors.ts'
import { expectClose, readGolden } from './compare.ts'
import { golden } from './models.ts'
import { cpuSource, startWorkbench, uncancelled } from './workbench.ts'

/** A tensor as it is written. */
type Stored = Parameters<typeof soundSafetensors>[0][number]

interface Changes {
  readonly config?: Readonly<Record<string, unknown>>
  /** What is stored in place of a tensor. */
  readonly tensor?: (tensor: Stored) => Stored | readonly Stored[]
}

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

/** A copy of a golden folder, written otherwise. */
async function folderOf(model: string, { config = {}, tensor = of => of }: Changes) {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-folders-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(golden, model), folder, { recursive: true })
  const path = join(folder, 'model.safetensors')
  const { tensors } = await openCheckpoint(path)
  const stored: Stored[] = []
  for (const entry of tensors.values()) {
    const { name, dtype, shape } = entry
    stored.push(...[tensor({ name, dtype, shape, data: await readRowMajor(entry) })].flat())
  }
  writeFileSync(path, soundSafetensors(stored))
  const own = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...own, ...config }))
  return folder
}

async function opened(model: string, changes: Changes) {
  const path = await folderOf(model, changes)
  return workbench.handlers['models.open']({ path }, uncancelled())
}

/** Runs it on the golden's tokens; its logits have to be those of the golden. */
async function expectGoldenLogits(info: Awaited<ReturnType<typeof opened>>, model: string) {
  expect(info.notRunnable).toBeNull()
  const expected = await readGolden(join(golden, model, 'golden.safetensors'))
  const ids = [...(await expected.read('input_ids'))]
  const source = cpuSource(info, { ids })
  const run = await workbench.handlers['runs.start']({ source }, uncancelled())
  const params = { runId: run.id, hook: 'logits', exact: true }
  const { data } = await workbench.handlers['runs.value'](params, uncancelled())
  expectClose(data, await expected.read('logits'), 1e-3, 'logits')
}

describe('a folder that says less, or otherwise, runs as the model that it is', () => {
  it('stored from inside of a compiled module', async () => {
    const info = await opened('gpt2', {
      tensor: of => ({ ...of, name: `_orig_mod.${of.name}` })
    })
    expect(info.family).toBe('gpt2')
    expect(info.tensors.map(({ name }) => name)).toContain('transformer.wte.weight')
    await expectGoldenLogits(info, 'gpt2')
  })

  it('without model_type', async () => {
    const info = await opened('bert', { config: { model_type: undefined } })
    expect(info.family).toBe('bert')
    await expectGoldenLogits(info, 'bert')
  })

  it('with a head of its own, though config.json ties it', async () => {
    const info = await opened('llama', { config: { tie_word_embeddings: true } })
    expect(info.ties).toEqual([])
    expect(info.parameters).toBe(info.parametersStored)
    await expectGoldenLogits(info, 'llama')
  })

  it('with a head that is stored twice over, which is said', async () => {
    const info = await opened('gpt2', {
      tensor: of => (of.name.endsWith('wte.weight') ? [of, { ...of, name: 'lm_head.weight' }] : of)
    })
    expect(info.notes).toEqual([
      'lm_head.weight is stored apart from transformer.wte.weight with the same values: both are used and counted.'
    ])
    await expectGoldenLogits(info, 'gpt2')
  })

  it('with tensors that its family does not have, which are named', async () => {
    const info = await opened('llama', {
      tensor: of =>
        of.name.endsWith('q_proj.weight')
          ? [
              of,
              {
                ...of,
                name: of.name.replace('weight', 'bias'),
                shape: [48],
                data: new Uint8Array(192).fill(60)
              }
            ]
          : of
    })
    expect(info.notes).toEqual([
      '3 tensors are not used by this reading: model.layers.*.self_attn.q_proj.bias (3)'
    ])
    await expectGoldenLogits(info, 'llama')
  })
})

describe('a folder whose config.json has a value that cannot be', () => {
  it.each([
    ['gpt2', { activation_function: 'swiglu' }, /^config.json: activation_function must be one of/],
    [
      'llama',
      { num_attention_heads: 5, head_dim: null },
      /a width of 48 does not divide into 5 heads/
    ],
    [
      'llama',
      { intermediate_size: null },
      /^config.json: intermediate_size must be a whole number/
    ],
    ['llama', { vocab_size: 0 }, /^config.json: vocab_size must be a whole number/],
    [
      'llama',
      { rope_parameters: { rope_type: 'spiral', rope_theta: 1e4 } },
      /rope_type "spiral" is not one of/
    ]
  ])('%s %j opens for its weights and says what stops the run', async (model, config, why) => {
    const info = await opened(model, { config })
    expect(info.notRunnable).toMatch(why)
    expect(info.notRunnableHint).toMatch(/weights can be looked at/)
    expect(info.tensors.length).toBeGreaterThan(10)
  })
})
