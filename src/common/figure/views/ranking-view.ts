import { z } from 'zod'
import { ranked, scoredHeads, scoredLess } from '../../analysis/head-scores/ranking.ts'
import { headScoreKinds } from '../../analysis/head-scores/score-kinds.ts'
import { Layers } from '../../analysis/model-widths.ts'
import type { Dataset } from '../../data/dataset.ts'
import { figureView, modelFigure, type FigureSource, type MadeFigure } from './figure-view.ts'
import { boundsOf, OwnRange, plainLook, rangeOfBounds } from './look-params.ts'
import { rankingExtent, rankingFigure, type FiguredRanking } from './ranking-figure.ts'

const scoreIds = headScoreKinds.map(({ id }) => id)

const RankingParams = z.strictObject({
  score: z.enum(scoreIds).default('induction'),
  lowest_first: z.boolean().default(false),
  /** The least that a head has to score, of the lowest the most; all are left in when it is null. */
  bound: z.number().nullable().default(null),
  range: OwnRange,
  /** All when left out. */
  layers: Layers
})
type RankingParams = z.output<typeof RankingParams>

/** Heads by what they score on a text. */
export const headRankingView = figureView({
  name: 'head-ranking',
  // Of any one score: which, a result does not say.
  analyses: [],
  about: 'heads in the order of a score of theirs on the text',
  of: 'text',
  params: RankingParams,
  ranged: ['score'],
  async make(source, params) {
    const { model, version, run } = source
    const result = await scoredBy(source, params)
    const heads = ranked(scoredHeads(result, kindOf(params)), wishesOf(params))
    const of = { model, run: await run(), results: [result] }
    return made({ heads, of, less: null }, params, version)
  },
  less: {
    ofSecond: [],
    async make({ source, params }, { source: other }) {
      const { model, version, run } = source
      const kind = kindOf(params)
      const [a, b] = [await scoredBy(source, params), await scoredBy(other, params)]
      const heads = ranked(scoredLess(scoredHeads(a, kind), scoredHeads(b, kind)), wishesOf(params))
      const of = { model, run: await run(), results: [a] }
      const less = { model: other.model, run: await other.run(), results: [b] }
      return made({ heads, of, less }, params, version)
    }
  }
})

function made(
  own: Omit<FiguredRanking, 'kind' | 'span'>,
  params: RankingParams,
  version: string
): MadeFigure {
  const span = params.range === 'automatic' ? null : rangeOfBounds(params.range)
  const figure = rankingFigure({ ...own, kind: kindOf(params), span }, version)
  const spans = boundsOf(rankingExtent(own.heads))
  return { ...modelFigure(own.of.model, figure, plainLook), spans }
}

function wishesOf({ lowest_first: lowestFirst, bound }: RankingParams) {
  return { lowestFirst, bound }
}

function kindOf({ score }: RankingParams) {
  return headScoreKinds.find(({ id }) => id === score)!
}

/** Every head of the layers with its scores. */
function scoredBy({ analysis }: FigureSource, { layers }: RankingParams): Promise<Dataset> {
  return analysis('head-scores', { layers })
}
