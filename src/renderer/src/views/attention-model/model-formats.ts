import { firstTokenHidden } from '#common/analysis/first-token.ts'
import { axis, dataset } from '#common/data/dataset.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { modelLines, type ModelLinesData } from '#common/figure/model-lines.ts'
import type { Quantity } from '#common/figure/heat-map-pixels.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { runOrigin } from '#common/figure/views/run-origin.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { leastWeight, smallLines, type LayerMaps } from './small-lines.ts'

/** What is saved of all heads. */
export interface ModelToSave {
  readonly model: ModelInfo
  /** What it is called among those that are open. */
  readonly modelName: string
  readonly run: Run
  /** What is taken from it, and which from which; null where nothing is. */
  readonly less: { readonly model: ModelInfo; readonly run: Run; readonly caption: string } | null
  /** Layers that have come, from the first on. */
  readonly loaded: readonly LayerMaps[]
  /** So many the model has. */
  readonly layers: number
  readonly group: number
  readonly mirrored: boolean
  readonly note: string
  readonly look: Look
  /** The weight whose line is the most opaque, of each head. */
  readonly highOf: (layer: number, head: number) => number
  /** Of Lamella. */
  readonly version: string
}

/** The files that the lines of all heads can be saved as. */
export function modelFormats(shown: ModelToSave): ExportFormat[] {
  const { model, modelName, run, less, loaded, layers, group, mirrored, look, version } = shown
  const part =
    loaded.length === layers ? '' : `the ${loaded.length} of ${layers} layers that were seen`
  const what = less ? `${less.caption} · ` : ''
  const title = `${modelName} · ${what}lines of all heads`
  const place = [
    `Layers ${loaded.map(({ layer }) => layer).join(', ')}, all heads`,
    ...(loaded[0]!.firstHidden ? [firstTokenHidden] : [])
  ].join(', ')
  const from: Provenance = {
    version,
    of: runOrigin(model, run, place),
    less: less && runOrigin(less.model, less.run, place),
    // As the trace cache keeps patterns.
    precision: 'float16'
  }
  const quantity = less ? 'difference' : 'weight'
  const cells = () => loaded.flatMap(maps => smallLines(maps, null, shown.highOf))
  const figure = (): ModelLinesData => ({
    title: `${model.name} · ${what}attention of all heads`,
    // A saved figure lies on white.
    note: [less ? 'blue less, red more' : '', shown.note, part].filter(Boolean).join('; '),
    heads: loaded[0]!.maps.shape[0]!,
    group,
    cells: cells(),
    quantity,
    mirrored
  })
  return [
    ...figureFormats(modelLines, title, figure, { ...look, ...paperLook }, { from, note: part }),
    ...dataFormats(title, () => linesDataset(cells(), quantity), from)
  ]
}

function linesDataset(cells: ModelLinesData['cells'], quantity: Quantity) {
  const lines = cells.flatMap(({ layer, head, lines }) =>
    lines.toReversed().map(line => ({ ...line, layer, head }))
  )
  const whole = (of: 'layer' | 'head' | 'query' | 'key', about: string) => ({
    axes: ['line'],
    data: Int32Array.from(lines, line => line[of]),
    unit: '',
    about
  })
  return dataset(
    { line: axis(lines.length) },
    {
      layer: whole('layer', 'layer'),
      head: whole('head', 'head of the layer'),
      query: whole('query', 'row of the query; of a pooled text each stands for several tokens'),
      key: whole('key', 'row of the key'),
      [quantity]: {
        axes: ['line'],
        data: Float32Array.from(lines, ({ weight }) => weight),
        unit: '',
        about:
          quantity === 'difference'
            ? `difference of weights, or of what stands for several, at least ${leastWeight} from zero`
            : `weight, or what stands for several, at least ${leastWeight}`
      }
    }
  )
}
