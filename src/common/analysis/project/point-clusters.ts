import { z } from 'zod'
import { axis, variable, type Dataset } from '../../data/dataset.ts'
import { tokenLabel } from '../../model/token.ts'
import type { Analysis, Given, Report } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import {
  collectedPoints,
  drawnPoints,
  neededForPoints,
  pointParams,
  type Points
} from './collected-points.ts'
import { kMeans } from './k-means.ts'
import { isOfTexts, tokenIdsOf } from './point-sets.ts'

const ClusterParams = z.strictObject({
  ...pointParams,
  /** How many clusters there are to be; fewer where there are fewer different vectors. */
  clusters: z.int().min(2).max(64).default(8)
})
type ClusterParams = z.infer<typeof ClusterParams>

const gives: readonly Given[] = [
  { name: 'cluster', axes: ['point'], unit: '', about: 'of each point, from 0: the largest first' },
  { name: 'index', axes: ['point'], unit: '', about: 'token id, position, neuron, head or text' },
  {
    name: 'layer',
    axes: ['point'],
    unit: '',
    about:
      'of neurons and heads, and of tokens at each layer, where −1 is what enters the first block'
  },
  { name: 'window', axes: ['point'], unit: '', about: 'the text, of tokens' },
  { name: 'token', axes: ['point'], unit: '', about: 'token id, of a text’s tokens' },
  { name: 'size', axes: ['cluster'], unit: 'points', about: 'how many points are in it' },
  {
    name: 'centre',
    axes: ['cluster'],
    unit: '',
    about: 'the point nearest to its mean, by its place among the points'
  },
  {
    name: 'between',
    axes: [],
    unit: '',
    about: 'share of the variance that lies between clusters; NaN where there is none'
  }
]

/** Vectors in groups, in their full space. */
export const pointClusters: Analysis<ClusterParams> = {
  name: 'point-clusters',
  version: 3,
  of: 'windows',
  ofWeights: ({ set }) => !isOfTexts(set),
  compares: false,
  keeps: true,
  params: ClusterParams,
  about: {
    what: 'Any set of vectors that `project` lays out, in clusters by their distances in the full space: tokens, positions, neurons, heads, a text’s tokens or whole texts at a layer.',
    formulas: [
      'k-means: least Σ ‖x − mean of its cluster‖², by going to the nearest mean and moving means to the middle, up to 100 times, the best of up to 10 beginnings, fewer of many and long vectors; of more than 5,000 points the means are of 5,000 evenly from all',
      'between = 1 − Σ ‖x − mean of its cluster‖² / Σ ‖x − mean of all‖²'
    ],
    sources: [
      'Lloyd 1982, “Least squares quantization in PCM”',
      'Arthur & Vassilvitskii 2007, “k-means++”: where it begins'
    ],
    read: 'It finds as many clusters as it is asked for, whether there are any or not, and prefers round ones of one size: `between` and the picture tell whether they part. Another seed may part them otherwise; equal seeds give equal clusters.',
    baseline: '`between` of the same vectors with fewer clusters: each further one adds something.'
  },
  gives,
  needs: neededForPoints,
  start: (params, model, state) =>
    collectedPoints(params, model, state, (points, report) => clustered(params, points, report)),

  async described(result, naming) {
    const name = tokenIdsOf(result.attributes['set'])
    if (name === null) return result
    const tokens = await naming.tokens([...variable(result, name).data])
    return { ...result, axes: { ...result.axes, point: axis(tokens.map(tokenLabel)) } }
  }
}

function clustered(params: ClusterParams, points: Points, report: Report | undefined): Dataset {
  const { set, seed } = params
  const { width } = points
  const { rows, data, facts, words } = drawnPoints(params, points, params.points ?? Infinity)
  const count = Math.min(params.clusters, rows.length)
  const found = kMeans(data, width, { count, seed }, report)
  return givenDataset(
    gives,
    { point: axis(rows.map(row => points.labels[row]!)), cluster: axis(found.sizes.length) },
    {
      ...facts,
      cluster: found.cluster,
      size: found.sizes,
      centre: found.centres,
      between: Float64Array.of(found.between)
    },
    {
      set,
      points: words,
      ...(!found.settled && { unsettled: 'means still moved after 100 rounds' }),
      ...points.attributes
    }
  )
}
