import { describe, expect, it } from 'vitest'
import { neurons } from '#common/analysis/neurons/neurons.ts'
import { neuronContextsOf } from '#common/analysis/neurons/contexts-of.ts'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { neuronActivity, neuronExtent, neuronGroups } from '#common/figure/views/neuron-figures.ts'
import { lookOf } from '#common/figure/views/look-params.ts'
import { idToken } from '#common/model/token.ts'

const model = {
  ...{
    name: 'small',
    predicts: 'next',
    labels: null,
    ofText: false,
    tensors: [],
    texts: new Map()
  },
  config: { nLayers: 2, nHeads: 1, nKeyValueHeads: 1, dModel: 2, dHead: 2, dVocab: 9, nCtx: 99 },
  ...{ visibility: null, scores: null, positions: null }
} as unknown as ModelFacts
/** Of two units at six tokens; the second is never above 0. */
const post = Float32Array.of(1, -1, 4, -1, -2, 0, 3, -1, 0.5, 0, 2, 0)

async function looked() {
  const params = neurons.params.parse({ neurons: '1.0', layers: [1], top: 2, bins: 3, around: 1 })
  const taking = neurons.start(params, model, null)
  const texts = null
  taking.begin({ ids: Int32Array.of(5, 6, 7, 8, 5, 6), texts, label: 'a.txt' })
  taking.take({ kind: 'hook', hook: 'blocks.1.mlp.hook_post', shape: [6, 2], data: post }, 0)
  const tokens = (ids: readonly number[]) => Promise.resolve(ids.map(idToken))
  return neurons.described!(taking.result(), { tokens, labels: null })
}

describe('what is said of one neuron', () => {
  it('has its highest tokens first, each with what stands around within its window', async () => {
    const found = neuronContextsOf(await looked())
    expect(found).toMatchObject({ tokens: 6, mean: 8.5 / 6, active: 5 / 6 })
    expect(found.top).toMatchObject([
      { value: 4, query: 1, start: 0, values: [1, 4, -2] },
      { value: 3, query: 3, start: 2, values: [-2, 3, 0.5] }
    ])
    expect(found.top[0]!.tokens.map(({ id }) => id)).toEqual([5, 6, 7])
    const all = found.bins.flatMap(({ contexts }) => contexts)
    expect(all.map(({ value }) => value)).toEqual([-2, 0.5, 1, 2, 3, 4])
    // The last token has nothing after it.
    expect(all.find(({ query }) => query === 5)).toMatchObject({ start: 4, values: [0.5, 2] })
  })

  it('is grouped from the highest down, shaded where it is above 0', async () => {
    const found = neuronContextsOf(await looked())
    expect(neuronExtent(found)).toEqual({ low: 0, high: 4 })
    const own = {
      colors: 'magma',
      scale: 'linear',
      range: 'automatic',
      pooling: 'maximum'
    } as const
    const groups = neuronGroups(found, lookOf(own, neuronExtent(found)), String)
    expect(groups[0]).toMatchObject({ bin: -1, range: 'Highest', count: '2 of 6 tokens' })
    const [first] = groups[0]!.lines
    expect(first).toMatchObject({ score: '4', query: { weight: 4 } })
    expect(first!.before.map(({ weight }) => weight)).toEqual([1])
    expect(first!.after.map(({ weight }) => weight)).toEqual([null])
    expect(groups.at(-1)!.lines.at(-1)!.score).toBe('-2')
  })

  it('counts the neurons of a layer by the share of tokens at which they are active', async () => {
    const [bars] = neuronActivity(await looked(), 0).series
    expect([...bars!.y]).toEqual(
      Array.from({ length: 20 }, (_, i) => (i === 0 || i === 16 ? 1 : 0))
    )
  })
})
