import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import type { WeightRole } from '../../model/weight-view.ts'
import { nothing, type Analysis, type Given, type ModelFacts, type Taken } from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { eigenvalues } from '../eigenvalues.ts'
import { givenDataset } from '../given.ts'
import { copyingScore } from '../head-weights/layer-weights.ts'
import {
  addProduct,
  matrixProduct,
  rowMajorView,
  transposedView,
  type MatrixView
} from '../matrix-product.ts'
import { widthsOf } from '../model-widths.ts'
import { quartiles } from '../quantiles.ts'
import { column, padded } from '../tensor-rows.ts'
import { circuitOverTokens, evenTokens, type TokenCircuit } from './circuit-over-tokens.ts'

const CircuitsParams = z.strictObject({
  /** Heads by layer and number, such as [[0, 3], [1, 2]]. */
  heads: z
    .array(z.tuple([z.int().min(0), z.int().min(0)]))
    .min(1)
    .max(64),
  /** Pairs of tokens that are given of each circuit, those of the largest numbers. */
  pairs: z.int().min(1).max(1000).default(20),
  /** Tokens whose rows are formed, evenly spaced over the vocabulary; as many as take some time when left out. */
  rows: z.int().min(1).max(10_000_000).nullable().default(null)
})
type CircuitsParams = z.infer<typeof CircuitsParams>

const kinds = {
  ov: { of: 'W_E W_V W_O W_U', from: 'source', to: 'output' },
  qk: { of: 'W_E W_Q W_Kᵀ W_Eᵀ', from: 'query', to: 'key' }
} as const
const names = ['ov', 'qk'] as const

const ofHead = (name: string, about: string): Given => ({ name, axes: ['head'], unit: '', about })

const gives: readonly Given[] = [
  ...names.flatMap(name => {
    const { of, from, to } = kinds[name]
    const pair = (what: string, about: string): Given => ({
      ...{ name: `${name}_${what}`, axes: ['head', 'pair'], unit: '', about }
    })
    return [
      pair(from, `the ${from} token of each of the largest numbers of ${of}, by its id`),
      pair(to, `its ${to} token`),
      pair('value', 'the number'),
      ofHead(`${name}_mean`, `mean of all numbers of ${of} that were formed`),
      ofHead(`${name}_std`, 'their standard deviation'),
      ofHead(
        `${name}_self_first`,
        name === 'ov'
          ? 'share of source tokens that raise their own logit most'
          : 'share of query tokens whose own token is the key that they score highest'
      ),
      ofHead(
        `${name}_self_rank`,
        `median share of tokens that are ahead of the ${from} token itself; 0.5 by chance`
      )
    ]
  }),
  ofHead('ov_copying', 'Σ Re λ / Σ |λ| over the eigenvalues of W_E W_V W_O W_U')
]

/** What is read of a head, [token, d_head] each: what tokens are as queries, keys and values, and what outputs do to logits. */
interface HeadTables {
  readonly weights: Map<WeightRole, MatrixView>
  readonly tables: Map<WeightRole, Float64Array>
}

