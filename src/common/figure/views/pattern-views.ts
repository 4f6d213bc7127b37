import { z } from 'zod'
import { aggregations } from '../../analysis/aggregate.ts'
import { firstTokens } from '../../analysis/first-token.ts'
import { precisionOf } from '../../analysis/result-precision.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { widestVisibility, type Visibility } from '../../model/visibility.ts'
import { writtenTokens, type WrittenToken } from '../../text/written-tokens.ts'
import { extent, rangeOf, rangeTo } from '../heat-map-pixels.ts'
import { lessCaption } from '../captions.ts'
import { checkSubtracts, whyNoDifference } from './comparison.ts'
import {
  figureView,
  modelFigure,
  type FigureSource,
  type FigureView,
  type MadeFigure
} from './figure-view.ts'
import { isMirrored } from './flowing-run.ts'
import { LookParams, lookOf } from './look-params.ts'
import { mapLess, mapOf, patternFigure } from './pattern-figure.ts'

/** Each can be taken from each, of a text with as many tokens. */
const patternNames = ['attention', 'aggregate', 'rollout'] as const

const Position = z.int().min(0)
const Cells = z.number().min(0)

/** Params of every map. */
const MapParams = LookParams.extend({
  /** A row, or two, and a column whose weights stand beside the map. */
  query: z
    .union([Position, z.array(Position).min(1).max(2)])
    .nullable()
    .default(null),
  key: Position.nullable().default(null),
  /** The cells that are drawn, and how large: from a row and a column on, so many of each; all when left out. */
  part: z
    .strictObject({
      ...{ row: Cells, column: Cells, rows: Cells.positive(), columns: Cells.positive() },
      cell: z.number().positive().max(96).default(24)
    })
    .nullable()
    .default(null),
  /** What it is called in its title, to be told from another; by its heads where it is left out. */
  caption: z.string().min(1).max(1000).nullable().default(null),
  /** Whether keys run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})
type MapParams = z.output<typeof MapParams>

const AttentionParams = MapParams.extend({
  layer: Position,
  head: Position,
  first_token: z.enum(firstTokens).default('shown')
})

const AggregateParams = MapParams.extend({
  how: z.enum(aggregations).default('mean'),
  /** As [layer, head]; those of `layers` when left out. */
  heads: z
    .array(z.tuple([Position, Position]))
    .min(1)
    .nullable()
    .default(null),
  /** All when left out. */
  layers: z.array(Position).min(1).nullable().default(null),
  first_token: z.enum(firstTokens).default('shown')
})

const RolloutParams = MapParams.extend({ layer: Position })

/** What the values of several heads together are called. */
export const aggregateUnits = {
  mean: 'mean weight',
  max: 'highest weight',
  min: 'lowest weight'
} as const
export const rolloutUnit = 'share of the token'

/** How much each query attends to each key, of one head. */
export const attentionView = patternView({
  name: 'attention',
  analyses: ['patterns'],
  about: 'the attention map of a head: layer and head say which',
  params: AttentionParams,
  ofSecond: ['layer', 'head', 'first_token'],
  async read(source, { layer, head, first_token }) {
    checkLayers(source, [layer])
    checkIndex('head', head, source.model.config?.nHeads ?? 0)
    const asked = { layer, head, first_token, exact: false }
    const result = await source.analysis('patterns', asked)
    return {
      ...{ name: `Head ${layer}.${head}`, unit: null, precision: 'float16' },
      data: Float32Array.from(variable(result, 'pattern').data),
      visibility: source.model.visibility?.[layer] ?? null,
      firstHidden: first_token === 'hidden'
    }
  }
})

/** The patterns of several heads as one. */
export const aggregateView = patternView({
  name: 'aggregate',
  analyses: ['aggregate'],
  about: 'patterns of several heads as one: their mean, maximum or minimum',
  params: AggregateParams,
  ofSecond: ['how', 'heads', 'layers', 'first_token'],
  async read(source, { how, heads, layers, first_token }) {
    const nLayers = source.model.config?.nLayers ?? 0
    const all = Array.from({ length: nLayers }, (_, layer) => layer)
    const own = heads === null ? (layers ?? all) : [...new Set(heads.map(([layer]) => layer))]
    checkLayers(source, own)
    const asked = { how, heads, layers, first_token, exact: false }
    const result = await source.analysis('aggregate', asked)
    const seen = own.flatMap(layer => source.model.visibility?.[layer] ?? [])
    const words = { mean: 'Mean', max: 'Maximum', min: 'Minimum' }[how]
    const of =
      heads === null
        ? layers === null
          ? 'all heads'
          : `all heads of block${layers.length === 1 ? '' : 's'} ${layers.join(', ')}`
        : `heads ${heads.map(([layer, head]) => `${layer}.${head}`).join(', ')}`
    return {
      ...{ name: `${words} of ${of}`, unit: aggregateUnits[how], precision: 'float16' },
      data: Float32Array.from(variable(result, 'pattern').data),
      visibility: widestVisibility(seen),
      firstHidden: first_token === 'hidden'
    }
  }
})

