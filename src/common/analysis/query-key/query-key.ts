import { z } from 'zod'
import { axis, type Dataset } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { blockHookName, type BlockHook } from '../../model/hooks.ts'
import type { ScoreFacts } from '../../model/score-facts.ts'
import type { Tensor } from '../../model/tensor.ts'
import {
  nothing,
  type Analysis,
  type Given,
  type ModelFacts,
  type WantedWeight
} from '../analysis.ts'
import { collectedWeights } from '../embeddings/embedding-matrix.ts'
import { givenDataset } from '../given.ts'
import { layersOf, widthsOf } from '../model-widths.ts'
import { logSumExp } from '../softmax.ts'
import { scoreParts } from './score-parts.ts'

const QueryKeyParams = z.strictObject({
  layer: z.int().min(0),
  head: z.int().min(0),
  /** The position whose weights are taken apart, one for each key. */
  query: z.int().min(0)
})
type QueryKeyParams = z.infer<typeof QueryKeyParams>

const ofKeys = (name: string, about: string, unit = ''): Given => ({
  name,
  axes: ['key'],
  unit,
  about
})
const single = (name: string, about: string): Given => ({ name, axes: [], unit: '', about })

const gives: readonly Given[] = [
  { name: 'q', axes: ['dim'], unit: '', about: 'the query, as it is multiplied' },
  { name: 'k', axes: ['key', 'dim'], unit: '', about: 'the keys, as they are multiplied' },
  { name: 'product', axes: ['key', 'dim'], unit: '', about: 'q ∘ k' },
  ofKeys('dot', 'q · k, the sum of the products'),
  ofKeys('scaled', 'scale · (q · k)'),
  ofKeys('capped', 'soft_cap · tanh(scaled / soft_cap); scaled where there is no cap'),
  ofKeys('bias', 'what positions add: slope · key of linear biases (ALiBi), W_rel by distance'),
  ofKeys('score', 'hook_attn_scores; −∞ where the query does not see the key'),
  ofKeys('score_rest', 'score − (capped + bias): rounding to float32, and edits of the score'),
  ofKeys('softmax', 'exp(score − logsumexp)'),
  ofKeys('weight', 'hook_pattern'),
  ofKeys('weight_rest', 'weight − softmax: rounding to float32, and edits of the pattern'),
  single('scale', 'factor of q · k'),
  single('soft_cap', 'what scores are kept within; NaN where there is no cap'),
  single('highest', 'the highest score of the query'),
  single('logsumexp', 'ln Σ over keys, and the sink where there is one, of exp(score)'),
  single('sink', 'the score of the attention sink, which is no key; left out where there is none'),
  single('sink_weight', 'exp(sink − logsumexp): what no key gets')
]

/** How the weights of one query of a head came about, from the vectors that are multiplied to the softmax. */
export const queryKey: Analysis<QueryKeyParams> = {
  name: 'query-key',
  version: 1,
  of: 'window',
  compares: false,
  // The trace cache has the vectors, and a block gives the rest.
  keeps: false,
  params: QueryKeyParams,
  about: {
    what: 'How the attention weights of one query came about: query and key as they are multiplied, the product of each of their dimensions, and what makes a score and a weight of the sum.',
    formulas: [
      'q · k = Σ over dim of q ∘ k',
      'score = cap(scale · (q · k)) + bias, cap(x) = soft_cap · tanh(x / soft_cap) where there is one',
      'weight = exp(score − logsumexp), logsumexp = ln Σ over keys of exp(score), that of an attention sink among them'
    ],
    sources: [
      'Vaswani et al. 2017, section 3.2.1',
      'Su et al. 2021, "RoFormer", section 3.2.2, for vectors that turn',
      'Press et al. 2022, section 3, for linear biases; Raffel et al. 2020, section 2.1, for those by relative position',
      'Xiao et al. 2023, “Efficient Streaming Language Models with Attention Sinks”, for a sink that is no key',
      'Gemma Team 2024, "Gemma 2", section 2, for the cap'
    ],
    read: 'Vectors are those that are multiplied: with rotary positions once they turned (hook_rot_q, hook_rot_k); with grouped queries the key is that of the key/value head. Parts are added in float64 from float32 vectors; `score_rest` and `weight_rest` are what the model’s own float32 numbers are beside them, some 1e-6, and more where an edit changes scores or patterns. A key that the query does not see has a score of −∞ and a weight of 0; its parts are what they would be.',
    baseline: ''
  },
  gives,

  needs({ layer, head, query }, model, tokens) {
    const hooks = vectorHooks(model, layer)
    checkIndex('head', head, widthsOf(model).nHeads)
    if (tokens > 0) checkIndex('query', query, tokens)
    const all: readonly BlockHook[] = [...hooks, 'attn.hook_attn_scores', 'attn.hook_pattern']
    return {
      ...nothing,
      hooks: all.map(hook => blockHookName(layer, hook)),
      weights: weightsOf(model, layer)
    }
  },

  start({ layer, head, query }, model) {
    const values = new Map<string, Tensor>()
    const weights = collectedWeights(model)
    const weight = (role: 'W_rel' | 'w_sink') => {
      const wanted = weightsOf(model, layer).find(one => one.role === role)
      return wanted === undefined ? null : weights.of(wanted).data
    }
    const { nHeads, nKeyValueHeads } = widthsOf(model)
    const group = nHeads / nKeyValueHeads
    const keyHead = Math.floor(head / group)
    const [queryHook, keyHook] = vectorHooks(model, layer)
    const value = (hook: BlockHook) => values.get(blockHookName(layer, hook))!
    return {
      begin: () => values.clear(),
      take(taken) {
        if (taken.kind === 'hook') values.set(taken.hook, taken)
        weights.take(taken)
      },
      result() {
        const q = ofHead(value(queryHook), head).slice(query * dHead(), (query + 1) * dHead())
        const keys = ofHead(value(keyHook), keyHead)
        const facts = scoreFacts(model, layer)
        const attributes = {
          query_hook: blockHookName(layer, queryHook),
          key_hook: blockHookName(layer, keyHook),
          ...(group > 1 && { key_value_head: keyHead })
        }
        const rows = {
          score: rowOf(value('attn.hook_attn_scores'), head, query),
          weight: rowOf(value('attn.hook_pattern'), head, query)
        }
        const stored = { table: weight('W_rel'), sink: weight('w_sink')?.[head] ?? -Infinity }
        return takenApart(
          { q, keys, ...rows, ...stored },
          facts,
          { head, nHeads, query },
          attributes
        )
      },
      state: () => ({})
    }

    function dHead(): number {
      return value(queryHook).shape[2]!
    }
  }
}