/** What a head does to tokens by themselves: which it looks for from which, and which it makes more probable. */
export const circuits: Analysis<CircuitsParams> = {
  name: 'circuits',
  version: 2,
  of: 'weights',
  compares: false,
  keeps: true,
  params: CircuitsParams,
  about: {
    what: 'What heads do from token to token, by their weights alone: which keys a query token scores highest (QK), and the logits of which tokens a source token that is attended to raises (OV); how much that copies.',
    formulas: [
      'OV = W_E W_V W_O W_U, [source token, output token]',
      'QK = W_E W_Q W_Kᵀ W_Eᵀ, [query token, key token]',
      'ov_copying = Σ Re λ / Σ |λ| of OV; self_first = share of rows whose largest number is that of the token itself',
      'self_rank = median over rows of the share of numbers that are larger than that of the token itself'
    ],
    sources: [
      'Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits": full circuits, copying'
    ],
    read: 'Rows are formed some at a time and none is kept. Weights are as they are stored: no norm, bias, factor, position or rotary angle is in them, so the circuits are those of bare tokens; the numbers have no unit, and mean and std tell how far out a pair is. Where rows are of some tokens alone, the attribute `sampled` says so. A model whose embeddings are not as wide as what heads read has no such circuits.',
    baseline:
      'By chance self_first is 1 / the vocabulary and self_rank 0.5; a head that copies has a high self_first and a self_rank near 0.'
  },
  gives,

  needs({ heads }, model) {
    const { nLayers, nHeads, nKeyValueHeads, dHead, dVocab } = widthsOf(model)
    for (const [layer, head] of heads) {
      checkIndex('layer', layer, nLayers)
      checkIndex('head', head, nHeads)
    }
    if (heads.length * dVocab * dHead > mostHeld)
      throw new LamellaError(
        'invalid-argument',
        `heads: tables of ${heads.length} heads over ${dVocab} tokens are more than is held at once`,
        'Ask for fewer heads at a time.'
      )
    const group = nHeads / nKeyValueHeads
    const own = heads.flatMap(([layer, head]) =>
      (['W_Q', 'W_K', 'W_V', 'W_O'] as const).map(role => ({
        ...{ role, layer },
        head: role === 'W_K' || role === 'W_V' ? Math.floor(head / group) : head
      }))
    )
    return {
      ...nothing,
      weights: [
        ...own,
        { role: 'W_E', layer: null, head: null },
        { role: 'W_U', layer: null, head: null, transposed: true }
      ]
    }
  },

  start({ heads, pairs, rows: asked }, model) {
    const { dVocab, dHead, dModel } = widthsOf(model)
    const found = heads.map((): HeadTables => ({ weights: new Map(), tables: new Map() }))
    /** Weights come head by head, in the order that they are asked for. */
    let reading = -1

    function takeWeight({ address, shape, start, data }: Extract<Taken, { kind: 'weight' }>): void {
      if (address.role === 'W_Q' && start === 0) reading++
      const [height = 0, width = 0] = shape
      const { weights } = found[reading]!
      const own =
        weights.get(address.role) ?? rowMajorView(new Float32Array(height * width), height, width)
      weights.set(address.role, own)
      own.data.set(data, start * width)
    }

    /** Rows of an embedding by the weights of each head that read it, or that it reads. */
    function takeEmbedding({
      address,
      shape,
      start,
      data
    }: Extract<Taken, { kind: 'weight' }>): void {
      const [tokens = 0, width = 0] = shape
      if (width !== dModel || tokens !== dVocab) throw noCircuits(model, address.role, shape)
      const part = rowMajorView(data, data.length / width, width)
      const roles = address.role === 'W_E' ? (['W_Q', 'W_K', 'W_V'] as const) : (['W_O'] as const)
      for (const { weights, tables } of found)
        for (const role of roles) {
          const matrix = weights.get(role)!
          const table = tables.get(role) ?? new Float64Array(tokens * dHead)
          tables.set(role, table)
          const own = table.subarray(start * dHead, (start + part.rows) * dHead)
          addProduct(own, part, role === 'W_O' ? transposedView(matrix) : matrix)
        }
    }

    return {
      begin: () => undefined,
      take(taken) {
        if (taken.kind !== 'weight') return
        if (taken.address.layer === null) takeEmbedding(taken)
        else takeWeight(taken)
      },
      result() {
        const [first] = found
        for (const [role, table] of [
          ['W_E', 'W_Q'],
          ['W_U', 'W_O']
        ] as const)
          if (!first!.tables.has(table)) throw noCircuits(model, role, null)
        const usual = Math.max(1, Math.floor(mostWork / (2 * heads.length * dVocab * dHead)))
        const rows = evenTokens(dVocab, Math.min(dVocab, asked ?? usual))
        const table = (own: HeadTables, role: WeightRole) =>
          rowMajorView(own.tables.get(role)!, dVocab, dHead)
        const read = found.map(own => ({
          ov: circuitOverTokens(table(own, 'W_V'), table(own, 'W_O'), rows, pairs),
          qk: circuitOverTokens(table(own, 'W_Q'), table(own, 'W_K'), rows, pairs),
          copying: copyingScore(
            eigenvalues(matrixProduct(transposedView(table(own, 'W_O')), table(own, 'W_V')), dHead)
          )
        }))
        const data = names.flatMap(name => {
          const { from, to } = kinds[name]
          const all = read.map(own => own[name])
          const ofPairs = (of: (pair: TokenCircuit['pairs'][number]) => number) =>
            padded(all, pairs, circuit => circuit.pairs.map(of))
          return [
            [`${name}_${from}`, ofPairs(pair => pair.from)],
            [`${name}_${to}`, ofPairs(pair => pair.to)],
            [`${name}_value`, ofPairs(({ value }) => value)],
            [`${name}_mean`, column(all, ({ mean }) => mean)],
            [`${name}_std`, column(all, ({ std }) => std)],
            [
              `${name}_self_first`,
              column(all, ({ ahead }) => ahead.filter(count => count === 0).length / rows.length)
            ],
            [`${name}_self_rank`, column(all, ({ ahead }) => medianShare(ahead, dVocab))]
          ] as const
        })
        return givenDataset(
          gives,
          { head: axis(heads.map(([layer, head]) => `${layer}.${head}`)), pair: axis(pairs) },
          { ...Object.fromEntries(data), ov_copying: column(read, ({ copying }) => copying) },
          rows.length < dVocab
            ? {
                sampled: `rows are of ${rows.length} of ${dVocab} tokens, evenly spaced; set rows for more`
              }
            : {}
        )
      },
      state: () => ({})
    }
  },

  described: (result, { tokens }) => describedTokens(result, tokenVariables, tokens)
}

const tokenVariables = names.flatMap(name => [
  `${name}_${kinds[name].from}`,
  `${name}_${kinds[name].to}`
])

/** Products that are made unasked: half a minute. */
const mostWork = 4e10
/** Numbers of each of the four tables. */
const mostHeld = 2 ** 25

function noCircuits(
  { name }: ModelFacts,
  role: WeightRole,
  shape: readonly number[] | null
): LamellaError {
  const why =
    shape === null
      ? `has no ${role}`
      : `${role} is [${shape.join(', ')}], not as wide as what heads read, or of other tokens`
  return new LamellaError('unsupported', `${name}: has no circuits from token to token: ${why}`)
}

function medianShare(ahead: Int32Array, tokens: number): number {
  const [, , median = NaN] = quartiles(Float64Array.from(ahead))
  return median / (tokens - 1)
}
