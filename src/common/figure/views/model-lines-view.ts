import { z } from 'zod'
import { firstTokens } from '../../analysis/first-token.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { headsPerKeyValueHead } from '../../model/heads-per-key-value-head.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { highestWeights, mostRows, type LayerMaps } from '../small-lines.ts'
import { figureView, madeFigure } from './figure-view.ts'
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

/** What every head attends to, each as small lines. */
export const modelLinesView = figureView({
  name: 'model-lines',
  analyses: ['patterns'],
  about: 'the attention of all heads, or of those of some layers, as small lines',
  of: 'text',
  params: ModelLinesParams,
  async make({ model, version, run: runOf, analysis }, params) {
    const { layers: asked, first_token, mirrored: own, range, ...look } = params
    const nLayers = model.config?.nLayers ?? 0
    const layers = asked ?? Array.from({ length: nLayers }, (_, layer) => layer)
    for (const layer of layers) checkIndex('layer', layer, nLayers)
    const nHeads = model.config?.nHeads ?? 0
    if (typeof range !== 'string' && !fits(range, layers.length, nHeads))
      throw new LamellaError(
        'invalid-argument',
        `range: expected ${nHeads} weights of each of ${layers.length} layers`
      )
    const run = await runOf()
    const tokens = run.tokens.length
    const firstHidden = first_token === 'hidden'
    const loaded: LayerMaps[] = []
    for (const layer of layers) {
      const wanted = { layer, size: mostRows, pooling: look.pooling, exact: false, first_token }
      const result = await analysis('patterns', wanted)
      const shape = ['head', 'row', 'column'].map(name => result.axes[name]!.length)
      const maps = { shape, data: Float32Array.from(variable(result, 'map').data) }
      loaded.push({
        ...{ layer, maps, tokens, firstHidden },
        visibility: model.visibility?.[layer] ?? null
      })
    }
    const { input } = run.source
    const mirrored = own ?? ('text' in input && readsRightToLeft(input.text))
    const highOf = (layer: number, head: number) => {
      const row = layers.indexOf(layer)
      if (range === 'fixed') return 1
      return (range === 'automatic' ? highestWeights(loaded[row]!)[head] : range[row]![head]) || 1
    }
    const figure = modelLinesFigure(
      {
        ...{ model, run, less: null, layers: loaded, mirrored, highOf },
        group: model.config ? headsPerKeyValueHead(model.config) : 1,
        note: modelLinesNote(tokens, look.pooling, { mirrored, firstHidden })
      },
      version
    )
    return madeFigure(
      model,
      figure,
      lookOf(
        {
          ...{ ...look, colors: plainLook.colorMap },
          range: range === 'fixed' ? range : 'automatic'
        },
        plainLook.range
      )
    )
  }
})

function fits(highs: readonly (readonly number[])[], layers: number, heads: number): boolean {
  return highs.length === layers && highs.every(({ length }) => length === heads)
}
