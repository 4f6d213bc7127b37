import { z } from 'zod'
import { atlasScore } from '../../analysis/head-atlas/atlas-scores.ts'
import { headAtlas } from '../../analysis/head-atlas/head-atlas.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import {
  atlasMapFigure,
  atlasesLess,
  atlasScatterFigure,
  offsetsFigure,
  offsetsLess,
  type FiguredAtlas
} from './atlas-figures.ts'
import { scoreExtent } from './atlas-scatter.ts'
import { checkSubtracts, whyOtherHeads } from './comparison.ts'
import {
  figureView,
  modelFigure,
  readInWindows,
  type FigureSide,
  type FigureSource,
  type MadeFigure
} from './figure-view.ts'
import { Bounds, boundsOf, LookParams, lookOf, plainLook, rangeOfBounds } from './look-params.ts'
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
type MapParams = z.output<typeof MapParams>
const ScatterParams = AtlasParams.extend({
  ...LookParams.pick({ colors: true }).shape,
  x: z.string().default('previous_token'),
  y: z.string().default('induction'),
  /** What the axes have at least room for; for their own scores where it is left out. */
  range: z.strictObject({ x: Bounds, y: Bounds }).nullable().default(null)
})
type ScatterParams = z.output<typeof ScatterParams>
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
  ranged: ['score', 'quantity'],
  make: async (source, params) =>
    mapMade(source, params, await figuredAtlas(source, params, [params.score])),
  less: {
    ofSecond: [],
    async make(own, other) {
      const scores = [own.params.score]
      return mapMade(own.source, own.params, await atlasDifference(own, other, scores))
    }
  }
})

function mapMade(source: FigureSource, params: MapParams, whole: FiguredAtlas): MadeFigure {
  const figure = atlasMapFigure(whole, params, source.version)
  const { quantity } = figure.data
  const look = lookOf({ ...params, pooling: 'maximum' }, mapExtent(figure.data))
  const { isMass } = atlasScore(params.score)
  return modelFigure(source.model, figure, mapLook(look, quantity, isMass))
}

/** Every head by two of its scores. */
export const atlasScatterView = figureView({
  name: 'atlas-scatter',
  analyses: ['head-statistics'],
  about: 'every head by two of its scores, coloured by layer',
  of: 'windows',
  params: ScatterParams,
  ranged: ['x', 'y'],
  make: async (source, params) =>
    scatterMade(source, params, await figuredAtlas(source, params, [params.x, params.y])),
  less: {
    ofSecond: [],
    async make(own, other) {
      const scores = [own.params.x, own.params.y]
      return scatterMade(own.source, own.params, await atlasDifference(own, other, scores))
    }
  }
})

function scatterMade(source: FigureSource, params: ScatterParams, whole: FiguredAtlas): MadeFigure {
  const { x, range } = params
  const spanOf = (score: string) =>
    range === null
      ? scoreExtent(whole.atlas, score)
      : rangeOfBounds(score === x ? range.x : range.y)
  const figure = atlasScatterFigure(whole, params, spanOf, source.version)
  const look = { ...plainLook, colorMap: params.colors }
  const boundsOfScore = (score: string) => boundsOf(scoreExtent(whole.atlas, score))
  const spans = { x: boundsOfScore(params.x), y: boundsOfScore(params.y) }
  return { ...modelFigure(source.model, figure, look), spans }
}

/** Where a head looks, by how far back. */
export const offsetsView = figureView({
  name: 'offsets',
  analyses: ['head-statistics'],
  about: 'mean attention of a head by how far back it goes: layer and head say which',
  of: 'windows',
  params: OffsetsParams,
  async make(source, params) {
    const { whole, head } = await headOf(source, params)
    return modelFigure(source.model, offsetsFigure(whole, head, source.version), plainLook)
  },
  less: {
    ofSecond: ['layer', 'head'],
    async make({ source, params }, other) {
      const taken = await headOf(other.source, other.params, false)
      const whole = offsetsLess(await headOf(source, params, false), taken)
      const figure = offsetsFigure(whole, whole.atlas.heads[0]!, source.version)
      return modelFigure(source.model, figure, plainLook)
    }
  }
})

/** An atlas, and one of its heads. */
async function headOf(
  source: FigureSource,
  params: z.output<typeof OffsetsParams>,
  repeats = true
) {
  const { layer, head } = params
  checkIndex('layer', layer, source.model.config?.nLayers ?? 0)
  checkIndex('head', head, source.model.config?.nHeads ?? 0)
  const whole = await figuredAtlas(source, params, [], repeats)
  return { whole, head: whole.atlas.heads.find(own => own.layer === layer && own.head === head)! }
}

/** What heads do in one less what they do in another. */
async function atlasDifference(
  own: FigureSide<AtlasParams>,
  other: FigureSide<AtlasParams>,
  scores: readonly string[]
): Promise<FiguredAtlas> {
  const [a, b] = [
    await figuredAtlas(own.source, own.params, scores),
    await figuredAtlas(other.source, other.params, scores)
  ]
  checkSubtracts(whyOtherHeads(a.model, b.model))
  return atlasesLess(a, b)
}

/**
 * @param repeats whether with what heads do on random tokens
 * @throws LamellaError `invalid-argument` where heads have no such score
 */
async function figuredAtlas(
  source: FigureSource,
  { classes }: AtlasParams,
  scores: readonly string[],
  repeats = true
): Promise<FiguredAtlas> {
  const { model } = source
  const { run, analysis, read } = await readInWindows(source)
  const result = await analysis('head-statistics', { classes, seed })
  const random = repeats ? await source.analysis('random-repeat', { seed }, 'nothing') : null
  const atlas = headAtlas(result, random)
  const known = atlas.scores.map(({ name }) => name)
  for (const score of scores)
    if (!known.includes(score))
      throw new LamellaError(
        'invalid-argument',
        `${score}: heads have no such score; there are ${known.join(', ')}`
      )
  return { model, run, atlas, result, read: read(atlas.windows) }
}
