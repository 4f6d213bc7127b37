import { paperLook, type Look } from '#common/figure/look.ts'
import type { GridContent } from '#common/figure/token-grid.ts'
import {
  histogramFigure,
  layersFigure,
  unitsFigure,
  type ActivationMeasure
} from '#common/figure/views/activation-figures.ts'
import { lookParams, plainLook } from '#common/figure/views/look-params.ts'
import type { WeightMapData } from '#common/figure/weight-map.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ShownActivations } from './use-activations.ts'

/** Activations as they are seen. */
export interface ActivationsToSave {
  readonly shown: ShownActivations
  /** What its model is called among those that are open. */
  readonly modelName: string
  readonly measure: ActivationMeasure
  readonly grid: GridContent | null
  readonly map: WeightMapData | null
  readonly mirrored: boolean
}

/** The files that activations can be saved as: the grid, or the map and its histogram, and all numbers. */
export function activationsFormats(
  { shown, modelName, measure, grid, map, mirrored }: ActivationsToSave,
  look: Look,
  version: string
): ExportFormat[] {
  const { model, run, result, hook, layer, form } = shown
  const { colors, range } = lookParams(look)
  const file = (what: string) => `${modelName} · ${what}`
  if (grid) {
    const isLayers = form === 'layers'
    const drawn = isLayers ? measure : 'weight'
    const what = isLayers ? `${hook} · ${grid.unit}` : 'experts'
    const own = {
      ...{ model, run, result },
      params: { colors, range, ...(isLayers && { hook, measure }), mirrored }
    }
    const figure = layersFigure(own, grid, drawn, what, { form }, mirrored, version)
    return [
      ...figureFormats(
        figure.kind,
        file(figure.what),
        figure.data,
        { ...look, ...paperLook },
        {
          ...{ from: figure.from, dataset: figure.dataset }
        }
      ),
      ...dataFormats(file(what), figure.dataset(), figure.from)
    ]
  }
  if (!map || layer === null) return []
  const plain: Look = { ...plainLook, ...paperLook }
  const of = { model, run, result }
  const own = { hook, layer }
  const units = unitsFigure({ ...of, params: { ...own, range } }, map, version)
  const histogram = histogramFigure({ ...of, params: own }, version)
  return [
    ...figureFormats(
      units.kind,
      file(units.what),
      units.data,
      { ...plain, range: look.range, ...(look.shared && { shared: true }) },
      {
        ...{ from: units.from, note: 'the map', dataset: units.dataset }
      }
    ),
    ...figureFormats(histogram.kind, file(histogram.what), histogram.data, plain, {
      ...{ from: histogram.from, note: 'the distribution', dataset: histogram.dataset }
    }),
    ...dataFormats(file(units.what), units.dataset(), units.from)
  ]
}
