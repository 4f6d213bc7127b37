import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import type { WeightRole } from '../../model/weight-view.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { Layers, layersOf, widthsOf } from '../model-widths.ts'
import { circuitProducts, cosines, innerProducts, wardOf } from './head-distances-of-weights.ts'
import {
  circuitEigenvalues,
  circuitSingularValues,
  copyingScore,
  frobeniusNorm,
  fullEigenvalues,
  headMatrices
} from './layer-weights.ts'
import { headAddresses, layerByLayer, type HeadsOfLayer } from './layer-by-layer.ts'
import { embeddingAddresses, unembeddingByEmbedding } from './token-circuit.ts'

/** What there is to tell of heads, each of another cost. */
const parts = ['norms', 'eigenvalues', 'singular', 'similarity', 'circuits', 'full'] as const
type Part = (typeof parts)[number]

const HeadWeightsParams = z.strictObject({
  /** Layers to look at, from 0; all when left out. */
  layers: Layers,
  /**
   * What is told: norms, eigenvalues and singular values of circuits, similarity of W_Q, distances between circuits, and
   * circuits from token to token. All that takes little time and memory when left out.
   */
  parts: z.array(z.enum(parts)).min(1).nullable().default(null)
})
type HeadWeightsParams = z.infer<typeof HeadWeightsParams>

/** The variables that are norms, and the weights that they are of. */
const norms = {
  norm_Q: 'W_Q',
  norm_K: 'W_K',
  norm_V: 'W_V',
  norm_O: 'W_O',
  norm_bQ: 'b_Q',
  norm_bK: 'b_K',
  norm_bV: 'b_V'
} as const satisfies Readonly<Record<string, WeightRole>>
type NormName = keyof typeof norms
const normNames = Object.keys(norms) as NormName[]

const headAxis = (role: WeightRole) => (/[KV]$/.test(role) ? 'kv_head' : 'head')

const circuits = { qk: 'W_Q W_Kᵀ', ov: 'W_V W_O' } as const
const circuitNames = ['qk', 'ov'] as const

const linkage = (name: string, of: string, axes: string[] = ['merge', 'merged']): Given => ({
  name,
  axes,
  unit: '',
  about: `Ward's linkage of heads by the distance of ${of}: the two clusters that are joined, at which height, and their size`
})

const gives: readonly Given[] = [
  ...normNames.map(name => ({
    name,
    axes: ['layer', headAxis(norms[name])],
    unit: '',
    about: `Frobenius norm of ${norms[name]}${name.includes('_b') ? ', where there is one' : ''}`
  })),
  ...circuitNames.flatMap(name => [
    {
      name: `${name}_eigen`,
      axes: ['layer', 'head', 'eigenvalue', 'part'],
      unit: '',
      about: `eigenvalues of ${circuits[name]} that can be non-zero, by magnitude`
    },
    {
      name: `${name}_singular`,
      axes: ['layer', 'head', 'eigenvalue'],
      unit: '',
      about: `singular values of ${circuits[name]} that can be non-zero, the largest first`
    }
  ]),
  {
    name: 'copying',
    axes: ['layer', 'head'],
    unit: '',
    about: 'Σ Re λ / Σ |λ| over the eigenvalues of W_V W_O'
  },
  {
    name: 'full_ov_eigen',
    axes: ['layer', 'head', 'eigenvalue', 'part'],
    unit: '',
    about: 'eigenvalues of W_E W_V W_O W_U that can be non-zero, by magnitude'
  },
  {
    name: 'full_copying',
    axes: ['layer', 'head'],
    unit: '',
    about: 'Σ Re λ / Σ |λ| over the eigenvalues of W_E W_V W_O W_U'
  },
  {
    name: 'cosine_Q',
    axes: ['one_head', 'other_head'],
    unit: '',
    about: 'cosine of the angle between W_Q of one head and of another'
  },
  linkage('ward_Q', 'W_Q'),
  linkage('ward_Q_layer', 'W_Q within each layer', ['layer', 'layer_merge', 'merged']),
  linkage('ward_QK', circuits.qk),
  linkage('ward_OV', circuits.ov)
]