interface Rows {
  readonly q: Float32Array
  readonly keys: Float32Array
  /** Of the query, [key]. */
  readonly score: Float32Array
  readonly weight: Float32Array
  /** W_rel, [bucket, head]; null where there is none. */
  readonly table: Float32Array | null
  /** The score of the sink; −∞ where there is none. */
  readonly sink: number
}

function takenApart(
  { q, keys, score, weight, table, sink }: Rows,
  facts: ScoreFacts,
  of: { readonly head: number; readonly nHeads: number; readonly query: number },
  attributes: Dataset['attributes']
): Dataset {
  const { products, dot, scaled, capped, bias } = scoreParts(q, keys, facts, of, table ?? undefined)
  const logsumexp = logSumExp(Float32Array.of(...score, sink))
  const softmax = Float64Array.from(score, value => Math.exp(value - logsumexp))
  return givenDataset(
    gives,
    { key: axis(score.length), dim: axis(q.length) },
    {
      ...{ q, k: keys, product: products, dot, scaled, capped, bias, score },
      score_rest: Float64Array.from(score, (value, key) =>
        value === -Infinity ? NaN : value - (capped[key]! + bias[key]!)
      ),
      ...{ softmax, weight },
      weight_rest: Float64Array.from(weight, (value, key) => value - softmax[key]!),
      scale: Float64Array.of(facts.scale),
      soft_cap: Float64Array.of(facts.softCap ?? NaN),
      highest: Float64Array.of(score.reduce((most, value) => Math.max(most, value), -Infinity)),
      logsumexp: Float64Array.of(logsumexp),
      ...(sink > -Infinity && {
        sink: Float64Array.of(sink),
        sink_weight: Float64Array.of(Math.exp(sink - logsumexp))
      })
    },
    attributes
  )
}

/** What scores hang on besides vectors: biases by relative position, and scores of sinks. */
function weightsOf(model: ModelFacts, layer: number): WantedWeight[] {
  const { relative, sinks = false } = scoreFacts(model, layer)
  return [
    ...(relative === undefined ? [] : [{ role: 'W_rel', layer, head: null } as const]),
    ...(sinks ? [{ role: 'w_sink', layer, head: null } as const] : [])
  ]
}

/** @throws LamellaError `unsupported` where it is not known */
function scoreFacts(model: ModelFacts, layer: number): ScoreFacts {
  const [known] = layersOf(model, [layer])
  if (model.scores !== null) return model.scores[known!]!
  throw new LamellaError(
    'unsupported',
    `${model.name}: it is not known how this graph makes scores of queries and keys`,
    'Its patterns and scores can be looked at as they are.'
  )
}

/**
 * The hooks that hold what is multiplied.
 * @throws LamellaError `unsupported` where none do
 */
function vectorHooks(model: ModelFacts, layer: number): readonly [BlockHook, BlockHook] {
  const { vectors } = scoreFacts(model, layer)
  if (vectors === 'turned') return ['attn.hook_rot_q', 'attn.hook_rot_k']
  if (vectors === 'projected') return ['attn.hook_q', 'attn.hook_k']
  throw new LamellaError(
    'unsupported',
    `${model.name}: block ${layer} normalises queries and keys, and no hook holds what comes of it`,
    'Its patterns and scores can be looked at as they are.'
  )
}

/** One head of [pos, head, dim]: [pos, dim]. */
function ofHead({ shape, data }: Tensor, head: number): Float32Array {
  const [count = 0, heads = 0, width = 0] = shape
  const own = new Float32Array(count * width)
  for (let pos = 0; pos < count; pos++) {
    const from = (pos * heads + head) * width
    own.set(data.subarray(from, from + width), pos * width)
  }
  return own
}

/** One row of [head, query, key]. */
function rowOf({ shape, data }: Tensor, head: number, query: number): Float32Array {
  const [, queries = 0, keys = 0] = shape
  const from = (head * queries + query) * keys
  return data.slice(from, from + keys)
}
