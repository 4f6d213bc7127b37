import { z } from 'zod'
import { variable } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import type { Analysis, Given } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { headStatistics } from '../head-statistics/head-statistics.ts'
import { attendedClasses, windowScores } from '../head-statistics/window-scores.ts'
import { Layers, layersOf, widthsOf } from '../model-widths.ts'
import { Clusters } from './clusters.ts'
import { groupingAxes, groupingGives, groupingNumbers, groupingOf } from './grouping.ts'
import { scoreDistances } from './score-distances.ts'

const usual = windowScores.map(({ name }) => name)
const names = [...usual, ...attendedClasses({}).map(({ name }) => `to_${name}`)] as [string]

const HeadScoreDistanceParams = z.strictObject({
  /** Layers whose heads are compared, from 0; all when left out. */
  layers: Layers,
  /** Scores of `head-statistics` that heads are compared by. */
  scores: z.array(z.enum(names)).min(1).default(usual),
  clusters: Clusters
})
type HeadScoreDistanceParams = z.infer<typeof HeadScoreDistanceParams>

const unit = 'standard deviations'
const gives: readonly Given[] = [
  {
    name: 'distance',
    axes: ['head', 'other_head'],
    unit,
    about: '√ Σ over scores of (z_i − z_j)², z = (score − mean over heads) / standard deviation'
  },
  ...groupingGives('distance', unit)
]

/** Which heads do alike: how far apart their scores are, and what groups that makes. */
export const headScoreDistances: Analysis<HeadScoreDistanceParams> = {
  name: 'head-score-distances',
  version: 1,
  of: 'windows',
  compares: false,
  keeps: true,
  params: HeadScoreDistanceParams,
  about: {
    what: 'How differently each two heads do by scores that are chosen, groups of heads that do alike, and a map on which they lie together.',
    formulas: [
      'distance[i, j] = √ Σ_s (z_is − z_js)²; z_is = (score s of head i − its mean over heads) / its standard deviation over heads',
      "ward, ward_clusters, map: as head-distances makes them of js; Ward's heights are here, of Euclidean distances, √(2 · the growth of the sum of squares)"
    ],
    sources: ['scores as head-statistics says', 'clusters: Ward 1963; map: de Leeuw 1977, SMACOF'],
    read: 'Heads are named layer.head and numbered layer by layer. Scores are those of head-statistics: previous_token, self, first_token, duplicate_token, induction, entropy, distance, and to_X for classes of tokens. Standardised, each weighs alike, however little heads differ by it; scores that are alike for all heads, or not known of some, are left out and named. Where scores say the same twice it counts twice.',
    baseline: ''
  },
  gives,

  needs: ({ layers }, model) => headStatistics.needs(statisticsOf({ layers }), model, 0),

  start({ layers: asked, scores, clusters }, model, state) {
    const layers = layersOf(model, asked)
    const { nHeads } = widthsOf(model)
    const statistics = headStatistics.start(statisticsOf({ layers: asked }), model, state)
    return {
      begin: window => statistics.begin(window),
      take: (taken, side) => statistics.take(taken, side),
      state: () => statistics.state(),
      result() {
        const all = statistics.result()
        const { data } = variable(all, 'value')
        const known = all.axes['score']!.labels!
        const heads = layers.length * nHeads
        const chosen = [...new Set(scores)]
        const { distances, left } = scoreDistances(
          chosen.map(name => {
            const from = known.indexOf(name) * heads
            return data.subarray(from, from + heads)
          }),
          heads
        )
        if (left.length === chosen.length)
          throw new LamellaError(
            'invalid-argument',
            `None of ${chosen.join(', ')} tells these heads apart`,
            'Choose other scores, or a longer text.'
          )
        return givenDataset(
          gives,
          groupingAxes(layers, nHeads),
          { distance: distances, ...groupingNumbers(groupingOf(distances, heads), clusters) },
          {
            scores: chosen.filter((_, place) => !left.includes(place)),
            ...(left.length > 0 && { scores_left_out: left.map(place => chosen[place]!) })
          }
        )
      }
    }
  }
}

/** Nothing of what is drawn by chance is looked at. */
function statisticsOf(params: Pick<HeadScoreDistanceParams, 'layers'>) {
  return headStatistics.params.parse({ ...params, times: 100 })
}
