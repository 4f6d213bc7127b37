import { z } from 'zod'
import { aggregations } from '../../analysis/aggregate.ts'
import { firstTokens } from '../../analysis/first-token.ts'
import type { Run } from '../../contract/schemas.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { widestVisibility, type Visibility } from '../../model/visibility.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { extent, rangeOf, rangeTo } from '../heat-map-pixels.ts'
import { figureView, madeFigure, type FigureSource, type MadeFigure } from './figure-view.ts'
import { LookParams, lookOf } from './look-params.ts'
import { mapOf, patternFigure } from './pattern-figure.ts'

const Position = z.int().min(0)

/** Params of every map. */
const MapParams = LookParams.extend({
  /** A row and a column whose weights stand beside the map. */
  query: Position.nullable().default(null),
  key: Position.nullable().default(null),
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
export const attentionView = figureView({
  name: 'attention',
  analyses: ['patterns'],
  about: 'the attention map of a head: layer and head say which',
  of: 'text',
  params: AttentionParams,
  async make(source, params) {
    const { layer, head, first_token } = params
    checkLayers(source, [layer])
    checkIndex('head', head, source.model.config?.nHeads ?? 0)
    const asked = { layer, head, first_token, exact: false }
    const result = await source.analysis('patterns', asked)
    return made(source, params, {
      ...{ name: `Head ${layer}.${head}`, unit: null, precision: 'float16' },
      data: Float32Array.from(variable(result, 'pattern').data),
      visibility: source.model.visibility?.[layer] ?? null,
      firstHidden: first_token === 'hidden'
    })
  }
})

/** The patterns of several heads as one. */
export const aggregateView = figureView({
  name: 'aggregate',
  analyses: ['aggregate'],
  about: 'patterns of several heads as one: their mean, maximum or minimum',
  of: 'text',
  params: AggregateParams,
  async make(source, params) {
    const { how, heads, layers, first_token } = params
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
    return made(source, params, {
      ...{ name: `${words} of ${of}`, unit: aggregateUnits[how], precision: 'float16' },
      data: Float32Array.from(variable(result, 'pattern').data),
      visibility: widestVisibility(seen),
      firstHidden: first_token === 'hidden'
    })
  }
})

/** How much of each token has come to each place after a block. */
export const rolloutView = figureView({
  name: 'rollout',
  analyses: ['rollout'],
  about: 'attention rollout up to a block: layer says which',
  of: 'text',
  params: RolloutParams,
  async make(source, params) {
    const { layer } = params
    checkLayers(source, [layer])
    const result = await source.analysis('rollout', { layers: [layer] })
    const seen = source.model.visibility?.slice(0, layer + 1) ?? []
    const widest = widestVisibility(seen)
    return made(source, params, {
      ...{ name: `Rollout to block ${layer}`, unit: rolloutUnit, precision: 'float32' },
      data: Float32Array.from(variable(result, 'rollout').data),
      // From layer to layer it goes beyond windows.
      visibility: widest && { ...widest, reach: null },
      firstHidden: false
    })
  }
})

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

/** The map of a pattern. */
async function made(
  { model, version, run: runOf }: FigureSource,
  params: MapParams,
  shown: Pattern
): Promise<MadeFigure> {
  const run = await runOf()
  const size = run.tokens.length
  const { visibility, firstHidden, data } = shown
  const mirrored = params.mirrored ?? isMirrored(run)
  const map = mapOf({ ...shown, tokens: writtenTokens(run) }, 'weight', mirrored)
  const pattern = { model, run, ...shown }
  const profiles = profilesOf(params, size)
  const figure = patternFigure({ pattern, less: null, data: map, profiles, caption: null }, version)
  const own = extent(data, size, size, visibility, firstHidden)
  const range = params.range === 'automatic' ? rangeOf(own, 'weight') : rangeTo(1, 'weight')
  const look = lookOf(params, range)
  return madeFigure(model, figure, look)
}

function isMirrored({ source: { input } }: Run): boolean {
  return 'text' in input && readsRightToLeft(input.text)
}

function profilesOf({ query, key }: Pick<MapParams, 'query' | 'key'>, size: number) {
  if (query !== null) checkIndex('query', query, size)
  if (key !== null) checkIndex('key', key, size)
  if (query === null && key === null) return null
  return { queries: query === null ? [] : [query], keys: key === null ? [] : [key] }
}
