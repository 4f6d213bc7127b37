import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Edit } from '#common/model/edit.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { cpuSource, projectRoot, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

const ids = [5, 17, 3, 9, 8]
const target = { kind: 'logit', position: 4, token: 2 } as const

let workbench: Workbench
let model: ModelInfo
let width: number
beforeAll(async () => {
  workbench = await startWorkbench()
  const path = join(projectRoot, 'test/golden/gpt2')
  model = await workbench.handlers['models.open']({ path }, uncancelled())
  width = model.config!.dModel
})
afterAll(() => workbench.close())

async function gradient(edits: Edit[]) {
  const source = cpuSource(model, { ids }, edits)
  const { id: runId } = await workbench.handlers['runs.start']({ source }, uncancelled())
  return workbench.handlers['runs.gradient']({ runId, target, hooks: [] }, uncancelled())
}

const resid = (layer: number) => `blocks.${layer}.hook_resid_pre`
const z = 'blocks.0.attn.hook_z'
const scores = 'blocks.0.attn.hook_attn_scores'
const list = (length: number) => Array.from({ length }, (_, i) => Math.sin(i))
const edit = (hook: string, at: Edit['at'], scale: number, add: Edit['add'] = null): Edit => ({
  ...{ hook, at, scale, add }
})
const from = { input: { ids: [1, 2, 3, 4, 5] }, edits: [] }

/** Edits of what enters a block, that are not alike everywhere, and several of one hook. */
const cases: readonly (readonly [string, () => Edit[]])[] = [
  ['a position of the first residual', () => [edit(resid(0), { pos: [2] }, 0.5)]],
  ['a position of a later one', () => [edit(resid(1), { pos: [2] }, 0.5)]],
  ['some of its units', () => [edit(resid(1), { unit: [0, 7] }, -2)]],
  ['a direction added', () => [edit(resid(1), {}, 1, list(width))]],
  ['its mean', () => [edit(resid(1), { pos: [1] }, 0.25, 'mean')]],
  [
    'a position taken from another run',
    () => [edit(resid(1), { pos: [3] }, 0.5, { from, hook: resid(1), times: 1 })]
  ],
  [
    'two heads, each by its mean',
    () => [edit(z, { head: [0] }, 0.5, 'mean'), edit(z, { head: [1] }, -1, 'mean')]
  ],
  [
    'two edges and a head',
    () => [
      edit(scores, { head: [0], query: [3], key: [1] }, 1, '-inf'),
      edit(scores, { head: [1], query: [4], key: [2] }, 1, '-inf'),
      edit(scores, { head: [1] }, 0.5)
    ]
  ],
  [
    'an embedding, first scaled and then added to',
    () => [edit('hook_embed', { pos: [1] }, 0.5), edit('hook_embed', {}, 1, list(width))]
  ]
]

describe.each(cases)('below %s', (_, edits) => {
  it('the gradient by embeddings is what small steps along it come to', async () => {
    const { embed } = await gradient(edits())
    const square = embed.data.reduce((sum, x) => sum + x * x, 0)
    expect(square).toBeGreaterThan(0)
    const step = 0.004 / Math.sqrt(square)
    const at = async (times: number) => {
      const add = [...embed.data].map(x => x * times)
      // Towards what flows on: after what else edits the embeddings.
      return (await gradient([...edits(), edit('hook_embed', {}, 1, add)])).value
    }
    const slope = ((await at(step)) - (await at(-step))) / (2 * step)
    expect(slope / square).toBeCloseTo(1, 2)
  })

  it('the gradient by the scale of each edit is what small steps of it come to', async () => {
    const { scales } = await gradient(edits())
    const own = edits()
    expect(scales).toHaveLength(own.length)
    for (const [i, { scale }] of own.entries()) {
      const at = async (by: number) =>
        (await gradient(own.map((other, j) => (i === j ? { ...other, scale: scale + by } : other))))
          .value
      const slope = ((await at(0.02)) - (await at(-0.02))) / 0.04
      expect(Math.abs(scales[i]! - slope)).toBeLessThan(0.01 * Math.max(0.1, Math.abs(slope)))
    }
  })
})
