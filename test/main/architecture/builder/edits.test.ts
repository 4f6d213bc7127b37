import { describe, expect, it } from 'vitest'
import type { BlockHook } from '#common/model/hooks.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import { buildBlock } from '../../../../src/main/architecture/builder/block.ts'
import {
  addOf,
  beforeEdit,
  scaleOf
} from '../../../../src/main/architecture/builder/construction.ts'
import { buildEmbedding, buildUnembedding } from '../../../../src/main/architecture/builder/ends.ts'
import { blockHooksOf } from '../../../../src/main/architecture/hooks-of.ts'
import type { Graph } from '../../../../src/main/graph/graph.ts'
import { expectClose } from '../../../golden/compare.ts'
import { families } from '../../../golden/families.ts'
import { loadGraph, runGraph, type Values } from '../../../golden/run-graph.ts'
import { goldenSpec } from '../golden-models.ts'
import { firstBlock } from './first-block.ts'

/** The same factors for all of a value. */
function edit(hook: string, rank: number, scale: number, add: number): Values {
  const shape = new Array<number>(rank).fill(1)
  return {
    [scaleOf(hook)]: { shape, data: Float32Array.of(scale) },
    [addOf(hook)]: { shape, data: Float32Array.of(add) }
  }
}

const rankOf = (graph: Graph, hook: string) =>
  graph.inputs.find(({ name }) => name === scaleOf(hook))!.shape.length

describe.each(families)('an edit of a hook of %s', name => {
  it('is what everything after it reads', async () => {
    const { spec, tensors } = await goldenSpec(name)
    spec.blocks.forEach((block, layer) => {
      for (const hook of blockHooksOf(block)) {
        const graph = buildBlock(spec, layer, tensors, { edited: new Set([hook]) })
        expectFlow(graph, hook)
        expect(isOnWay(graph, hook), hook).toBe(true)
      }
    })
  })

  it('of nothing changes no bit, at every hook at once', async () => {
    const { spec, weights, feeds } = await firstBlock(name)
    const edited = new Set(
      blockHooksOf(spec.blocks[0]!).filter(hook => hook !== 'attn.hook_result')
    )
    const graph = buildBlock(spec, 0, weights, { edited })
    const { hook_resid_pre, ...others } = feeds
    const nothing = [...edited].map(hook => edit(hook, rankOf(graph, hook), 1, -0))
    const entering = { [beforeEdit('hook_resid_pre')]: hook_resid_pre! }
    const actual = await runGraph(
      graph,
      weights,
      Object.assign({ ...others, ...entering }, ...nothing) as Values
    )
    const expected = await runGraph(buildBlock(spec, 0, weights), weights, feeds)
    for (const [hook, { shape, data }] of Object.entries(expected)) {
      expect(actual[hook]!.shape).toEqual(shape)
      expect(actual[hook]!.data, hook).toEqual(data)
      expect(actual[beforeEdit(hook)]!.data, hook).toEqual(data)
    }
  })

  it('changes what flows on by its scale and addend', async () => {
    const { spec, weights, feeds } = await firstBlock(name)
    const plain = await runGraph(buildBlock(spec, 0, weights, { results: true }), weights, feeds)
    for (const hook of blockHooksOf(spec.blocks[0]!)) {
      if (hook === 'hook_resid_pre') continue
      const graph = buildBlock(spec, 0, weights, { edited: new Set([hook]) })
      const loaded = await loadGraph(graph, weights)
      const half = await loaded.run({ ...feeds, ...edit(hook, rankOf(graph, hook), 0.5, 0.25) })
      const all = await loaded.run({ ...feeds, ...wholeEdit(hook, plain[hook]!) })
      await loaded.release()
      expectClose(half[beforeEdit(hook)]!.data, plain[hook]!.data, 1e-5, `${hook} before`)
      const shown = (value: number) => (value < -1e30 ? value : 0.5 * value + 0.25)
      expectClose(half[hook]!.data, plain[hook]!.data.map(shown), 1e-5, hook)
      expect(all[hook]!.data).toEqual(
        plain[hook]!.data.map((value, i) => (value < -1e30 ? value : Math.fround(i / 7)))
      )
      const moved = half.hook_resid_post!.data.some((value, i) => {
        return Math.abs(value - plain.hook_resid_post!.data[i]!) > 1e-4
      })
      expect(moved, hook).toBe(true)
    }
  })
})

/** Every entry of a value replaced by a seventh of its place. */
function wholeEdit(hook: string, { shape }: Tensor): Values {
  const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => i / 7)
  const zeros = new Array<number>(shape.length).fill(1)
  return {
    [scaleOf(hook)]: { shape: zeros, data: Float32Array.of(0) },
    [addOf(hook)]: { shape, data }
  }
}

/** What is before the edit goes nowhere but into the edit. */
function expectFlow(graph: Graph, hook: string): void {
  const before =
    graph.outputs.get(beforeEdit(hook)) ??
    graph.inputs.find(({ name }) => name === beforeEdit(hook))!
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(before))
  expect(readers.map(({ op }) => op)).toEqual(['Affine'])
}

/** Whether the last value of a block is computed from the edited one. */
function isOnWay(graph: Graph, hook: string): boolean {
  const reached = new Set([graph.outputs.get(hook)!])
  for (const { inputs, output } of graph.nodes)
    if (inputs.some(input => reached.has(input))) reached.add(output)
  return reached.has(graph.outputs.get('hook_resid_post')!)
}

describe('an edit', () => {
  it('of a hook that the block does not have is refused', async () => {
    const { spec, tensors } = await goldenSpec('gpt2')
    const edited = new Set<BlockHook>(['attn.hook_rot_q'])
    expect(() => buildBlock(spec, 1, tensors, { edited })).toThrow(
      'blocks.1.attn.hook_rot_q: no such hook'
    )
  })

  it('of scores lets no query see what it may not', async () => {
    const { spec, weights, feeds, count } = await firstBlock('gpt2')
    const hook = 'attn.hook_attn_scores'
    const graph = buildBlock(spec, 0, weights, { edited: new Set([hook]) })
    const given = await runGraph(graph, weights, { ...feeds, ...edit(hook, 3, 0, 1) })
    const uniform = Float32Array.from({ length: spec.nHeads * count ** 2 }, (_, i) => {
      const [query, key] = [Math.floor(i / count) % count, i % count]
      return key <= query ? 1 / (query + 1) : 0
    })
    expectClose(given['attn.hook_pattern']!.data, uniform, 1e-6, 'pattern')
  })

  it('is of the ends of a model, too', async () => {
    const { spec, tensors } = await goldenSpec('gpt2')
    const embedding = buildEmbedding(spec, tensors, new Set(['hook_embed', 'hook_pos_embed']))
    const ends = new Set(['ln_final.hook_normalized', 'logits'] as const)
    const unembedding = buildUnembedding(spec, tensors, ends)
    expectFlow(embedding, 'hook_embed')
    expectFlow(embedding, 'hook_pos_embed')
    for (const hook of ends) expectFlow(unembedding, hook)
  })
})
