import { z } from 'zod'
import { ranked, scoredHeads, scoredLess } from '../../analysis/head-scores/ranking.ts'
import { headScoreKinds } from '../../analysis/head-scores/score-kinds.ts'
import { Layers } from '../../analysis/model-widths.ts'
import { figureView, madeFigure, type FigureSource } from './figure-view.ts'
import { plainLook } from './look-params.ts'
import { rankingFigure } from './ranking-figure.ts'

const scoreIds = headScoreKinds.map(({ id }) => id)

const RankingParams = z.strictObject({
  score: z.enum(scoreIds).default('induction'),
  lowest_first: z.boolean().default(false),
  /** The least that a head has to score, of the lowest the most; all are left in when it is null. */
  bound: z.number().nullable().default(null),
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
  async make(source, params) {
    const { model, version, run } = source
    const heads = ranked(await scoredBy(source, params), wishesOf(params))
    const of = { model, run: await run() }
    const figure = rankingFigure({ heads, kind: kindOf(params), of, less: null }, version)
    return madeFigure(model, figure, plainLook)
  },
  less: {
    ofSecond: [],
    async make({ source, params }, { source: other }) {
      const { model, version, run } = source
      const both = [await scoredBy(source, params), await scoredBy(other, params)] as const
      const heads = ranked(scoredLess(...both), wishesOf(params))
      const of = { model, run: await run() }
      const less = { model: other.model, run: await other.run() }
      const figure = rankingFigure({ heads, kind: kindOf(params), of, less }, version)
      return madeFigure(model, figure, plainLook)
    }
  }
})

function wishesOf({ lowest_first: lowestFirst, bound }: RankingParams) {
  return { lowestFirst, bound }
}

function kindOf({ score }: RankingParams) {
  return headScoreKinds.find(({ id }) => id === score)!
}

/** Every head of the layers with its score, by place. */
async function scoredBy({ analysis }: FigureSource, params: RankingParams) {
  return scoredHeads(await analysis('head-scores', { layers: params.layers }), kindOf(params))
}
