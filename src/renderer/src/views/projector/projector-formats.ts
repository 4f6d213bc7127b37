import type { ModelInfo } from '#common/contract/schemas.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { coloringOf, type Coloring } from '#common/figure/point-colorings.ts'
import { pointScatter } from '#common/figure/point-scatter.ts'
import type { Again, Provenance } from '#common/figure/provenance.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import {
  projectionName,
  projectorData,
  projectorDataset,
  projectorOrigin,
  type SeenProjection
} from '#common/figure/views/projector-figure.ts'
import type { NamedCorpus } from '#common/model/library.ts'
import { readBy, textsOf, type PointTexts } from '../../stores/analyses.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ShownClusters } from './use-clusters.ts'

/** What is saved of a projection. */
export interface ProjectionToSave extends Omit<SeenProjection, 'run' | 'params'> {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  /** What is read for the points; null of what is of the weights. */
  readonly from: PointTexts | null
  /** What the analysis that laid the points out was asked. */
  readonly layout: Readonly<Record<string, unknown>>
  /** What colours tell, as it is set. */
  readonly color: Coloring | null
  /** Where they tell clusters. */
  readonly clusters: ShownClusters | null
  /** The corpus in which tokens are counted; null where the order of ids stands in. */
  readonly countedIn: NamedCorpus | null
}

/** A projection as a figure, and all places as numbers. */
export function projectorFormats(
  saved: ProjectionToSave,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const { modelName, from, layout, color, clusters, countedIn, points, selected } = saved
  const seen: SeenProjection = {
    ...saved,
    run: from && (from.texts === null ? from.run : readOfRun(from.run, readBy(from.texts))),
    params: {
      ...{ ...layout, color, colors: look.colorMap },
      ...(coloringOf(points, color) === 'frequency' && {
        counted: countedIn && textsOf(countedIn)
      }),
      ...(clusters && { clusters: clusters.params['clusters'], names: clusters.given })
    }
  }
  const own = projectorOrigin(seen, version)
  const numbers = (again: Again): Provenance => ({ ...own, again })
  const name = `${modelName} · ${projectionName(points, saved.method)}`
  const data = () => projectorData(seen)
  const dataset = projectorDataset(points, selected)
  const drawn: Look = { ...look, ...paperLook, range: { low: 0, high: 1 } }
  const all = { ...layout, ...(selected.length > 0 && { selected }) }
  return [
    ...figureFormats(pointScatter, name, data, drawn, {
      ...{ from: own, note: 'what is seen, every point', dataset: () => dataset }
    }),
    ...dataFormats(name, dataset, numbers({ view: 'projector', params: all }), 'all points'),
    ...(clusters === null
      ? []
      : dataFormats(
          `${name} · clusters`,
          clusters.result,
          numbers({ analysis: 'point-clusters', params: clusters.params }),
          'the cluster of each point'
        ))
  ]
}