/** What each head's weights are like by themselves and beside those of the others. */
export const headWeights: Analysis<HeadWeightsParams> = {
  name: 'head-weights',
  version: 2,
  of: 'weights',
  compares: false,
  keeps: true,
  params: HeadWeightsParams,
  about: {
    what: "The norms of each head's weights, eigenvalues and singular values of its two circuits, W_Q W_Kᵀ, which says what it attends to, and W_V W_O, which says what it writes of what it attends to; and which heads are alike by them.",
    formulas: [
      'norm = √Σ w²',
      'the non-zero eigenvalues of W_V W_O are those of W_O W_V [d_head, d_head]; of W_Q W_Kᵀ those of W_Kᵀ W_Q; of W_E W_V W_O W_U those of W_O (W_U W_E) W_V',
      'singular values of W_Q W_Kᵀ: those of R_Q R_Kᵀ, W = Q R; of W_V W_O alike',
      'copying = Σ Re λ / Σ |λ| of W_V W_O; full_copying of W_E W_V W_O W_U',
      'distance = √Σ (a − b)² of all numbers of two matrices; cosine = Σ a b / (‖a‖ ‖b‖)'
    ],
    sources: [
      'Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits": eigenvalues of the OV circuit',
      "Ward 1963; merges are numbered as SciPy's linkage numbers them"
    ],
    read: 'Copying near 1: what the head writes is like what it reads, all eigenvalues being positive; near −1: it takes it away; near 0: it turns it into something else. Weights are as they are stored: no norm, no bias, no rotary angles and no 1/√d_head in them. Query heads that share a key/value head share its weights. Heads are named layer.head and numbered layer by layer. W_Q of two heads may differ and do the same, for what it is multiplied with may be turned alike: circuits tell that.',
    baseline: 'Cosines between W_Q of independent numbers are about 1 / √(d_model · d_head).'
  },
  gives,

  needs(params, model) {
    const { chosen } = partsOf(params, model)
    return {
      ...nothing,
      weights: [
        ...(chosen.has('full') ? embeddingAddresses : []),
        ...headAddresses(widthsOf(model), layersOf(model, params.layers))
      ]
    }
  },

  start(params, model) {
    const { chosen, left } = partsOf(params, model)
    const layers = layersOf(model, params.layers)
    const { nHeads, nKeyValueHeads, dModel, dHead } = widthsOf(model)
    const all = layers.length * nHeads
    const found = new Map<string, Float64Array>()
    const held: HeadsOfLayer[] = []
    const embeddings = unembeddingByEmbedding()
    let through: ReturnType<typeof embeddings.result> = null

    /** Numbers of each head, of which a layer gives its own. */
    function put(
      name: string,
      layer: number,
      heads: readonly (readonly number[] | Float64Array)[]
    ) {
      const width = heads.length * heads[0]!.length
      const own = found.get(name) ?? new Float64Array(layers.length * width).fill(NaN)
      found.set(name, own)
      heads.forEach((numbers, head) =>
        own.set(numbers, layers.indexOf(layer) * width + head * numbers.length)
      )
    }

    const collected = layerByLayer(whole => {
      const { layer, biases } = whole
      const byRole = { W_Q: whole.q, W_K: whole.k, W_V: whole.v, W_O: whole.o }
      if (chosen.has('norms'))
        for (const name of normNames) {
          const role = norms[name]
          const own = role in byRole ? byRole[role as keyof typeof byRole] : biases.get(role)
          if (own !== undefined && own.length > 0)
            put(
              name,
              layer,
              own.map(matrix => [frobeniusNorm(matrix)])
            )
        }
      const heads = whole.q.map((_, head) => headMatrices(whole, head))
      if (chosen.has('eigenvalues')) {
        const own = heads.map(circuitEigenvalues)
        for (const name of circuitNames)
          put(
            `${name}_eigen`,
            layer,
            own.map(of => of[name])
          )
        put(
          'copying',
          layer,
          own.map(({ ov }) => [copyingScore(ov)])
        )
      }
      if (chosen.has('singular')) {
        const own = heads.map(circuitSingularValues)
        for (const name of circuitNames)
          put(
            `${name}_singular`,
            layer,
            own.map(of => of[name])
          )
      }
      through ??= embeddings.result(dModel)
      const way = through
      if (way !== null) {
        const own = heads.map(head => fullEigenvalues(head, way))
        put('full_ov_eigen', layer, own)
        put(
          'full_copying',
          layer,
          own.map(eigen => [copyingScore(eigen)])
        )
      }
      if (chosen.has('similarity') || chosen.has('circuits')) held.push(whole)
    })

    return {
      begin: () => undefined,
      take(taken) {
        if (taken.kind !== 'weight') return
        if (taken.address.layer === null) embeddings.take(taken)
        else collected.take(taken)
      },
      result() {
        collected.end()
        if (chosen.has('similarity')) {
          const products = innerProducts(held.flatMap(({ q }) => q))
          found.set('cosine_Q', cosines(products, all))
          found.set('ward_Q', wardOf(products, all))
          layers.forEach((layer, i) =>
            put('ward_Q_layer', layer, [wardOf(products, all, i * nHeads, nHeads)])
          )
        }
        if (chosen.has('circuits')) {
          const products = circuitProducts(held)
          found.set('ward_QK', wardOf(products.qk, all))
          found.set('ward_OV', wardOf(products.ov, all))
        }
        const names = layers.flatMap(layer =>
          Array.from({ length: nHeads }, (_, head) => `${layer}.${head}`)
        )
        return givenDataset(
          gives,
          {
            layer: axis(layers.map(String)),
            head: axis(nHeads),
            kv_head: axis(nKeyValueHeads),
            eigenvalue: axis(dHead),
            part: axis(['real', 'imaginary']),
            one_head: axis(names),
            other_head: axis(names),
            merge: axis(all - 1),
            layer_merge: axis(nHeads - 1),
            merged: axis(['cluster', 'other cluster', 'height', 'size'])
          },
          Object.fromEntries(found),
          left.length > 0 ? { left_out: left } : {}
        )
      },
      state: () => ({})
    }
  }
}

