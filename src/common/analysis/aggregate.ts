import { z } from 'zod'
import { axis } from '../data/dataset.ts'
import { checkIndex } from '../model/check-index.ts'
import { LamellaError } from '../model/errors.ts'
import { blockHookName, parseHookName } from '../model/hooks.ts'
import type { Tensor } from '../model/tensor.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from './analysis.ts'
import { firstTokens, withoutFirstKey } from './first-token.ts'
import { givenDataset } from './given.ts'
import { Layers, layersOf, widthsOf } from './model-widths.ts'

/** What a cell is of those of several patterns. */
export const aggregations = ['mean', 'max', 'min'] as const
export type Aggregation = (typeof aggregations)[number]

const AggregateParams = z.strictObject({
  how: z.enum(aggregations).default('mean'),
  /** Heads as [layer, head]; those of `layers` when left out. */
  heads: z
    .array(z.tuple([z.int().min(0), z.int().min(0)]))
    .min(1)
    .nullable()
    .default(null),
  /** Layers whose heads are taken, from 0; all when left out. Of `heads` those in these layers. */
  layers: Layers,
  /** Hidden, its column is zeros in each pattern and rows are divided by what is left of them, before they are taken together. */
  first_token: z.enum(firstTokens).default('shown'),
  /** Weights as computed, for which blocks run once more; else in the half precision that they are kept in. */
  exact: z.boolean().default(true)
})
type AggregateParams = z.infer<typeof AggregateParams>

const gives: readonly Given[] = [
  {
    name: 'pattern',
    axes: ['query', 'key'],
    unit: '',
    about: 'mean, maximum or minimum of the patterns'
  },
  { name: 'heads', axes: [], unit: 'heads', about: 'how many patterns it is of' }
]

/** Patterns of many heads as one. */
export const aggregate: Analysis<AggregateParams> = {
  name: 'aggregate',
  version: 1,
  of: 'window',
  compares: false,
  // The trace cache has the patterns.
  keeps: false,
  params: AggregateParams,
  about: {
    what: 'The attention patterns of several heads as one: each cell the mean, the maximum or the minimum of theirs.',
    formulas: [
      'mean: P[q, k] = Σ_h A_h[q, k] / H',
      'max: P[q, k] = max_h A_h[q, k]',
      'min: P[q, k] = min_h A_h[q, k]',
      'with `first_token` hidden, of A_h[q, k] / Σ_{j ≥ 1} A_h[q, j] for k ≥ 1, and 0 for k = 0'
    ],
    sources: ['Vig 2019, "A Multiscale Visualization of Attention in the Transformer Model"'],
    read: 'Rows of a mean sum to 1, those of a maximum to at least 1, of a minimum to at most 1. Where a layer lets a query see less than others do, its weights there are 0 and count. Values are left out of account: it tells where heads look, not what they bring. With `exact` false weights are rounded to half precision before they are taken together, which the attribute `precision` says.',
    baseline: ''
  },
  gives,

  needs: (params, model) => ({
    ...nothing,
    exact: params.exact,
    hooks: [...headsByLayer(params, model).keys()].map(layer =>
      blockHookName(layer, 'attn.hook_pattern')
    )
  }),

  start(params, model) {
    const heads = headsByLayer(params, model)
    let size = 0
    let taken = 0
    let together = new Float64Array(0)
    return {
      begin({ ids }) {
        size = ids.length
        taken = 0
        together = new Float64Array(size * size).fill(neutral[params.how])
      },
      take(value) {
        if (value.kind !== 'hook') return
        const own = heads.get(parseHookName(value.hook)!.layer!)!
        const pattern = params.first_token === 'hidden' ? withoutFirstKey(value) : value
        takeIn(together, params.how, pattern, own)
        taken += own.length
      },
      result() {
        const divisor = params.how === 'mean' ? taken : 1
        return givenDataset(
          gives,
          { query: axis(size), key: axis(size) },
          {
            pattern: Float32Array.from(together, value => value / divisor),
            heads: Int32Array.of(taken)
          }
        )
      },
      state: () => ({})
    }
  }
}

/** What changes nothing. */
const neutral: Readonly<Record<Aggregation, number>> = { mean: 0, max: -Infinity, min: Infinity }

/**
 * Takes some heads of a layer in.
 * @param together [query, key]; sums, where means are asked for
 * @param pattern [head, query, key]
 */
function takeIn(
  together: Float64Array,
  how: Aggregation,
  { data }: Tensor,
  heads: readonly number[]
): void {
  const size = together.length
  for (const head of heads)
    for (let cell = 0; cell < size; cell++) {
      const before = together[cell]!
      const weight = data[head * size + cell]!
      together[cell] =
        how === 'mean'
          ? before + weight
          : how === 'max'
            ? Math.max(before, weight)
            : Math.min(before, weight)
    }
}

/**
 * The heads that are asked for, by layer, each once and in order.
 * @throws LamellaError `invalid-argument` naming the first layer or head that the model does not have, or where none is left
 */
function headsByLayer(
  { heads, layers }: Pick<AggregateParams, 'heads' | 'layers'>,
  model: ModelFacts
): Map<number, number[]> {
  const { nLayers, nHeads } = widthsOf(model)
  for (const [layer, head] of heads ?? []) {
    checkIndex('layer', layer, nLayers)
    checkIndex('head', head, nHeads)
  }
  const asked = (layer: number) =>
    heads === null
      ? Array.from({ length: nHeads }, (_, head) => head)
      : [...new Set(heads.filter(([own]) => own === layer).map(([, head]) => head))].sort(
          (a, b) => a - b
        )
  const found = layersOf(model, layers).map(layer => [layer, asked(layer)] as const)
  const some = found.filter(([, own]) => own.length > 0)
  if (some.length > 0) return new Map(some)
  throw new LamellaError('invalid-argument', 'aggregate: none of the heads is in the layers')
}
