import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MethodName, Params } from '#common/contract/api.ts'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { connectApi, serveApi, type Client } from '#common/contract/rpc.ts'
import type { Edit } from '#common/model/edit.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import {
  cpuSource,
  hebrew,
  projectRoot,
  shakespeare,
  startWorkbench
} from '../../golden/workbench.ts'

/**
 * Models of four, three and three layers and of four heads; their vocabularies have 65, 96 and 96 tokens, and
 * their runs five.
 */
const models = {
  sample: shakespeare,
  llama: join(projectRoot, 'test/golden/llama'),
  onnx: join(projectRoot, 'test/golden/onnx-gpt2')
}
type Name = keyof typeof models

let workbench: Workbench
let client: Client
let close: () => void
const opened = {} as Record<Name, { model: ModelRef; modelId: string; runId: string }>
beforeAll(async () => {
  workbench = await startWorkbench()
  const pair = memoryTransport()
  serveApi(workbench, pair.server)
  client = connectApi(pair.client)
  close = pair.close
  for (const name of Object.keys(models) as Name[]) {
    const model = await client.call('models.open', { path: models[name] })
    const source = cpuSource(model, { ids: [1, 2, 3, 4, 5] })
    const { id: runId } = await client.call('runs.start', { source })
    opened[name] = { model: source.model, modelId: model.id, runId }
  }
})
afterAll(async () => {
  close()
  await workbench.close()
})

/** What is asked besides the model or the run, and what must be said. */
type Row<M extends MethodName> = readonly [
  of: Name,
  params: Omit<Params<M>, 'modelId' | 'runId'>,
  message: string
]

const outside = (axis: string, index: number, most: number) =>
  `${axis} ${index} is outside 0…${most}`
const pattern = (layer: number) => `blocks.${layer}.attn.hook_pattern`
const logit = (position: number, token: number) => ({ kind: 'logit', position, token }) as const
/** An index that a value's first axis does not have. */
const slice = (of: Name, hook: string, index: number, axis: string, most: number) =>
  [of, { hook, index }, `${hook}: ${outside(axis, index, most)}`] as const

const tables: { readonly [M in MethodName]?: readonly Row<M>[] } = {
  'runs.estimate': [
    ['sample', { tokens: 193 }, 'The text has 193 tokens; shakespeare-char takes at most 192'],
    ['onnx', { tokens: 65 }, 'The text has 65 tokens; onnx-gpt2 takes at most 64'],
    ['sample', { tokens: 0 }, 'runs.estimate: tokens: expected at least 1, got 0'],
    ['sample', { tokens: 1.5 }, 'runs.estimate: tokens: expected a whole number, got 1.5'],
    ['sample', { tokens: NaN }, 'runs.estimate: tokens: expected a number, got NaN']
  ],
  'runs.value': [
    slice('sample', pattern(0), 4, 'head', 3),
    slice('sample', pattern(0), 99, 'head', 3),
    slice('sample', pattern(0), -1, 'head', 3),
    slice('sample', 'blocks.3.attn.hook_attn_scores', 4, 'head', 3),
    slice('sample', 'blocks.3.attn.hook_q', 5, 'pos', 4),
    slice('sample', 'blocks.0.hook_resid_pre', 5, 'pos', 4),
    slice('sample', 'hook_embed', 2 ** 31, 'pos', 4),
    slice('llama', 'logits', 5, 'pos', 4),
    slice('onnx', pattern(0), 4, 'head', 3),
    slice('onnx', 'hook_embed', -5, 'pos', 4),
    slice('onnx', 'logits', 5, 'pos', 4),
    [
      'sample',
      { hook: pattern(0), index: 0.5 },
      'runs.value: index: expected a whole number, got 0.5'
    ],
    ['sample', { hook: pattern(0), index: NaN }, 'runs.value: index: expected a number, got NaN'],
    [
      'sample',
      { hook: pattern(0), index: Infinity },
      'runs.value: index: expected a number, got Infinity'
    ],
    ['sample', { hook: pattern(4) }, `${pattern(4)}: ${outside('layer', 4, 3)}`],
    ['llama', { hook: pattern(99) }, `${pattern(99)}: ${outside('layer', 99, 2)}`],
    ['onnx', { hook: pattern(99) }, `${pattern(99)}: ${outside('layer', 99, 2)}`],
    ['sample', { hook: pattern(-1) }, `${pattern(-1)}: not a hook of shakespeare-char`],
    ['onnx', { hook: pattern(0.5) }, `${pattern(0.5)}: not a hook of onnx-gpt2`]
  ],
  'runs.gradient': [
    ['sample', { target: logit(5, 0) }, outside('position', 5, 4)],
    ['sample', { target: logit(0, 65) }, outside('token', 65, 64)],
    [
      'llama',
      { target: { kind: 'difference', position: 0, token: 0, other: 96 } },
      outside('token', 96, 95)
    ],
    [
      'sample',
      { target: { kind: 'probability', position: 99, token: 0 } },
      outside('position', 99, 4)
    ],
    ['sample', { target: { kind: 'loss', labels: [1, 2, 3, 4, 65] } }, outside('label', 65, 64)],
    ['sample', { target: { kind: 'loss', labels: [1] } }, 'expected 5 labels, got 1'],
    [
      'sample',
      { target: logit(0, 0), hooks: [pattern(4)] },
      `${pattern(4)}: ${outside('layer', 4, 3)}`
    ],
    [
      'sample',
      { target: logit(0, 0), hooks: ['blocks.0.hook_nothing'] },
      'blocks.0.hook_nothing: not a hook of shakespeare-char'
    ],
    [
      'sample',
      { target: logit(-1, 0) },
      'runs.gradient: target.position: expected at least 0, got -1'
    ],
    [
      'sample',
      { target: logit(0, 0.5) },
      'runs.gradient: target.token: expected a whole number, got 0.5'
    ],
    [
      'sample',
      { target: logit(NaN, 0) },
      'runs.gradient: target.position: expected a number, got NaN'
    ]
  ],
  'settings.set': [0, -1, NaN, Infinity].map(memoryBudgetBytes => {
    const expected = Number.isFinite(memoryBudgetBytes)
      ? 'expected more than 0'
      : 'expected a number'
    const message = `settings.set: memoryBudgetBytes: ${expected}, got ${memoryBudgetBytes}`
    return ['sample', { memoryBudgetBytes }, message] as const
  })
}

