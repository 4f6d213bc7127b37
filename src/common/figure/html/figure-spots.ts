import { tokenText } from '../../text/token-text.ts'
import { exactText } from '../../text/number-text.ts'
import { letterRoom } from '../drawn-figure.ts'
import type { CellNames, ChartPanel, Panel, Raster } from '../figure-kind.ts'
import type { FigureToDraw } from '../figure-svg.ts'
import { keySpan } from '../heat-map-pixels.ts'
import { drawnSize, withChart } from '../panel-svg.ts'
import { visibleCells } from '../viewport.ts'

/** What of a figure says its values where it is pointed at, in its own pixels. */
export interface FigureSpots {
  readonly grids: readonly GridSpots[]
  readonly boxes: readonly (Box & { readonly text: string })[]
  readonly points: readonly PointSpot[]
}

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Cells of a map. */
export interface GridSpots extends Box {
  /** The first cell that is seen, and how large cells are. */
  readonly row: number
  readonly column: number
  readonly cell: number
  readonly mirrored: boolean
  /** Cells along each axis. */
  readonly size: number
  /** What rows and columns are called, such as `query` and `key`. */
  readonly rows: string
  readonly columns: string
  readonly labels: readonly string[]
  /** [row, column]; null where a query does not see a key, or there is no number. */
  readonly values: readonly (number | null)[]
}

interface PointSpot {
  readonly x: number
  readonly y: number
  readonly text: string
}

/** The spots of a drawn figure. */
export function figureSpots({ panel, look, wish }: FigureToDraw): FigureSpots {
  return spotsOf(panel, 0, wish.letter === '' ? 0 : letterRoom(look))
}

function spotsOf(panel: Panel, left: number, top: number): FigureSpots {
  if (panel.kind === 'chart')
    return {
      ...{ grids: [], boxes: [] },
      points: chartPoints(panel).map(({ x, y, text }) => ({ x: x + left, y: y + top, text }))
    }
  if (panel.kind === 'row') {
    const parts = panel.parts.map(part => spotsOf(part.panel, left + part.left, top + part.top))
    return {
      grids: parts.flatMap(({ grids }) => grids),
      boxes: parts.flatMap(({ boxes }) => boxes),
      points: parts.flatMap(({ points }) => points)
    }
  }
  return {
    grids: panel.rasters.flatMap(({ names, ...raster }) =>
      names === null ? [] : [gridOf({ ...raster, names }, left, top)]
    ),
    boxes: panel.marks.flatMap(mark => {
      if (mark.kind !== 'rect' || mark.tip === undefined) return []
      const { x, y, width, height, tip: text } = mark
      return [{ left: x + left, top: y + top, width, height, text }]
    }),
    points: []
  }
}

function gridOf(
  { scene, names, ...box }: Raster & { readonly names: CellNames },
  left: number,
  top: number
): GridSpots {
  const { values, tokens, visibility, firstHidden, view, stage, mirrored } = scene
  const { size } = stage
  const each = tokens / size
  return {
    ...{ left: box.left + left, top: box.top + top, width: box.width, height: box.height },
    // On a page a map may be larger or smaller than it was drawn.
    cell: box.width / visibleCells(view, stage, 'width'),
    ...{ row: view.row, column: view.column, mirrored, size },
    ...{ rows: names.rows, columns: names.columns },
    labels: names.along.map(name => ('label' in name ? name.label : tokenText(name))),
    values: Array.from({ length: size }, (_, row) => {
      const { start, end } = keySpan(visibility, row * each, (row + 1) * each, tokens, firstHidden)
      return Array.from({ length: size }, (_, column) => {
        const isSeen = column >= Math.floor(start / each) && column < end / each
        return isSeen ? numberOf(values[row * size + column]!) : null
      })
    }).flat()
  }
}

/** A float32 in as many digits as it has; JSON knows no others than finite numbers. */
function numberOf(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : null
}

type Datum = number | readonly number[] | { readonly name?: string; readonly value: unknown }
interface Series {
  readonly data?: readonly Datum[]
  readonly symbolOffset?: readonly number[]
}
interface Axis {
  readonly name?: string
  readonly type?: string
  readonly data?: readonly unknown[]
}
/** What kinds of charts say of themselves. */
interface ChartOption {
  readonly series?: Series | Series[]
  readonly xAxis?: Axis
  readonly yAxis?: Axis
}

/** Where a chart has its points and the ends of its bars, and what they stand for. */
function chartPoints(panel: ChartPanel): PointSpot[] {
  const { option, scale = 1 } = panel
  const { series = [], xAxis, yAxis } = option as ChartOption
  const all = [series].flat()
  return withChart(option, drawnSize(panel), chart =>
    all.flatMap(({ data = [], symbolOffset = [0] }, seriesIndex) =>
      data.map((datum, index) => {
        const value = pairOf(datum, index, yAxis?.type === 'category')
        const [x, y] = chart.convertToPixel({ seriesIndex }, value) as [number, number]
        const name = typeof datum === 'object' && 'name' in datum ? [datum.name ?? ''] : []
        const said = [wordsOf(xAxis, value[0]), wordsOf(yAxis, value[1])]
        const words = yAxis?.type === 'category' ? said.toReversed() : said
        return {
          x: scale * (x + symbolOffset[0]!),
          y: scale * y,
          text: [...name, ...words].join('\n')
        }
      })
    )
  )
}

/** A datum as its place along both axes. */
function pairOf(datum: Datum, index: number, isLying: boolean): [number, number] {
  const value = typeof datum === 'object' && 'value' in datum ? datum.value : datum
  if (Array.isArray(value)) return [Number(value[0]), Number(value[1])]
  return isLying ? [Number(value), index] : [index, Number(value)]
}

function wordsOf(axis: Axis | undefined, value: number): string {
  if (axis?.data !== undefined) return String(axis.data[value])
  const number = exactText(value, 'float32')
  return axis?.name ? `${axis.name}: ${number}` : number
}
