import { z } from 'zod'
import { LamellaError } from '../../model/errors.ts'
import { blockHookName, parseHookName } from '../../model/hooks.ts'
import { nothing, type Analysis, type Given, type State } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { Layers, layersOf, widthsOf } from '../model-widths.ts'
import { Clusters } from './clusters.ts'
import { groupingAxes, groupingGives, groupingNumbers, groupingOf } from './grouping.ts'
import { patternDivergence, summedEntropy } from './pattern-divergence.ts'

const HeadDistanceParams = z.strictObject({
  /** Layers whose heads are compared, from 0; all when left out. */
  layers: Layers,
  clusters: Clusters
})
type HeadDistanceParams = z.infer<typeof HeadDistanceParams>

/** Numbers of a window's patterns that are held at once. */
const mostNumbers = 2 ** 28

const gives: readonly Given[] = [
  {
    name: 'js',
    axes: ['head', 'other_head'],
    unit: 'nats',
    about: 'Σ over all queries q of JS(A_i[q], A_j[q])'
  },
  ...groupingGives('js', 'nats'),
  { name: 'queries', axes: [], unit: '', about: 'that js is summed over: divided by it, its mean' }
]

/** All windows so far. */
interface Distances extends State {
  /** [head, head], the upper half. */
  readonly js: Float64Array
  queries: number
}

/** A pattern of the window under way. */
interface Own {
  readonly pattern: Float32Array
  readonly entropy: number
}

/** Which heads attend alike: how far apart their patterns are, and what groups that makes. */
export const headDistances: Analysis<HeadDistanceParams> = {
  name: 'head-distances',
  version: 2,
  of: 'windows',
  compares: false,
  keeps: true,
  params: HeadDistanceParams,
  about: {
    what: 'How differently each two heads attend on the same text, groups of heads that attend alike, and a map on which they lie together.',
    formulas: [
      'js[i, j] = Σ_q JS(A_i[q], A_j[q]); JS(p, r) = H((p + r)/2) − (H(p) + H(r))/2, in nats',
      "ward: the two clusters are joined whose union has the least more variance, by Lance and Williams' formula of the distances js",
      'ward_clusters: the tree cut into at most `clusters` parts; what is joined at equal heights is not parted',
      'map: the places of the least Σ over i < j of (‖x_i − x_j‖ − js[i, j])² that 16 to 256 starts come to; of more than 256 heads the best few of 16 are followed to their end'
    ],
    sources: [
      'distance and map: Clark et al. 2019, "What Does BERT Look At?", section 6',
      "clusters: Ward 1963; the order of merges and leaves is that of SciPy's linkage and dendrogram",
      'map: de Leeuw 1977, SMACOF'
    ],
    read: 'Heads are named layer.head and numbered layer by layer. Of several windows the queries of all are summed. Heads far apart differ in where they look, not in what they pass on. JS is no metric, its root is: heights of Ward tell an order rather than a variance. The map has lost the more, the higher its stress.',
    baseline: 'The most that js comes to is queries · ln 2, of heads that never look at the same.'
  },
  gives,

  needs: ({ layers }, model) => ({
    ...nothing,
    hooks: layersOf(model, layers).map(layer => blockHookName(layer, 'attn.hook_pattern'))
  }),

  start({ layers: asked, clusters }, model, state) {
    const layers = layersOf(model, asked)
    const { nHeads } = widthsOf(model)
    const heads = layers.length * nHeads
    const all = (state as Distances | null) ?? { js: new Float64Array(heads ** 2), queries: 0 }
    let own: Own[] = []
    return {
      begin({ ids, label }) {
        own = []
        all.queries += ids.length
        if (heads * ids.length ** 2 <= mostNumbers) return
        throw new LamellaError(
          'invalid-argument',
          `${label}: patterns of ${heads} heads over ${ids.length} tokens are more than are compared at once`,
          'Cut the text into shorter windows, or set layers to some of them.'
        )
      },

      take(taken) {
        if (taken.kind !== 'hook') return
        const first = layers.indexOf(parseHookName(taken.hook)?.layer ?? -1) * nHeads
        const width = taken.data.length / nHeads
        for (let head = 0; head < nHeads; head++) {
          const pattern = taken.data.subarray(head * width, (head + 1) * width)
          const entropy = summedEntropy(pattern)
          own.forEach((other, i) => {
            const entropies = [other.entropy, entropy] as const
            const js = patternDivergence(other.pattern, pattern, entropies)
            all.js[i * heads + first + head]! += js
          })
          own.push({ pattern, entropy })
        }
      },

      result() {
        const js = all.js.map(
          (value, i) => value + all.js[(i % heads) * heads + Math.floor(i / heads)]!
        )
        return givenDataset(gives, groupingAxes(layers, nHeads), {
          js,
          ...groupingNumbers(groupingOf(js, heads), clusters),
          queries: Float64Array.of(all.queries)
        })
      },

      state: () => all
    }
  }
}
