import { z } from 'zod'
import { atlasScore } from '../../analysis/head-atlas/atlas-scores.ts'
import { headAtlas } from '../../analysis/head-atlas/head-atlas.ts'
import { windowLength } from '../../analysis/head-atlas/windows.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { readInWords } from '../../text/read-in-words.ts'
import {
  atlasMapFigure,
  atlasScatterFigure,
  offsetsFigure,
  type FiguredAtlas
} from './atlas-figures.ts'
import { scoreExtent } from './atlas-scatter.ts'
import { figureView, madeFigure, type FigureSource } from './figure-view.ts'
import { Bounds, LookParams, lookOf, plainLook, rangeOfBounds } from './look-params.ts'
import { mapExtent, mapLook, scoreQuantities } from './score-map.ts'

const Position = z.int().min(0)
const AtlasParams = z.strictObject({
  /** Classes of tokens of one's own: regular expressions by name. */
  classes: z.record(z.string(), z.string()).default({})
})
type AtlasParams = z.output<typeof AtlasParams>

const MapParams = AtlasParams.extend({
  ...LookParams.omit({ pooling: true }).shape,
  score: z.string().default('previous_token'),
  quantity: z.enum(scoreQuantities).default('value')
})
const ScatterParams = AtlasParams.extend({
  ...LookParams.pick({ colors: true }).shape,
  x: z.string().default('previous_token'),
  y: z.string().default('induction'),
  /** What the axes have at least room for; for their own scores where it is left out. */
  range: z.strictObject({ x: Bounds, y: Bounds }).nullable().default(null)
})
const OffsetsParams = AtlasParams.extend({ layer: Position, head: Position })

/** What is drawn by chance is drawn alike each time. */
const seed = 0

/** Every head by one of its scores. */
export const atlasMapView = figureView({
  name: 'atlas-map',
  analyses: ['head-statistics'],
  about: 'every head by one of its scores, or by how far it is above uniform attention',
  of: 'windows',
  params: MapParams,
  async make(source, params) {
    const whole = await figuredAtlas(source, params, [params.score])
    const figure = atlasMapFigure(whole, params, source.version)
    const { quantity } = figure.data
    const look = lookOf({ ...params, pooling: 'maximum' }, mapExtent(figure.data))
    const { isMass } = atlasScore(params.score)
    return madeFigure(source.model, figure, mapLook(look, quantity, isMass))
  }
})

/** Every head by two of its scores. */
export const atlasScatterView = figureView({
  name: 'atlas-scatter',
  analyses: ['head-statistics'],
  about: 'every head by two of its scores, coloured by layer',
  of: 'windows',
  params: ScatterParams,
  async make(source, params) {
    const whole = await figuredAtlas(source, params, [params.x, params.y])
    const { x, range } = params
    const spanOf = (score: string) =>
      range === null
        ? scoreExtent(whole.atlas, score)
        : rangeOfBounds(score === x ? range.x : range.y)
    const figure = atlasScatterFigure(whole, params, spanOf, source.version)
    return madeFigure(source.model, figure, { ...plainLook, colorMap: params.colors })
  }
})

/** Where a head looks, by how far back. */
export const offsetsView = figureView({
  name: 'offsets',
  analyses: ['head-statistics'],
  about: 'mean attention of a head by how far back it goes: layer and head say which',
  of: 'windows',
  params: OffsetsParams,
  async make(source, params) {
    const { layer, head } = params
    checkIndex('layer', layer, source.model.config?.nLayers ?? 0)
    checkIndex('head', head, source.model.config?.nHeads ?? 0)
    const whole = await figuredAtlas(source, params, [])
    return madeFigure(
      source.model,
      offsetsFigure(whole, { layer, head }, source.version),
      plainLook
    )
  }
})

/** @throws LamellaError `invalid-argument` where heads have no such score */
async function figuredAtlas(
  { model, windows, analysis }: FigureSource,
  { classes }: AtlasParams,
  scores: readonly string[]
): Promise<FiguredAtlas> {
  const { run, tokens } = await windows()
  const window = windowLength(run.cut?.window ?? null, model.config?.nCtx)
  const result = await analysis('head-statistics', { classes, seed }, { window })
  const random = await analysis('random-repeat', { seed }, 'nothing')
  const atlas = headAtlas(result, random)
  const known = atlas.scores.map(({ name }) => name)
  for (const score of scores)
    if (!known.includes(score))
      throw new LamellaError(
        'invalid-argument',
        `${score}: heads have no such score; there are ${known.join(', ')}`
      )
  return {
    model,
    run,
    atlas,
    result,
    read: readInWords(atlas.windows, { ...run.cut, window, corpus: run.corpus ?? null }, tokens)
  }
}