/** Products that are made of what is not asked for by name: some seconds. */
const mostWork = 2e10
/** Numbers of weights that are held at once for it. */
const mostHeld = 2 ** 28

/** What is told, and a line for each part that is left out. */
function partsOf({ layers: asked, parts: named }: HeadWeightsParams, model: ModelFacts) {
  if (named !== null) return { chosen: new Set<Part>(named), left: [] }
  const { nHeads, dModel, dHead, dVocab } = widthsOf(model)
  const heads = layersOf(model, asked).length * nHeads
  const weights = heads * dModel * dHead
  const cost: Readonly<Record<Part, { readonly work: number; readonly held: number }>> = {
    norms: { work: weights, held: 0 },
    eigenvalues: { work: heads * (2 * dModel + 30 * dHead) * dHead ** 2, held: 0 },
    singular: { work: heads * (8 * dModel + 4 * dHead) * dHead ** 2, held: 0 },
    similarity: { work: (heads * weights) / 2, held: 4 * weights },
    circuits: { work: 2 * heads * weights * dHead, held: 4 * weights },
    full: { work: dVocab * dModel ** 2 + heads * dModel ** 2 * dHead, held: dVocab * dModel }
  }
  const chosen = parts.filter(part => cost[part].work <= mostWork && cost[part].held <= mostHeld)
  const left = parts
    .filter(part => !chosen.includes(part))
    .map(
      part =>
        `${part}: takes long or much memory of a model of this size; set parts or layers for it`
    )
  return { chosen: new Set<Part>(chosen), left }
}
