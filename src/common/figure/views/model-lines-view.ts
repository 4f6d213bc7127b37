import { z } from 'zod'
import { firstTokens } from '../../analysis/first-token.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { headsPerKeyValueHead } from '../../model/heads-per-key-value-head.ts'
import { lessCaption } from '../captions.ts'
import { highestWeights, layerLess, mostRows, type LayerMaps } from '../small-lines.ts'
import { checkSubtracts, whyNoDifference } from './comparison.ts'
import { figureView, modelFigure, type FigureSource, type MadeFigure } from './figure-view.ts'
import { isMirrored } from './flowing-run.ts'
import { LookParams, lookOf, plainLook } from './look-params.ts'
import { modelLinesFigure, modelLinesNote } from './model-lines-figure.ts'

const ModelLinesParams = LookParams.omit({ colors: true }).extend({
  /** Up to the highest weight of each head, to 1, or to those of several figures: of each layer that is drawn, by head. */
  range: z
    .union([z.enum(['automatic', 'fixed']), z.array(z.array(z.number().positive()))])
    .default('automatic'),
  /** All when left out. */
  layers: z.array(z.int().min(0)).min(1).nullable().default(null),
  first_token: z.enum(firstTokens).default('shown'),
  /** Whether queries stand at the right; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

type ModelLinesParams = z.output<typeof ModelLinesParams>

/** What every head attends to, each as small lines. */
export const modelLinesView = figureView({
  name: 'model-lines',
  analyses: ['patterns'],
  about: 'the attention of all heads, or of those of some layers, as small lines',
  of: 'text',
  params: ModelLinesParams,
  ranged: [],
  make: async (source, params) => made(source, params, await read(source, params), null),
  less: {
    ofSecond: ['first_token'],
    async make(own, other) {
      const { layers } = own.params
      return made(
        own.source,
        own.params,
        await read(own.source, own.params),
        await read(other.source, { ...other.params, layers: layers ?? layersOf(own.source.model) })
      )
    }
  }
})

/** All heads of some layers on one text. */
interface ReadModel {
  readonly model: ModelInfo
  readonly run: Run
  readonly layers: readonly LayerMaps[]
}

async function read(
  { model, run: runOf, analysis }: FigureSource,
  { layers: asked, first_token, pooling }: ModelLinesParams
): Promise<ReadModel> {
  const layers = asked ?? layersOf(model)
  for (const layer of layers) checkIndex('layer', layer, model.config?.nLayers ?? 0)
  const run = await runOf()
  const read: LayerMaps[] = []
  for (const layer of layers) {
    const wanted = { layer, size: mostRows, pooling, exact: false, first_token }
    const result = await analysis('patterns', wanted)
    const shape = ['head', 'row', 'column'].map(name => result.axes[name]!.length)
    const maps = { shape, data: Float32Array.from(variable(result, 'map').data) }
    read.push({
      ...{ layer, maps, tokens: run.tokens.length, firstHidden: first_token === 'hidden' },
      visibility: model.visibility?.[layer] ?? null
    })
  }
  return { model, run, layers: read }
}

function layersOf({ config }: ModelInfo): number[] {
  return Array.from({ length: config?.nLayers ?? 0 }, (_, layer) => layer)
}

/** The lines of all heads, or of what is left of each once its other is taken from it. */
function made(
  { model, version }: FigureSource,
  { first_token, mirrored: asked, scale, range, pooling }: ModelLinesParams,
  { run, layers: own }: ReadModel,
  other: ReadModel | null
): MadeFigure {
  if (other !== null) checkSubtracts(whyNoDifference(run, other.run))
  const layers = other === null ? own : own.map((maps, i) => layerLess(maps, other.layers[i]!))
  const nHeads = layers[0]!.maps.shape[0]!
  if (typeof range !== 'string' && !fits(range, layers.length, nHeads))
    throw new LamellaError(
      'invalid-argument',
      `range: expected ${nHeads} weights of each of ${layers.length} layers`
    )
  const mirrored = isMirrored(run, asked)
  const highOf = (layer: number, head: number) => {
    if (range === 'fixed') return 1
    const row = layers.findIndex(own => own.layer === layer)
    return (range === 'automatic' ? highestWeights(layers[row]!)[head] : range[row]![head]) || 1
  }
  const less = other && {
    ...{ model: other.model, run: other.run },
    caption: lessCaption({ model, run, name: '' }, { ...other, name: '' })
  }
  const firstHidden = first_token === 'hidden'
  const figure = modelLinesFigure(
    {
      ...{ model, run, less, layers, mirrored, highOf },
      group: model.config ? headsPerKeyValueHead(model.config) : 1,
      note: modelLinesNote(run.tokens.length, pooling, { mirrored, firstHidden })
    },
    version
  )
  const look = lookOf(
    {
      ...{ scale, pooling, colors: plainLook.colorMap },
      range: range === 'fixed' ? range : 'automatic'
    },
    plainLook.range
  )
  return { ...modelFigure(model, figure, look), spans: layers.map(highestWeights) }
}

function fits(highs: readonly (readonly number[])[], layers: number, heads: number): boolean {
  return highs.length === layers && highs.every(({ length }) => length === heads)
}