/** How much of each token has come to each place after a block. */
export const rolloutView = patternView({
  name: 'rollout',
  analyses: ['rollout'],
  about: 'attention rollout up to a block: layer says which',
  params: RolloutParams,
  ofSecond: ['layer'],
  async read(source, { layer }) {
    checkLayers(source, [layer])
    const result = await source.analysis('rollout', { layers: [layer] })
    const seen = source.model.visibility?.slice(0, layer + 1) ?? []
    const widest = widestVisibility(seen)
    return {
      ...{ name: `Rollout to block ${layer}`, unit: rolloutUnit, precision: precisionOf(result) },
      data: Float32Array.from(variable(result, 'rollout').data),
      // From layer to layer it goes beyond windows.
      visibility: widest && { ...widest, reach: null },
      firstHidden: false
    }
  }
})

const patternViews: readonly PatternView[] = [attentionView, aggregateView, rolloutView]

function checkLayers({ model }: FigureSource, layers: readonly number[]): void {
  for (const layer of layers) checkIndex('layer', layer, model.config?.nLayers ?? 0)
}

interface Pattern {
  readonly name: string
  readonly unit: string | null
  readonly data: Float32Array
  readonly visibility: Visibility | null
  readonly firstHidden: boolean
  readonly precision: 'float32' | 'float16'
}

/** That of a text, read. */
interface ReadPattern extends Pattern {
  readonly model: ModelInfo
  readonly run: Run
  readonly tokens: readonly WrittenToken[]
}

/** A view that reads a pattern and draws its map. */
interface PatternView extends FigureView {
  readonly read: (source: FigureSource, params: unknown) => Promise<ReadPattern>
}

function patternView<P extends MapParams>({
  read,
  ofSecond,
  ...facts
}: Pick<FigureView, 'about' | 'analyses'> & {
  readonly name: (typeof patternNames)[number]
  readonly params: z.ZodType<P>
  /** Which pattern it is: all else is said of a map of both. */
  readonly ofSecond: readonly Exclude<keyof P & string, keyof MapParams>[]
  readonly read: (source: FigureSource, params: P) => Promise<Pattern>
}): PatternView {
  const { params } = facts
  const whole = async (source: FigureSource, own: P) => {
    const shown = await read(source, own)
    const run = await source.run()
    return { ...shown, model: source.model, run, tokens: writtenTokens(run) }
  }
  return {
    ...figureView({
      ...{ ...facts, of: 'text', ranged: [] },
      make: async (source, own) => mapMade(source, own, await whole(source, own), null)
    }),
    read: (source, given) => whole(source, params.parse(given)),
    less: {
      views: patternNames,
      ofSecond,
      async make(side, other) {
        const { read: readOther } = patternViews.find(({ name }) => name === other.view)!
        const own = params.parse(side.params)
        const less = await readOther(other.source, other.params)
        return mapMade(side.source, own, await whole(side.source, own), less)
      }
    }
  }
}

/** The map of a pattern, or of what is left of it once another is taken from it. */
function mapMade(
  { model, version }: FigureSource,
  params: MapParams,
  pattern: ReadPattern,
  less: ReadPattern | null
): MadeFigure {
  const { run, visibility, firstHidden } = pattern
  const size = run.tokens.length
  if (less !== null) checkSubtracts(whyNoDifference(pattern.run, less.run))
  const quantity = less === null ? 'weight' : 'difference'
  const mirrored = isMirrored(run, params.mirrored)
  const { data, extent: own } =
    less === null
      ? {
          data: mapOf(pattern, quantity, mirrored),
          extent: extent(pattern.data, size, size, visibility, firstHidden)
        }
      : mapLess(pattern, less, mirrored)
  const profiles = profilesOf(params, size)
  const { part } = params
  if (part !== null) checkPart(part, size)
  const caption = less === null ? params.caption : lessCaption(pattern, less)
  const figure = patternFigure({ pattern, less, data, profiles, caption, part }, version)
  const look = lookOf(params, rangeOf(own, quantity), rangeTo(1, quantity))
  return modelFigure(model, figure, look)
}

function profilesOf({ query, key }: Pick<MapParams, 'query' | 'key'>, size: number) {
  if (query === null && key === null) return null
  const [queries, keys] = [query ?? [], key ?? []].map(of => [of].flat()) as [number[], number[]]
  for (const own of queries) checkIndex('query', own, size)
  for (const own of keys) checkIndex('key', own, size)
  return { queries, keys }
}

function checkPart(
  { row, column, rows, columns }: NonNullable<MapParams['part']>,
  size: number
): void {
  // What a window tells may be off by what its numbers are rounded to.
  if (Math.max(row + rows, column + columns) <= size + 1e-6) return
  throw new LamellaError(
    'invalid-argument',
    `part: goes beyond the ${size} rows and columns that there are`
  )
}
