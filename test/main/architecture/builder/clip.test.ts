import { expect, it } from 'vitest'
import type { TransformerSpec } from '#common/model/spec.ts'
import { buildBlock } from '../../../../src/main/architecture/builder/block.ts'
import { addOf, scaleOf } from '../../../../src/main/architecture/builder/construction.ts'
import {
  buildBlockGradient,
  gradientIn,
  gradientOf
} from '../../../../src/main/architecture/builder/gradients.ts'
import { expectClose } from '../../../golden/compare.ts'
import { runGraph } from '../../../golden/run-graph.ts'
import { firstBlock } from './first-block.ts'

const letters = ['q', 'k', 'v'] as const
const hooks = letters.map(letter => `attn.hook_${letter}` as const)

function clippedAt(spec: TransformerSpec, clip: number | null): TransformerSpec {
  const [first] = spec.blocks
  return { ...spec, blocks: [{ ...first!, attention: { ...first!.attention, clip } }] }
}

it('keeps queries, keys and values within bounds, and what attention makes of them is of those', async () => {
  const { spec, weights, feeds, count } = await firstBlock('mpt')
  const run = (clip: number | null) =>
    runGraph(buildBlock(clippedAt(spec, clip), 0, weights), weights, feeds)
  const [free, kept] = [await run(null), await run(0.5)]
  for (const hook of hooks) {
    const expected = free[hook]!.data.map(value => Math.min(Math.max(value, -0.5), 0.5))
    expect(expected.filter(value => Math.abs(value) === 0.5).length).toBeGreaterThan(100)
    expect(kept[hook]!.data).toEqual(expected)
  }
  const { nHeads, dHead } = spec
  const at = (hook: string) => kept[hook]!.data
  const mixed = Float32Array.from({ length: count * nHeads * dHead }, (_, i) => {
    const [query, head] = [Math.floor(i / (nHeads * dHead)), Math.floor(i / dHead) % nHeads]
    let sum = 0
    for (let key = 0; key < count; key++)
      sum +=
        at('attn.hook_pattern')[(head * count + query) * count + key]! *
        at('attn.hook_v')[(key * nHeads + head) * dHead + (i % dHead)]!
    return sum
  })
  expectClose(at('attn.hook_z'), mixed, 1e-5, 'attn.hook_z')
})

it('lets no gradient through where they were beyond', async () => {
  const { spec, weights, feeds } = await firstBlock('mpt')
  const seed = { [gradientOf('hook_resid_post')]: feeds.hook_resid_pre! }
  const back = async (clip: number | null) => {
    const graph = buildBlockGradient(clippedAt(spec, clip), 0, weights, { hooks })
    return (await runGraph(graph, weights, { ...feeds, ...seed }))[gradientIn]!.data
  }
  const free = await back(null)
  // Bounds that nothing reaches change nothing; bounds that all is beyond leave what goes past attention.
  expect(await back(1e6)).toEqual(free)
  const past = await back(1e-6)
  const none = buildBlockGradient(spec, 0, weights, { edited: new Set(hooks) })
  const zero = { shape: [1, 1, 1], data: Float32Array.of(0) }
  const off = Object.fromEntries(
    hooks.flatMap(hook => [scaleOf(hook), addOf(hook)].map(of => [of, zero]))
  )
  const without = await runGraph(none, weights, { ...feeds, ...seed, ...off })
  expectClose(past, without[gradientIn]!.data, 1e-4, gradientIn)
  expect(past.some((value, i) => Math.abs(value - free[i]!) > 0.1)).toBe(true)
})
