import { paperLook, type Look } from '#common/figure/look.ts'
import type { GridContent } from '#common/figure/token-grid.ts'
import {
  histogramFigure,
  layersFigure,
  unitRange,
  unitsFigure,
  type ActivationMeasure
} from '#common/figure/views/activation-figures.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import type { WeightMapData } from '#common/figure/weight-map.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { otherBounds, otherRange } from '../../ui/figure/other-range.ts'
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
  const colors = look.colorMap
  const file = (what: string) => `${modelName} · ${what}`
  if (grid) {
    const isLayers = form === 'layers'
    const what = isLayers ? `${hook} · ${grid.unit}` : 'experts'
    const own = {
      ...{ model, run, result, none: otherRange(look) },
      params: { colors, ...(isLayers && { hook, measure }), ...otherBounds(look) }
    }
    const figure = layersFigure(own, grid, what, { form }, mirrored, version)
    return [
      ...figureFormats(
        figure.kind,
        file(figure.what),
        figure.data,
        { ...look, ...paperLook },
        {
          from: figure.from
        }
      ),
      ...dataFormats(file(what), result, figure.from)
    ]
  }
  if (!map || layer === null) return []
  const plain: Look = { ...plainLook, ...paperLook }
  // Their range is that of their own values.
  const own = { model, run, result, params: { hook, layer }, none: null }
  const units = unitsFigure(own, map, version)
  const histogram = histogramFigure(own, version)
  return [
    ...figureFormats(
      units.kind,
      file(units.what),
      units.data,
      { ...plain, range: unitRange(map) },
      {
        ...{ from: units.from, note: 'the map' }
      }
    ),
    ...figureFormats(histogram.kind, file(histogram.what), histogram.data, plain, {
      ...{ from: histogram.from, note: 'the distribution' }
    }),
    ...dataFormats(file(units.what), result, units.from)
  ]
}
