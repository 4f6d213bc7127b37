import { expect, it } from 'vitest'
import type { LinearSpec, TransformerSpec } from '#common/model/spec.ts'
import { buildBlock } from '../../../../src/main/architecture/builder/block.ts'
import { addOf, scaleOf } from '../../../../src/main/architecture/builder/construction.ts'
import type { TensorEntry } from '../../../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../../../src/main/checkpoint/read.ts'
import { expectClose } from '../../../golden/compare.ts'
import { families } from '../../../golden/families.ts'
import { runGraph } from '../../../golden/run-graph.ts'
import { firstBlock } from './first-block.ts'

const hook = 'attn.hook_result'

/** A spec whose first block's output projection is stored in another way. */
function withOutput(spec: TransformerSpec, stored: LinearSpec['stored']): TransformerSpec {
  const [first, ...rest] = spec.blocks
  const { attention } = first!
  const output = { ...attention.output!, stored }
  return { ...spec, blocks: [{ ...first!, attention: { ...attention, output } }, ...rest] }
}

/** z · W_O of each head, by its definition. */
function byHead(z: Float32Array, w: Float32Array, { nHeads, dHead, dModel }: TransformerSpec) {
  return Float32Array.from({ length: (z.length / dHead) * dModel }, (_, i) => {
    const [row, unit] = [Math.floor(i / dModel), i % dModel]
    const first = (row % nHeads) * dHead
    let sum = 0
    for (let d = 0; d < dHead; d++) sum += z[row * dHead + d]! * w[(first + d) * dModel + unit]!
    return sum
  })
}

it.each(['in,out', 'out,in', 'head,d_head,out', 'head,out,d_head'] as const)(
  'of an output projection stored as [%s] are z · W_O of each head',
  async stored => {
    const { spec, weights, feeds } = await firstBlock('gpt2')
    const { nHeads, dHead, dModel } = spec
    const { weight } = spec.blocks[0]!.attention.output!
    const entry = weights.get(weight)!
    const other: Partial<Record<typeof stored, Partial<TensorEntry>>> = {
      // The square matrix by its columns.
      'out,in': { strides: [1, dModel] },
      'head,d_head,out': { shape: [nHeads, dHead, dModel] },
      'head,out,d_head': { shape: [nHeads, dModel, dHead], strides: [dHead * dModel, 1, dModel] }
    }
    const tensors = new Map(weights).set(weight, { ...entry, ...other[stored] })
    const graph = buildBlock(withOutput(spec, stored), 0, tensors, { results: true })
    const given = await runGraph(graph, tensors, feeds)
    const expected = byHead(given['attn.hook_z']!.data, await readFloat32(entry), spec)
    expectClose(given[hook]!.data, expected, 1e-5, hook)
  }
)

it.each(families)('of %s sum up to what attention gives, and are on the way there', async name => {
  const { spec, weights, feeds } = await firstBlock(name)
  const plain = await runGraph(buildBlock(spec, 0, weights, { results: true }), weights, feeds)
  const graph = buildBlock(spec, 0, weights, { edited: new Set([hook]) })
  const one = (value: number) => ({ shape: [1, 1, 1], data: Float32Array.of(value) })
  const nothing = { ...feeds, [scaleOf(hook)]: one(1), [addOf(hook)]: one(-0) }
  const summed = await runGraph(graph, weights, nothing)
  expect(summed[hook]!.shape).toEqual([...plain['attn.hook_z']!.shape.slice(0, 2), spec.dModel])
  expectClose(summed[hook]!.data, plain[hook]!.data, 1e-5, hook)
  for (const after of ['hook_attn_out', 'hook_resid_post'])
    expectClose(summed[after]!.data, plain[after]!.data, 1e-4, after)
})
