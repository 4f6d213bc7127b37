import { firstTokenHidden } from '../../analysis/first-token.ts'
import type { Pooling } from '../../analysis/pool.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import type { Quantity } from '../heat-map-pixels.ts'
import { modelLines, type ModelLinesData } from '../model-lines.ts'
import type { FigureOrigin } from '../provenance.ts'
import { namedOf } from '../../text/figure-title.ts'
import { counted } from '../../text/number-text.ts'
import { leastWeight, linesOfRow, mostRows, smallLines, type LayerMaps } from '../small-lines.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin } from './origin.ts'

/** Lines of all heads of some layers on one text. */
export interface FiguredModelLines {
  readonly model: ModelInfo
  readonly run: Pick<Run, 'source'>
  /** What is taken from it, and which from which; null where nothing is. */
  readonly less: {
    readonly model: ModelInfo
    readonly run: Pick<Run, 'source'>
    readonly caption: string
  } | null
  /** From the first layer on; there is one. */
  readonly layers: readonly LayerMaps[]
  /** So many query heads read the same key/value head. */
  readonly group: number
  readonly mirrored: boolean
  /** What is pooled, and which way lines run. */
  readonly note: string
  /** The weight whose line is the most opaque, of each head. */
  readonly highOf: (layer: number, head: number) => number
}

/** So much of the model is drawn; empty where all is. */
export function drawnPart({ model, layers }: Pick<FiguredModelLines, 'model' | 'layers'>): string {
  const all = model.config?.nLayers ?? 0
  return layers.length === all ? '' : `${layers.length} of ${all} layers`
}

/** What it is called. */
export function modelLinesTitle({ less }: Pick<FiguredModelLines, 'less'>): string {
  return `${less === null ? '' : `${less.caption} · `}lines of all heads`
}

export function modelLinesOrigin(
  { model, run, less, layers }: FiguredModelLines,
  version: string
): FigureOrigin {
  const place = [
    `Layers ${layers.map(({ layer }) => layer).join(', ')}, all heads`,
    ...(layers[0]!.firstHidden ? [firstTokenHidden] : [])
  ].join(', ')
  return {
    version,
    of: runOrigin(model, run, place),
    less: less && runOrigin(less.model, less.run, place),
    // As the trace cache keeps patterns.
    precision: 'float16'
  }
}

/** All heads as lines, a row a layer. */
export function modelLinesFigure(
  whole: FiguredModelLines,
  version: string
): ViewFigure<ModelLinesData> {
  const { model, less, layers, group, mirrored, note, highOf } = whole
  const quantity = less === null ? 'weight' : 'difference'
  const cells = layers.flatMap(maps => smallLines(maps, null, highOf))
  const signs = less === null ? '' : 'blue less, red more'
  return {
    what: modelLinesTitle(whole),
    kind: modelLines,
    data: {
      title: namedOf(
        model.name,
        `${less === null ? '' : `${less.caption} · `}attention of all heads`
      ),
      note: [signs, note, drawnPart(whole)].filter(Boolean).join('; '),
      heads: layers[0]!.maps.shape[0]!,
      ...{ group, cells, quantity, mirrored }
    },
    from: modelLinesOrigin(whole, version),
    dataset: () => linesDataset(cells, quantity, note)
  }
}

/** @param note what a row stands for, and what is left out */
function linesDataset(cells: ModelLinesData['cells'], quantity: Quantity, note: string): Dataset {
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
    },
    { note }
  )
}

/** Which way lines run, what is left out, and of a long text what a row stands for. */
export function modelLinesNote(
  tokens: number,
  pooling: Pooling,
  { mirrored, firstHidden }: { readonly mirrored: boolean; readonly firstHidden: boolean }
): string {
  const step = Math.ceil(tokens / mostRows)
  const rows = Math.ceil(tokens / step)
  const each = linesOfRow(rows)
  const most = each < rows ? `, and of each row all but the ${each} strongest` : ''
  const pooled =
    step > 1
      ? `; ${counted(tokens, 'token')} pooled to ${rows} rows by the ${pooling === 'mean' ? 'mean' : 'highest'}`
      : ''
  const hidden = firstHidden ? `; ${firstTokenHidden}` : ''
  return `${mirrored ? 'keys ← queries' : 'queries → keys'}; faint lines left out${most}${pooled}${hidden}`
}
