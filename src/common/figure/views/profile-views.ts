import { z } from 'zod'
import { firstTokens } from '../../analysis/first-token.ts'
import { headContextsOf } from '../../analysis/head-contexts/contexts-of.ts'
import { queryScoreNames } from '../../analysis/head-contexts/query-scores.ts'
import { binnings } from '../../analysis/head-contexts/score-bins.ts'
import { checkIndex } from '../../model/check-index.ts'
import { numberText } from '../../text/number-text.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import {
  figureView,
  type AskedParams,
  modelFigure,
  readInWindows,
  type FigureSource
} from './figure-view.ts'
import { boundsOf, LookParams, OwnRange, lookOf, plainLook, rangeOfBounds } from './look-params.ts'
import {
  contextExtent,
  contextGroups,
  contextLook,
  contextsAround,
  contextsFigure,
  distributionFigure,
  profileDrawing,
  scoresExtent,
  type FiguredProfile
} from './profile-figures.ts'
import { shownContexts } from './shown-contexts.ts'

const Position = z.int().min(0)

const ProfileParams = z.strictObject({
  layer: Position,
  head: Position,
  score: z.enum(queryScoreNames).default('max_beyond_first'),
  by: z.enum(binnings).default('count'),
  /** Contexts that are drawn from each part of the range. */
  drawn: z.int().min(1).max(20).default(5),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0),
  first_token: z.enum(firstTokens).default('shown')
})
type ProfileParams = z.output<typeof ProfileParams>

const ContextsParams = ProfileParams.extend({
  ...LookParams.omit({ pooling: true }).shape,
  /** Whether texts run from right to left; by their letters where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** What its axis has at least room for stands for its range. */
const DistributionParams = ProfileParams.extend({ range: OwnRange })

/** Queries of one head from all of the range of a score, in their texts. */
export const headContextsView = figureView({
  name: 'head-contexts',
  analyses: ['head-contexts'],
  about:
    'queries of a head, drawn from all of the range of a score, in their texts with what they attend to',
  of: 'windows',
  params: ContextsParams,
  ranged: [],
  toShow: contextsToShow,
  async make(source, params) {
    const whole = await figuredProfile(source, params)
    const { found } = whole
    const look = contextLook(lookOf({ ...params, pooling: 'maximum' }, contextExtent(found)))
    const [first] = found.bins.at(-1)?.contexts ?? []
    const letters = first?.tokens.map(({ text }) => text).join('') ?? ''
    const mirrored = params.mirrored ?? readsRightToLeft(letters)
    const groups = contextGroups(found, look, numberText)
    const figure = contextsFigure(whole, { groups, mirrored }, source.version)
    return modelFigure(source.model, figure, look)
  }
})

/** How a score of one head's queries is distributed. */
export const headDistributionView = figureView({
  name: 'head-distribution',
  analyses: ['head-contexts'],
  about: 'how a score of the queries of a head is distributed: layer and head say which',
  of: 'windows',
  params: DistributionParams,
  ranged: ['score'],
  toShow: contextsToShow,
  async make(source, params) {
    const whole = await figuredProfile(source, params)
    const span = params.range === 'automatic' ? null : rangeOfBounds(params.range)
    const figure = distributionFigure(whole, span, source.version)
    const spans = boundsOf(scoresExtent(whole.found))
    return { ...modelFigure(source.model, figure, plainLook), spans }
  }
})

/** `head-contexts` is asked for all of {@link profileDrawing}, which comes of these. */
function contextsToShow(_: string, { per_bin, ...same }: AskedParams): AskedParams {
  return { ...same, drawn: per_bin }
}

async function figuredProfile(
  source: FigureSource,
  { layer, head, score, by, drawn, seed, first_token }: ProfileParams
): Promise<FiguredProfile> {
  const { model } = source
  checkIndex('layer', layer, model.config?.nLayers ?? 0)
  checkIndex('head', head, model.config?.nHeads ?? 0)
  const { run, over, analysis, read } = await readInWindows(source)
  const drawing = profileDrawing({ by, drawn, seed, window: over.window })
  const params = { layer, head, score, ...drawing, first_token }
  const result = await analysis('head-contexts', params)
  const { found } = shownContexts(headContextsOf(result), contextsAround)
  return {
    ...{ model, run, layer, head, score, result, found, firstHidden: first_token === 'hidden' },
    read: read(Number(result.attributes['windows']))
  }
}
