import { z } from 'zod'
import { axis } from '../data/dataset.ts'
import { LamellaError } from '../model/errors.ts'
import { blockHookName } from '../model/hooks.ts'
import { nothing, type Analysis, type Given } from './analysis.ts'
import { attentionFlow } from './attention-flow.ts'
import { givenDataset } from './given.ts'
import { joined } from './joined.ts'
import { Layers, layersOf } from './model-widths.ts'
import { mixedAttention, rolledOn } from './mixed-attention.ts'

const RolloutParams = z.strictObject({
  /** Layers whose rollout and flow are given, from 0; all when left out. */
  layers: Layers,
  /** Flow of the first so many tokens, of all where there are fewer; 0 for none. */
  flow_tokens: z.int().min(0).max(64).default(10)
})
type RolloutParams = z.infer<typeof RolloutParams>

/** Numbers of all the matrices that are given; more are asked for some layers at a time. */
const mostNumbers = 2 ** 28

const gives: readonly Given[] = [
  {
    name: 'rollout',
    axes: ['layer', 'query', 'key'],
    unit: '',
    about: 'R_l = Â_l R_{l−1}: how much of each token is in a residual after the layer'
  },
  {
    name: 'flow',
    axes: ['layer', 'flow_query', 'flow_key'],
    unit: '',
    about: 'the most that flows from a residual after the layer to each token'
  }
]

/** How much of each token gets to each place, by attention and past it, through all layers up to one. */
export const rollout: Analysis<RolloutParams> = {
  name: 'rollout',
  version: 1,
  of: 'window',
  compares: false,
  keeps: true,
  params: RolloutParams,
  about: {
    what: 'How much of each token of the text has come to each place after a layer, as attention passes it on and the residual stream keeps it: by rollout, which multiplies the layers, and by flow, which asks how much could pass at once.',
    formulas: [
      'Ā_l = mean of A_l[h] over heads; Â_l = (Ā_l + I), its rows divided by their sums',
      'rollout: R_0 = Â_0, R_l = Â_l R_{l−1}',
      'flow[l, q, k] = maximum flow from (l + 1, q) to (0, k) where the arc from (j + 1, a) to (j, b) takes Â_j[a, b]'
    ],
    sources: ['Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers", section 3'],
    read: 'Rows of a rollout sum to 1. Those of a flow do not, and are not made to: the paper divides each by its sum. Flow is of the first `flow_tokens` tokens, which in a decoder see no others; of an encoder it is given where that is the whole text. Values, norms and MLPs are left out of account: it tells what can be passed on, not what is.',
    baseline: ''
  },
  gives,

  needs: ({ layers }, model) => ({
    ...nothing,
    hooks: layersOf(model, null)
      .slice(0, layersOf(model, layers).at(-1)! + 1)
      .map(layer => blockHookName(layer, 'attn.hook_pattern'))
  }),

  start({ layers, flow_tokens: wanted }, model) {
    const asked = layersOf(model, layers)
    const isAll = asked.length === model.config!.nLayers
    const isCausal = model.visibility?.every(({ causal }) => causal) ?? false
    /** Of the layers so far: [query, key] each. */
    const mixed: Float64Array[] = []
    const rolled: Float32Array[] = []
    let size = 0
    let last: Float64Array | null = null
    return {
      begin({ ids }) {
        size = ids.length
        if (asked.length * size ** 2 > mostNumbers)
          throw new LamellaError(
            'invalid-argument',
            `rollout: ${asked.length} layers of ${size} × ${size} numbers are more than are given at once`,
            'Set layers to some of them, such as layers=[0], or give a shorter text.'
          )
      },
      take(taken) {
        if (taken.kind !== 'hook') return
        const own = mixedAttention(taken)
        last = last === null ? own : rolledOn(own, last, size)
        const count = flowTokens()
        if (asked.includes(mixed.length)) rolled.push(Float32Array.from(last))
        mixed.push(firstTokens(own, size, count))
      },
      result() {
        const count = flowTokens()
        const flow = asked.map(layer => attentionFlow(mixed.slice(0, layer + 1), count))
        return givenDataset(
          gives,
          {
            layer: axis(isAll ? asked.length : asked.map(String)),
            query: axis(size),
            key: axis(size),
            ...(count > 0 && { flow_query: axis(count), flow_key: axis(count) })
          },
          {
            rollout: joined(rolled, Float32Array),
            ...(count > 0 && { flow: joined(flow, Float64Array) })
          },
          { flow_tokens: count }
        )
      },
      state: () => ({})
    }

    /** The tokens whose flow is given: none where others would flow into them. */
    function flowTokens(): number {
      return isCausal || wanted >= size ? Math.min(wanted, size) : 0
    }
  }
}

/** Of the first tokens alone: [query, key]. */
function firstTokens(matrix: Float64Array, size: number, count: number): Float64Array {
  return Float64Array.from(
    { length: count ** 2 },
    (_, i) => matrix[Math.floor(i / count) * size + (i % count)]!
  )
}
