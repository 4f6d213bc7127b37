import { z } from 'zod'
import { headGroups } from '../../analysis/head-distances/head-groups.ts'
import { leavesOf } from '../../analysis/head-distances/ward-linkage.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { shapeOf, variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { dendrogram, type DendrogramData } from '../dendrogram.ts'
import { distanceMatrix, type DistanceMatrixData } from '../distance-matrix.ts'
import { headMap, type HeadMapData } from '../head-map.ts'
import { linePlot, type LinePlotData } from '../line-plot.ts'
import type { Look } from '../look.ts'
import type { Again, Provenance } from '../provenance.ts'
import type { ValueRange } from '../value-scale.ts'
import { figureView, modelFigure, type MadeFigure } from './figure-view.ts'
import {
  headNumberMap,
  headNumberMatrix,
  headNumberNamed,
  headNumbers,
  type HeadNumber,
  type HeadPlace
} from './head-weight-numbers.ts'
import { headTree, treeLeaves } from './head-tree.ts'
import { LookParams, lookOf, plainLook } from './look-params.ts'
import { mapExtent, mapLook } from './score-map.ts'
import { modelOrigin } from './origin.ts'

/** What heads are joined by into a tree, as `head-weights` calls it. */
export const wardTrees = [
  { name: 'ward_Q', words: 'W_Q', part: 'similarity' },
  { name: 'ward_Q_layer', words: 'W_Q within the layer', part: 'similarity' },
  { name: 'ward_QK', words: 'QK circuit', part: 'circuits' },
  { name: 'ward_OV', words: 'OV circuit', part: 'circuits' }
] as const
export type WardTree = (typeof wardTrees)[number]['name']

/** A tree of heads, and which stands at each leaf. */
export interface WeightTree {
  readonly data: DendrogramData
  /** In the order of the leaves. */
  readonly heads: readonly HeadPlace[]
}

/**
 * Heads by how near their weights are.
 * @param layer whose heads a tree within a layer is of
 * @returns null where there are not two
 */
export function weightTree(
  result: Dataset,
  name: WardTree,
  nHeads: number,
  layer: number,
  groups: number
): WeightTree | null {
  const labels = result.axes['layer']!.labels!.map(Number)
  const ward = variable(result, name)
  const within = name === 'ward_Q_layer'
  const layers = within ? [layer] : labels
  const heads = layers.flatMap(layer =>
    Array.from({ length: nHeads }, (_, head) => ({ layer, head }))
  )
  const parts = shapeOf(result, ward).at(-1)!
  const from = within ? labels.indexOf(layer) * (nHeads - 1) * parts : 0
  if (heads.length < 2 || from < 0) return null
  const merges = Array.from({ length: heads.length - 1 }, (_, i) => {
    const [first = 0, second = 0, height = 0, size = 0] = ward.data.subarray(from + i * parts)
    return { first, second, height, size }
  })
  const grouping = { merges, leaves: leavesOf(merges, heads.length) }
  const grouped = headGroups(grouping, groups)
  const { words } = wardTrees.find(own => own.name === name)!
  return {
    data: headTree(grouping, treeLeaves(grouping, grouped, heads), {
      name: `height, distance of ${words}`,
      cut: grouped.cut,
      highest: merges.at(-1)!.height
    }),
    heads: grouping.leaves.map(i => heads[i]!)
  }
}

/** The two circuits of a head. */
export const circuitKinds = {
  ov: { words: 'OV', of: 'W_V W_O' },
  qk: { words: 'QK', of: 'W_Q W_Kᵀ' }
} as const
export type CircuitKind = keyof typeof circuitKinds

/** The eigenvalues of a circuit of a head in the complex plane. @param result `head-weights` of the head's layer */
export function eigenvaluePlot(
  result: Dataset,
  circuit: CircuitKind,
  { layer, head }: HeadPlace,
  title: string | null
): LinePlotData {
  const own = variable(result, `${circuit}_eigen`)
  const [, heads = 1, values = 0] = shapeOf(result, own)
  const at = result.axes['layer']!.labels!.indexOf(String(layer))
  const from = (at * heads + head) * values * 2
  const part = (offset: number) =>
    Float64Array.from({ length: values }, (_, i) => own.data[from + 2 * i + offset]!)
  const plain = { log: false, whole: false, span: null }
  return {
    title,
    x: { ...plain, name: 'real part' },
    y: { ...plain, name: 'imaginary part' },
    series: [{ name: null, shape: 'dots', color: 'accent', x: part(0), y: part(1), width: 0 }],
    lines: [{ axis: 'x', at: 0, name: '' }]
  }
}

