import { z } from 'zod'
import { axis, type Dataset } from '../data/dataset.ts'
import { blockHookName } from '../model/hooks.ts'
import type { Tensor } from '../model/tensor.ts'
import { nothing, type Analysis, type Given } from './analysis.ts'
import { firstTokens, withoutFirstKey } from './first-token.ts'
import { givenDataset } from './given.ts'
import { layersOf } from './model-widths.ts'
import { pooled, poolings } from './pool.ts'

const PatternParams = z.strictObject({
  layer: z.int().min(0),
  /** One head, every weight of it; all of the layer, pooled, when left out. */
  head: z.int().min(0).nullable().default(null),
  /** The most rows and columns of a pooled map. */
  size: z.int().min(1).max(512).default(64),
  /** What a cell of a pooled map is of those that it stands for. */
  pooling: z.enum(poolings).default('mean'),
  /** Hidden, its column is zeros and each row is divided by what is left of it. */
  first_token: z.enum(firstTokens).default('shown'),
  /** Weights as computed, for which the block runs once more; else in the half precision that they are kept in. */
  exact: z.boolean().default(true)
})
type PatternParams = z.infer<typeof PatternParams>

const gives: readonly Given[] = [
  {
    name: 'map',
    axes: ['head', 'row', 'column'],
    unit: '',
    about: 'pooled patterns of a layer'
  },
  {
    name: 'pattern',
    axes: ['query', 'key'],
    unit: '',
    about: 'the pattern of one head'
  }
]

/** Attention patterns to look at: small maps of all heads of a layer, or one head as it is. */
export const patterns: Analysis<PatternParams> = {
  name: 'patterns',
  version: 2,
  of: 'window',
  compares: false,
  // The trace cache has them.
  keeps: false,
  params: PatternParams,
  about: {
    what: 'How much each query attends to each key: softmax of the scores. Of a layer, every head as a map of at most `size` rows and columns, each cell the mean or the maximum of what it stands for; of one head, every weight.',
    formulas: [
      'A[q, k] = softmax over k of the scores of q',
      'with `first_token` hidden: A[q, 0] = 0, and A[q, k] / Σ_{j ≥ 1} A[q, j] elsewhere; zeros where that sum is 0'
    ],
    sources: [
      'Vaswani et al. 2017, section 3.2.1',
      'Xiao et al. 2023, “Efficient Streaming Language Models with Attention Sinks”'
    ],
    read: 'Rows of a pattern sum to 1. Pooled cells are means or maxima: a text of at most `size` tokens is whole. Weights are float32 as computed; with `exact` false they are rounded to half precision (float16, 11 significant bits), which the attribute `precision` says.',
    baseline: ''
  },
  gives,

  needs: ({ layer, head, exact }, model) => ({
    ...nothing,
    exact,
    slice: head,
    hooks: layersOf(model, [layer]).map(asked => blockHookName(asked, 'attn.hook_pattern'))
  }),

  start(params) {
    let result: Dataset | null = null
    return {
      begin: () => undefined,
      take(taken) {
        if (taken.kind === 'hook') result = shown(taken, params)
      },
      result: () => result!,
      state: () => ({})
    }
  }
}

function shown(taken: Tensor, { head, size, pooling, first_token }: PatternParams): Dataset {
  const pattern = first_token === 'hidden' ? withoutFirstKey(taken) : taken
  return head === null ? maps(pooled(pattern, size, pooling)) : oneHead(pattern)
}

function maps({ shape, data }: Tensor): Dataset {
  const [heads = 0, rows = 0, columns = 0] = shape
  return givenDataset(
    gives,
    { head: axis(heads), row: axis(rows), column: axis(columns) },
    { map: data }
  )
}

function oneHead({ shape, data }: Tensor): Dataset {
  const [queries = 0, keys = 0] = shape
  return givenDataset(gives, { query: axis(queries), key: axis(keys) }, { pattern: data })
}