const start = (of: Name, input: RunInput, edits: Edit[] = []) =>
  client.call('runs.start', { source: { model: opened[of].model, input, edits, provider: 'cpu' } })

describe('runs.start', () => {
  const longest = 9007199254740991
  it.each([
    ['sample', [], 'The text has no tokens'],
    ['sample', [1, 65], 'Token 65 is outside the vocabulary of 65'],
    ['sample', [-1], 'Token -1 is outside the vocabulary of 65'],
    ['onnx', [2 ** 31], 'Token 2147483648 is outside the vocabulary of 96'],
    [
      'sample',
      new Array<number>(193).fill(1),
      'The text has 193 tokens; shakespeare-char takes at most 192'
    ],
    ['sample', [1, 0.5], 'runs.start: source.input.ids.1: expected a whole number, got 0.5'],
    ['sample', [NaN], 'runs.start: source.input.ids.0: expected a number, got NaN'],
    ['sample', [1e300], `runs.start: source.input.ids.0: expected at most ${longest}, got 1e+300`]
  ] as const)('of %s refuses the tokens %j', async (of, ids, message) => {
    await expect(start(of, { ids: [...ids] })).rejects.toMatchObject({
      code: 'invalid-argument',
      message
    })
  })

  const z = 'blocks.1.attn.hook_z'
  const scores = 'blocks.1.attn.hook_attn_scores'
  it.each<[Partial<Edit> & { hook: string }, string]>([
    [{ hook: z, at: { head: [4] } }, `edit 1, ${z}: ${outside('head', 4, 3)}`],
    [{ hook: z, at: { pos: [0, 5] } }, `edit 1, ${z}: ${outside('pos', 5, 4)}`],
    [{ hook: z, at: { pos: '2:9' } }, `edit 1, ${z}: ${outside('pos', 8, 4)}`],
    [{ hook: z, at: { unit: [32] } }, `edit 1, ${z}: ${outside('unit', 32, 31)}`],
    [{ hook: scores, at: { query: [5] } }, `edit 1, ${scores}: ${outside('query', 5, 4)}`],
    [{ hook: scores, at: { key: [99] } }, `edit 1, ${scores}: ${outside('key', 99, 4)}`],
    [{ hook: z, at: { head: [-1] } }, 'expected at least 0, got -1'],
    [{ hook: z, at: { head: [0.5] } }, 'expected a whole number, got 0.5'],
    [{ hook: z, at: { head: [NaN] } }, 'expected a number, got NaN'],
    [{ hook: z, at: { pos: '-1:2' } }, 'expected a range such as 0:5, got "-1:2"'],
    [{ hook: z, scale: NaN }, 'expected a number, got NaN'],
    [{ hook: 'blocks.4.attn.hook_z' }, `edit 1, blocks.4.attn.hook_z: ${outside('layer', 4, 3)}`]
  ])('refuses the edit %j', async (edit, message) => {
    const edits = [{ at: {}, scale: 0, add: null, ...edit }]
    await expect(start('sample', { ids: [1, 2, 3, 4, 5] }, edits)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(new RegExp(`${RegExp.escape(message)}$`)) as string
    })
  })
})

describe.each(Object.entries(tables))('%s', (method, rows) => {
  it.each(rows as readonly Row<MethodName>[])('of %s refuses %j', async (of, params, message) => {
    const { modelId, runId } = opened[of]
    const all = { provider: 'cpu', modelId, runId, ...params }
    await expect(client.call(method as MethodName, all as never)).rejects.toMatchObject({
      code: 'invalid-argument',
      message
    })
  })
})

describe('describe.check', () => {
  it.each([
    [{ nHeads: 0 }, 'description.nHeads: expected at least 1, got 0'],
    [{ nHeads: NaN }, 'description.nHeads: expected a number, got NaN'],
    [{ nHeads: 1.5 }, 'description.nHeads: expected a whole number, got 1.5'],
    [{ nCtx: 2 ** 40 }, `description.nCtx: expected at most 16777216, got ${2 ** 40}`],
    [{ blocks: [] }, 'description.blocks: expected at least 1 item, got an empty list']
  ])('refuses %j', async (change, message) => {
    const { id: modelId } = await client.call('models.open', { path: hebrew })
    const { description } = await client.call('describe.infer', { modelId })
    const changed = { ...description!, ...change }
    const checking = client.call('describe.check', { modelId, description: changed, text: 'בר' })
    await expect(checking).rejects.toMatchObject({
      code: 'invalid-argument',
      message: `describe.check: ${message}`
    })
  })
})