const Place = z.tuple([z.int().min(0), z.int().min(0)])
const CircuitsParams = LookParams.omit({ pooling: true }).extend({
  form: z.enum(['heads', 'matrix', 'tree', 'eigenvalues']).default('heads'),
  /** Of heads, and of a matrix: which number. */
  number: z.enum(headNumbers.map(({ name }) => name) as [string, ...string[]]).default('norm_Q'),
  /** Of a tree: what heads are joined by. */
  by: z.enum(wardTrees.map(({ name }) => name)).default('ward_OV'),
  /** Of eigenvalues: which circuit. */
  circuit: z.enum(['ov', 'qk']).default('ov'),
  /** The head that numbers of two heads, and eigenvalues, are of; its layer's is the tree within a layer. */
  head: Place.default([0, 0]),
  /** Of a tree: the most groups that have a colour of their own. */
  groups: z.int().min(2).max(24).default(4)
})

/** Heads by their weights. */
export const circuitsView = figureView({
  name: 'circuits',
  analyses: ['head-weights', 'composition'],
  about:
    'heads by their weights: a number of each, how two compose, of all pairs as a matrix, which are alike as a tree, or the eigenvalues of a circuit',
  of: 'weights',
  params: CircuitsParams,
  ranged: ['form', 'number'],
  async make({ model, version, analysis }, params): Promise<MadeFigure> {
    const { form } = params
    const [layer, head] = params.head
    const place = { layer, head }
    const { nLayers = 0, nHeads = 0 } = model.config ?? {}
    if (layer >= nLayers || head >= nHeads)
      throw new LamellaError(
        'invalid-argument',
        `head: ${layer}.${head} is none of ${nLayers} layers of ${nHeads} heads`
      )
    const from = circuitsOrigin(model, version, { view: 'circuits', params })
    if (form === 'heads') {
      const number = headNumberNamed(params.number)
      const result = await analysis(number.analysis, number.params, 'weights')
      const own = headNumberMap(result, number, nHeads, place)
      const data = { ...own, title: `${model.name} · ${own.name}` }
      const look = lookOf({ ...params, pooling: 'maximum' }, mapExtent(data))
      return modelFigure(
        model,
        {
          what: `heads · ${own.name}`,
          kind: headMap,
          data,
          from,
          dataset: () => withDrawn(result, [number.name])
        },
        numberLook(look, data)
      )
    }
    if (form === 'matrix') {
      const number = headNumberNamed(params.number)
      if (!number.ofTwo)
        throw new LamellaError(
          'invalid-argument',
          `number: ${number.name} is of one head, and a matrix is of two`,
          `Choose ${headNumbers.flatMap(({ name, ofTwo }) => (ofTwo ? [name] : [])).join(', ')}.`
        )
      const result = await analysis(number.analysis, number.params, 'weights')
      const what = `${number.words} of all heads`
      const data = { ...headNumberMatrix(result, number, nHeads), title: `${model.name} · ${what}` }
      const look = lookOf({ ...params, pooling: 'maximum' }, pairsExtent(data))
      return modelFigure(
        model,
        { what, kind: distanceMatrix, data, from, dataset: () => withDrawn(result, [number.name]) },
        pairsLook(look, number)
      )
    }
    if (form === 'eigenvalues') {
      const what = `head ${layer}.${head} · eigenvalues of ${circuitKinds[params.circuit].words}`
      const asked = { layers: [layer], parts: ['eigenvalues'] }
      const result = await analysis('head-weights', asked, 'weights')
      const data = eigenvaluePlot(result, params.circuit, place, `${model.name} · ${what}`)
      return modelFigure(
        model,
        {
          what,
          kind: linePlot,
          data,
          from,
          dataset: () => withDrawn(result, [`${params.circuit}_eigen`])
        },
        plainLook
      )
    }
    const { part, words } = wardTrees.find(({ name }) => name === params.by)!
    const result = await analysis('head-weights', { parts: [part] }, 'weights')
    const tree = weightTree(result, params.by, nHeads, layer, params.groups)
    if (tree === null)
      throw new LamellaError('invalid-argument', `${model.name}: has no two heads to compare`)
    const what = `heads alike by ${words}`
    const data = { ...tree.data, title: `${model.name} · ${what}` }
    return modelFigure(
      model,
      { what, kind: dendrogram, data, from, dataset: () => withDrawn(result, [params.by]) },
      plainLook
    )
  }
})

/** The look of a number of heads: of what may be below zero its range goes as far both ways. */
export function numberLook(look: Look, { quantity }: Pick<HeadMapData, 'quantity'>): Look {
  return mapLook({ ...look, scale: 'linear' }, quantity, false)
}

/** The same of numbers of all pairs of heads. */
export function pairsLook(look: Look, { quantity }: Pick<HeadNumber, 'quantity'>): Look {
  return numberLook({ ...look, pooling: 'maximum' }, { quantity })
}

/** What numbers of pairs span, zero among them. */
export function pairsExtent({ distances }: DistanceMatrixData): ValueRange {
  const finite = distances.filter(Number.isFinite)
  return {
    low: finite.reduce((a, b) => Math.min(a, b), 0),
    high: finite.reduce((a, b) => Math.max(a, b), 0)
  }
}

/** Where what heads are by their weights is from. */
export function circuitsOrigin(model: ModelInfo, version: string, again: Again): Provenance {
  return {
    version,
    of: modelOrigin(model, 'Heads by their weights'),
    ...{ less: null, precision: 'float32' },
    again
  }
}
