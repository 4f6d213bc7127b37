import { z } from 'zod'
import { axis, dataset, variable, type Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { tokenLabel } from '../../model/token.ts'
import type { Analysis, Given, ModelFacts, Report } from '../analysis.ts'
import { meanOfRows } from '../embeddings/vectors.ts'
import { textsAmong, TokenName, wordLabels, wordsOf } from '../embeddings/words.ts'
import { generator } from '../generator.ts'
import { givenDataset } from '../given.ts'
import { principalComponents } from '../principal-components.ts'
import {
  collectedPoints,
  drawnPoints,
  neededForPoints,
  pointParams,
  sampled,
  type Points
} from './collected-points.ts'
import { alongAxes, type CustomAxis } from './custom-axis.ts'
import { nearestRows } from './nearest-rows.ts'
import { layoutMethods, pointLimit } from './point-counts.ts'
import { isOfTexts, tokenIdsOf } from './point-sets.ts'
import { tokenKind, tokenKinds } from '../../text/token-kinds.ts'
import { stepReport } from './step-report.ts'
import { trustworthiness } from './trustworthiness.ts'
import { tsne } from './tsne.ts'
import { umap } from './umap.ts'

/** Components whose shares are told, and that can be asked for. */
const mostComponents = 64

export const ProjectParams = z.strictObject({
  ...pointParams,
  /** Principal components, t-SNE, UMAP, or axes from one word to another. */
  method: z.enum(layoutMethods).default('pca'),
  dimensions: z.union([z.literal(2), z.literal(3)]).default(2),
  /** Of `axis`: (from, to), tokens by ids or texts; the remaining dimensions are principal components of what is left. */
  axes: z
    .array(z.tuple([TokenName, TokenName]))
    .max(3)
    .default([]),
  /** Of `pca`: which principal components, as many as dimensions, from 1; the first when left out. */
  components: z.array(z.int().min(1).max(mostComponents)).min(2).max(3).nullable().default(null),
  /** Neighbours of UMAP, the row itself among them. */
  neighbours: z.int().min(2).max(200).default(15),
  /** Of t-SNE; at most a third of the points but one. */
  perplexity: z.number().min(1).max(200).default(30),
  /** Neighbours whose places tell how far a picture can be trusted. */
  trust: z.int().min(1).max(100).default(15)
})
export type ProjectParams = z.infer<typeof ProjectParams>

/** Starts of t-SNE: of few points several, since what it settles in depends on where it begins. */
const startsOf = (rows: number) => Math.max(1, Math.min(17, Math.floor(2 ** 22 / rows ** 2)))

/** The most neighbours that are given, and the most products that they may take. */
const nearest = { count: 16, products: 1e9 }

const gives: readonly Given[] = [
  { name: 'places', axes: ['point', 'dimension'], unit: '', about: 'where each point lies' },
  { name: 'index', axes: ['point'], unit: '', about: 'token id, position, neuron, head or text' },
  { name: 'norm', axes: ['point'], unit: '', about: 'norm of the vector as it is' },
  {
    name: 'layer',
    axes: ['point'],
    unit: '',
    about:
      'of neurons and heads, and of tokens at each layer, where −1 is what enters the first block'
  },
  { name: 'window', axes: ['point'], unit: '', about: 'the text, of tokens' },
  { name: 'token', axes: ['point'], unit: '', about: 'token id, of a text’s tokens' },
  {
    name: 'kind',
    axes: ['point'],
    unit: '',
    about: 'of tokens: what they are of, by its number among the attribute `kinds`'
  },
  {
    name: 'near',
    axes: ['point', 'neighbour'],
    unit: '',
    about:
      'the nearest others in the full space, the nearest first; left out of many points, and of tokens at each layer'
  },
  {
    name: 'near_distance',
    axes: ['point', 'neighbour'],
    unit: '',
    about: 'Euclidean distance of these in the full space'
  },
  {
    name: 'ratio',
    axes: ['dimension'],
    unit: '',
    about: 'share of the whole variance, of principal components; NaN of others'
  },
  {
    name: 'spectrum',
    axes: ['component'],
    unit: '',
    about: `share of the whole variance along each of the first ${mostComponents} principal components; of \`pca\``
  },
  {
    name: 'trustworthiness',
    axes: [],
    unit: '',
    about: 'how far neighbours in the picture are neighbours in the full space: 1 at most'
  }
]

/** Vectors in two or three dimensions. */
export const project: Analysis<ProjectParams> = {
  name: 'project',
  version: 5,
  of: 'windows',
  ofWeights: ({ set }) => !isOfTexts(set),
  compares: false,
  keeps: true,
  params: ProjectParams,
  about: {
    what: 'Any set of vectors as points in the plane or in space: tokens, positions, neurons and heads by their weights, or a text’s tokens and whole texts (the mean of their tokens, the first or the last) at a layer; by principal components, t-SNE, UMAP or along an axis from one word to another.',
    formulas: [
      'pca: scores along principal components of rows less their mean, the first ones or those that are named',
      'tsne: least KL of q_ij ∝ 1 / (1 + ‖y_i − y_j‖²) to p_ij, the similarities of neighbours at one perplexity; from principal components, of up to 1,400 points also from places drawn by chance, of which the most trustworthy are given; 1,000 steps',
      'umap: neighbours pull by exp(−(d − ρ) / σ), others push; min_dist 0.1; from principal components',
      'axis: (x − a) · (b − a) / ‖b − a‖²: 0 at a, 1 at b',
      'trustworthiness = 1 − 2 / (n k (2n − 3k − 1)) Σ_i Σ_j max(0, rank_i(j) − k) over the k nearest j of i in the picture'
    ],
    sources: [
      'Jolliffe 2002, Principal Component Analysis',
      'van der Maaten & Hinton 2008, “Visualizing Data using t-SNE”',
      'McInnes, Healy & Melville 2018, “UMAP”',
      'Venna & Kaski 2001: trustworthiness'
    ],
    read: 'In t-SNE and UMAP only what is near means something: sizes of clusters and distances between them do not. Trustworthiness says how much of what is near in the picture is near indeed. Of more points than are shown a sample is drawn, and the result says so. Equal seeds give equal pictures.',
    baseline: 'The trustworthiness of `pca` of the same points.'
  },
  gives,
  texts: ({ axes }) => textsAmong(axes.flat()),

  needs(params, model) {
    checkMethod(params)
    return neededForPoints(params, model)
  },

  start(params, model, state) {
    return collectedPoints(params, model, state, (points, report) =>
      projected(params, points, namedAxes(params, model, points), report)
    )
  },

  async described(result, naming) {
    const name = tokenIdsOf(result.attributes['set'])
    if (name === null) return result
    const tokens = await naming.tokens([...variable(result, name).data])
    const { axes, unit, about } = gives.find(({ name }) => name === 'kind')!
    const data = Int32Array.from(tokens, tokenKind)
    return dataset(
      { ...result.axes, point: axis(tokens.map(tokenLabel)) },
      { ...result.variables, kind: { axes: [...axes], unit, about, data } },
      { ...result.attributes, kinds: [...tokenKinds] }
    )
  }
}

function projected(
  params: ProjectParams,
  points: Points,
  axes: readonly NamedAxis[],
  report?: Report
): Dataset {
  const { method, dimensions, seed, set } = params
  const { width } = points
  const most = pointLimit(method, params.points)
  const { rows, data, norms, facts, words } = drawnPoints(params, points, most)
  const k = Math.min(params.trust, Math.max(1, Math.ceil(rows.length / 2) - 1))
  const looked = sampled(
    rows.length,
    Math.max(50, Math.floor(2e9 / (rows.length * (width + 8 * k)))),
    seed
  )
  const trust = (places: Float64Array) => trustworthiness(data, width, places, k, looked)
  const layout = laidOut(data, width, params, axes, { trust, report })
  const near =
    set === 'token-layers' || rows.length ** 2 * width > nearest.products
      ? null
      : nearestRows(data, rows.length, width, Math.min(nearest.count, rows.length - 1))
  return givenDataset(
    gives,
    {
      point: axis(rows.map(row => points.labels[row]!)),
      dimension: axis(layout.names),
      ...(layout.spectrum !== undefined && { component: axis(layout.spectrum.length) }),
      ...(near !== null && { neighbour: axis(near.count) })
    },
    {
      places: layout.places,
      ...facts,
      ...(near !== null && { near: near.indices, near_distance: near.distances }),
      norm: norms,
      ratio: layout.ratio,
      ...(layout.spectrum !== undefined && { spectrum: layout.spectrum }),
      trustworthiness: Float64Array.of(trust(layout.places))
    },
    {
      set,
      points: words,
      trust_neighbours: k,
      ...(looked.length < rows.length && {
        trust_of: `${looked.length} of ${rows.length} points`
      }),
      ...points.attributes,
      dimensions
    }
  )
}

interface Layout {
  readonly places: Float64Array
  readonly names: readonly string[]
  /** NaN of what is no principal component. */
  readonly ratio: Float64Array
  /** [component], of what is laid out by them. */
  readonly spectrum?: Float64Array
}

function laidOut(
  data: Float32Array,
  width: number,
  { method, dimensions, components: chosen, axes: asked, seed, ...own }: ProjectParams,
  axes: readonly NamedAxis[],
  {
    trust,
    report
  }: {
    readonly trust: (places: Float64Array) => number
    readonly report: Report | undefined
  }
): Layout {
  const rows = data.length / width
  const named = (name: string) => Array.from({ length: dimensions }, (_, i) => `${name} ${i + 1}`)
  if (method === 'axis') {
    const { places, rest } = alongAxes(data, width, axes)
    const left = Math.max(0, dimensions - axes.length)
    const pca = components(rest, rows, width, firstOf(left))
    const all = new Float64Array(rows * dimensions)
    for (let row = 0; row < rows; row++)
      for (let d = 0; d < dimensions; d++)
        all[row * dimensions + d] =
          d < axes.length
            ? places[row * axes.length + d]!
            : pca.places[row * left + d - axes.length]!
    const names = axes.slice(0, dimensions).map(({ name }) => name)
    return {
      places: all,
      names: [...names, ...Array.from({ length: left }, (_, i) => `PC ${i + 1} of the rest`)],
      ratio: Float64Array.of(...asked.slice(0, dimensions).map(() => NaN), ...pca.ratio)
    }
  }
  if (method === 'pca') {
    const which = chosen ?? firstOf(dimensions)
    return { ...components(data, rows, width, which), names: which.map(one => `PC ${one}`) }
  }
  const pca = components(data, rows, width, firstOf(dimensions))
  const ratio = new Float64Array(dimensions).fill(NaN)
  if (method === 'umap') {
    const count = Math.min(own.neighbours, rows) - 1
    const found = nearestRows(data, rows, width, count, stepReport(report, 0, 0.7))
    const places = umap(found, pca.places, { dimensions, seed }, stepReport(report, 0.7, 1))
    return { places, names: named('UMAP'), ratio }
  }
  const perplexity = Math.min(own.perplexity, (rows - 1) / 3)
  const found = nearestRows(data, rows, width, Math.min(rows - 1, Math.ceil(3 * perplexity)))
  const next = generator(seed)
  const starts = Array.from({ length: startsOf(rows) }, (_, start) =>
    start === 0 ? pca.places : pca.places.map(() => next() + next() + next() - 1.5)
  )
  const settled = starts.map((first, i) =>
    tsne(
      found,
      first,
      { dimensions, perplexity },
      // Steps are seen of the first start alone: another one would begin the picture anew.
      stepReport(
        i === 0 ? report : withoutPlaces(report),
        i / starts.length,
        (i + 1) / starts.length
      )
    )
  )
  const trusted = settled.map(trust)
  const places = settled[trusted.indexOf(Math.max(...trusted))]!
  return { places, names: named('t-SNE'), ratio }
}

function withoutPlaces(report: Report | undefined): Report {
  return (done, total) => report?.(done, total)
}

const firstOf = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

/** Scores along principal components, by their numbers from 1; zeros where there is none such. */
function components(
  data: Float32Array | Float64Array,
  rows: number,
  width: number,
  which: readonly number[]
) {
  const count = Math.min(Math.max(0, ...which), rows, width)
  const { scores, ratio } = principalComponents(data, [rows, width], { count })
  const places = new Float64Array(rows * which.length)
  for (let row = 0; row < rows; row++)
    for (const [d, one] of which.entries())
      if (one <= count) places[row * which.length + d] = scores[row * count + one - 1]!
  return {
    places,
    ratio: Float64Array.from(which, one => ratio[one - 1] ?? 0),
    spectrum: ratio.slice(0, mostComponents)
  }
}

type NamedAxis = CustomAxis & { readonly name: string }

function namedAxes(params: ProjectParams, model: ModelFacts, { data, width }: Points): NamedAxis[] {
  const matrix = { rows: data.length / width, width, data }
  return params.axes.map(([from, to]) => {
    const words = wordsOf([from, to], model)
    const [a, b] = words.map(({ ids }) => meanOfRows(matrix, ids))
    const [one, other] = wordLabels(words)
    if (a!.every((value, i) => value === b![i]))
      throw new LamellaError(
        'invalid-argument',
        `axes: ${one} and ${other} have the same vector`,
        'Name two words that differ.'
      )
    return { from: a!, to: b!, name: `${one} → ${other}` }
  })
}

function checkMethod({ method, axes, set, unit, components, dimensions }: ProjectParams): void {
  const refuse = (what: string, hint: string) => new LamellaError('invalid-argument', what, hint)
  if (components !== null && method !== 'pca')
    throw refuse(`${method}: takes no components`, 'Ask for method=pca, or leave them out.')
  if (components !== null && components.length !== dimensions)
    throw refuse(
      `components: ${components.length} are named, for ${dimensions} dimensions`,
      `Name ${dimensions}, or set dimensions=${components.length}.`
    )
  if (method === 'axis' && axes.length === 0)
    throw refuse('axis: it is not said from which word to which', 'Give axes=[["good","bad"]].')
  if (method !== 'axis' && axes.length > 0)
    throw refuse(`${method}: takes no axes`, 'Ask for method=axis, or leave them out.')
  if (method === 'axis' && set !== 'input' && set !== 'output')
    throw refuse(
      `axis: words are tokens of an embedding, and ${set} are not`,
      'Ask for set=input or set=output.'
    )
  if (method === 'axis' && unit) throw refuse('axis: is of rows as they are', 'Leave unit out.')
}
