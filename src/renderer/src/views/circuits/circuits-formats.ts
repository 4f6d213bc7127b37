import type { ModelInfo } from '#common/contract/schemas.ts'
import { withDrawn, type Dataset } from '#common/data/dataset.ts'
import { dendrogram, type DendrogramData } from '#common/figure/dendrogram.ts'
import { distanceMatrix, type DistanceMatrixData } from '#common/figure/distance-matrix.ts'
import { headMap, type HeadMapData } from '#common/figure/head-map.ts'
import { linePlot } from '#common/figure/line-plot.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import {
  circuitKinds,
  circuitsOrigin,
  eigenvaluePlot,
  wardTrees
} from '#common/figure/views/circuits-view.ts'
import { lookParams } from '#common/figure/views/look-params.ts'
import type { HeadNumber, HeadPlace } from '#common/figure/views/head-weight-numbers.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { CircuitsOptions } from './circuits-options.ts'

/** What the view shows. */
interface ShownCircuits {
  readonly options: CircuitsOptions
  readonly number: HeadNumber
  readonly place: HeadPlace
  readonly groups: number
  readonly map: HeadMapData | null
  readonly matrix: DistanceMatrixData | null
  readonly mapLook: Look
  readonly tree: DendrogramData | null
  readonly all: Dataset | null
  readonly layer: Dataset | null
  readonly tokens: Dataset | null
}

/** The files that heads by their weights can be saved as: the map or the tree, eigenvalues of the head, and all numbers. */
export function circuitsFormats(
  {
    model,
    modelName,
    version
  }: { readonly model: ModelInfo; readonly modelName: string; readonly version: string },
  { options, number, place, groups, map, matrix, mapLook, tree, all, layer, tokens }: ShownCircuits,
  look: Omit<Look, 'range'>
): ExportFormat[] {
  const head = [place.layer, place.head]
  const label = `head ${place.layer}.${place.head}`
  const plain = { ...look, ...paperLook, range: { low: 0, high: 1 } }
  const drawn = (params: Readonly<Record<string, unknown>>) =>
    circuitsOrigin(model, version, { view: 'circuits', params })
  const { colors, range } = lookParams(mapLook)
  const ofLook = { colors, range }
  const file = (what: string) => `${modelName} · ${what}`
  const title = (what: string) => `${model.name} · ${what}`
  const numbers = all && withDrawn(all, [options.form === 'tree' ? options.by : number.name])
  const alike = () => `heads alike by ${wardTrees.find(({ name }) => name === options.by)!.words}`
  return [
    ...(map && numbers
      ? figureFormats(
          headMap,
          file(`heads · ${map.name}`),
          { ...map, title: title(map.name) },
          { ...mapLook, ...paperLook },
          {
            from: drawn({ form: 'heads', number: number.name, head, ...ofLook }),
            dataset: () => numbers
          }
        )
      : []),
    ...(matrix && numbers
      ? figureFormats(
          distanceMatrix,
          file(`${number.words} of all heads`),
          { ...matrix, title: title(`${number.words} of all heads`) },
          { ...mapLook, ...paperLook },
          {
            from: drawn({ form: 'matrix', number: number.name, ...ofLook }),
            dataset: () => numbers
          }
        )
      : []),
    ...(tree && numbers
      ? figureFormats(dendrogram, file(alike()), { ...tree, title: title(alike()) }, plain, {
          from: drawn({ form: 'tree', by: options.by, head, groups }),
          dataset: () => numbers
        })
      : []),
    ...(layer
      ? (['ov', 'qk'] as const).flatMap(circuit => {
          const what = `${label} · eigenvalues of ${circuitKinds[circuit].words}`
          const data = eigenvaluePlot(layer, circuit, place, title(what))
          const from = drawn({ form: 'eigenvalues', circuit, head })
          const note = `eigenvalues of ${circuitKinds[circuit].words}`
          const dataset = () => withDrawn(layer, [`${circuit}_eigen`])
          return figureFormats(linePlot, file(what), data, plain, { from, note, dataset })
        })
      : []),
    ...(numbers
      ? dataFormats(
          file('heads by their weights'),
          numbers,
          // Their figure's, which two sides have together.
          drawn(
            options.form === 'tree' ? { form: 'tree', by: options.by } : { number: number.name }
          ),
          'all heads'
        )
      : []),
    ...(tokens
      ? dataFormats(
          file(`${label} · circuits over the vocabulary`),
          tokens,
          circuitsOrigin(model, version, { analysis: 'circuits', params: { heads: [head] } }),
          'circuits over the vocabulary'
        )
      : [])
  ]
}
