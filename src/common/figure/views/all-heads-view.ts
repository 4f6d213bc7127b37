import { z } from 'zod'
import { firstTokenHidden, firstTokens } from '../../analysis/first-token.ts'
import { axis, dataset, variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { headGrid } from '../head-grid.ts'
import { rangeOf, rangeTo } from '../heat-map-pixels.ts'
import { figureView, madeFigure } from './figure-view.ts'
import { LookParams, lookOf } from './look-params.ts'
import { runOrigin } from './run-origin.ts'

const Position = z.int().min(0)

const AllHeadsParams = LookParams.extend({
  /** All when left out. */
  layers: z.array(Position).min(1).nullable().default(null),
  /** The most cells along a side of a map: those of a longer text stand for several tokens. */
  cells: z.int().min(1).max(512).default(128),
  first_token: z.enum(firstTokens).default('shown'),
  /** Whether keys run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** What every head attends to, a small map each. */
export const allHeadsView = figureView({
  name: 'all-heads',
  about: 'the attention maps of all heads, or of those of some layers, small and beside each other',
  of: 'text',
  params: AllHeadsParams,
  async make({ model, version, run: runOf, analysis }, params) {
    const { layers: asked, cells: size, first_token, pooling } = params
    const nLayers = model.config?.nLayers ?? 0
    const layers = asked ?? Array.from({ length: nLayers }, (_, layer) => layer)
    for (const layer of layers) checkIndex('layer', layer, nLayers)
    const run = await runOf()
    const all: Float32Array[] = []
    let heads = 1
    let cells = 1
    for (const layer of layers) {
      const wanted = { layer, size, pooling, first_token, exact: false }
      const result = await analysis('patterns', wanted)
      heads = result.axes['head']!.length
      cells = result.axes['row']!.length
      all.push(Float32Array.from(variable(result, 'map').data))
    }
    const each = heads * cells * cells
    const maps = new Float32Array(layers.length * each)
    all.forEach((own, row) => maps.set(own, row * each))
    const firstHidden = first_token === 'hidden'
    const hidden = firstHidden ? [firstTokenHidden] : []
    const what = ['All heads · attention', ...hidden].join(', ')
    const high = maps.reduce((most, value) => Math.max(most, value), 0)
    const range =
      params.range === 'automatic' ? rangeOf({ low: 0, high }, 'weight') : rangeTo(1, 'weight')
    const { input } = run.source
    const figure = {
      what,
      kind: headGrid,
      data: {
        title: `${model.name} · ${what}`,
        name: firstHidden ? 'renormalised weight' : 'attention weight',
        ...{ layers, heads, tokens: run.tokens.length, cells, maps, firstHidden },
        visibility: layers.map(layer => model.visibility?.[layer] ?? null),
        mirrored: params.mirrored ?? ('text' in input && readsRightToLeft(input.text))
      },
      from: {
        version,
        of: runOrigin(model, run, ['All heads', ...hidden].join(', ')),
        ...{ less: null, precision: 'float16' as const }
      },
      dataset: () =>
        dataset(
          {
            layer: axis(layers.map(String)),
            ...{ head: axis(heads), row: axis(cells), column: axis(cells) }
          },
          {
            weight: {
              axes: ['layer', 'head', 'row', 'column'],
              ...{ unit: '', data: maps },
              about: cells < run.tokens.length ? `patterns, pooled by their ${pooling}` : 'patterns'
            }
          }
        )
    }
    return madeFigure(model, figure, lookOf(params, range))
  }
})
