import { counted, exactCount, exactText } from '../../text/number-text.ts'
import { isolated, tokenText } from '../../text/token-text.ts'
import { letterRoom } from '../drawn-figure.ts'
import type { CellNames, ChartPanel, Panel, Raster, SideNames } from '../figure-kind.ts'
import type { FigureToDraw } from '../figure-svg.ts'
import { keySpan } from '../heat-map-pixels.ts'
import type { LineMark, Mark, Tip } from '../mark.ts'
import { drawnSize, withChart } from '../panel-svg.ts'
import { visibleCells } from '../viewport.ts'

/** What of a figure says its values where it is pointed at, in its own pixels. */
export interface FigureSpots {
  readonly grids: readonly GridSpots[]
  /** Of those that lie over one another the last is on top. */
  readonly boxes: readonly (Box & { readonly text: string })[]
  readonly points: readonly PointSpot[]
  readonly lines: readonly LineSpot[]
  /** What of it has no room in a page, in words; empty where all says its values. */
  readonly left: string
}

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Cells of a map, those that are seen. */
export interface GridSpots extends Box {
  /** What stands before their names and their values. */
  readonly of: string
  readonly value: string
  /** How much of the first row and column is not seen, in cells, and how large cells are. */
  readonly row: number
  readonly column: number
  readonly cell: { readonly width: number; readonly height: number }
  readonly mirrored: boolean
  readonly rows: GridSide
  readonly columns: GridSide
  /** [row, column]; null where a query does not see a key, or there is no number. */
  readonly values: readonly (number | null)[]
}

/** Rows, or columns. */
interface GridSide {
  /** What they are called, such as `query`. */
  readonly name: string
  readonly count: number
  /** The number of the first, how many numbers are one cell, and where they end. */
  readonly first: number
  readonly each: number
  readonly end: number
  /** What each is called; none where numbers are all there is, or a cell is several. */
  readonly labels: readonly string[]
  readonly numbered: boolean
}

interface PointSpot {
  readonly x: number
  readonly y: number
  readonly text: string
}

interface LineSpot {
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly text: string
}

/** Cells, and all else that says something, of which a page keeps at most so many: more make it slow to open. */
export const mostCells = 2 ** 20
export const mostSpots = 50_000

/** The spots of a drawn figure, as many as a page has room for. */
export function figureSpots({ panel, look, wish }: FigureToDraw): FigureSpots {
  const { maps, ...all } = spotsOf(panel, 0, wish.letter === '' ? 0 : letterRoom(look))
  let cells = 0
  const kept = maps.filter(({ down, across }) => (cells += down.count * across.count) <= mostCells)
  const count = all.boxes.length + all.lines.length + all.points.length
  const boxes = all.boxes.slice(0, mostSpots)
  const lines = all.lines.slice(0, mostSpots - boxes.length)
  const points = all.points.slice(0, mostSpots - boxes.length - lines.length)
  const left = [
    ...(kept.length < maps.length
      ? [`${exactCount(kept.length)} of ${counted(maps.length, 'map')}`]
      : []),
    ...(count > mostSpots ? [`${exactCount(mostSpots)} of ${counted(count, 'place')}`] : [])
  ]
  return {
    grids: kept.map(gridOf),
    ...{ boxes, lines, points },
    left:
      left.length === 0
        ? ''
        : `${left.join(' and ')} say their values here: a page has no room for more.`
  }
}

/** What a panel says, its maps before their values are read. */
interface PanelSpots extends Pick<FigureSpots, 'boxes' | 'points' | 'lines'> {
  readonly maps: readonly PlacedMap[]
}

function spotsOf(panel: Panel, left: number, top: number): PanelSpots {
  const none = { maps: [], boxes: [], points: [], lines: [] }
  if (panel.kind === 'chart')
    return {
      ...none,
      points: chartPoints(panel).map(({ x, y, text }) => ({ x: x + left, y: y + top, text }))
    }
  const parts = [
    ...(panel.kind === 'row'
      ? panel.parts.map(part => spotsOf(part.panel, left + part.left, top + part.top))
      : [{ ...none, maps: panel.rasters.flatMap(raster => placedMap(raster, left, top)) }]),
    ...panel.marks.map(mark => ({ ...none, ...markSpots(mark, left, top) }))
  ]
  return {
    maps: parts.flatMap(({ maps }) => maps),
    boxes: parts.flatMap(({ boxes }) => boxes),
    points: parts.flatMap(({ points }) => points),
    lines: parts.flatMap(({ lines }) => lines)
  }
}

/** A mark that is seen and smaller is pointed at from near by, in CSS pixels. */
const small = 8

function markSpots(mark: Mark, left: number, top: number): Partial<PanelSpots> {
  if (mark.kind === 'text') return {}
  if (mark.kind === 'line') return lineSpots(mark, left, top)
  const { kind, width, height, tip } = mark
  if (tip === undefined) return {}
  const [x, y, text] = [mark.x + left, mark.y + top, tipText(tip)]
  if (kind === 'rect' && width < small && height < small)
    return { points: [{ x: rounded(x + width / 2), y: rounded(y + height / 2), text }] }
  const size = { width: rounded(width), height: rounded(height) }
  return { boxes: [{ left: rounded(x), top: rounded(y), ...size, text }] }
}

function lineSpots({ points, tip, tips }: LineMark, left: number, top: number) {
  const places = points.map(([x, y]) => [rounded(x + left), rounded(y + top)] as const)
  return {
    ...(tip !== undefined && { lines: [{ points: places, text: tipText(tip) }] }),
    ...(tips && { points: places.map(([x, y], i) => ({ x, y, text: tipText(tips[i]!) })) })
  }
}

/** Hundredths of a pixel are more than are told apart. */
function rounded(pixels: number): number {
  return Math.round(100 * pixels) / 100
}

function tipText(tip: Tip): string {
  if (typeof tip === 'string') return tip
  const said = tip.map(part => {
    if (typeof part === 'string') return part
    return typeof part === 'number' ? valueText(part) : isolated(tokenText(part))
  })
  return said.join('')
}

/** Whole numbers count something, and have all their digits. */
function valueText(value: number): string {
  if (Number.isNaN(value)) return 'no value'
  return exactText(value, Number.isSafeInteger(value) ? 'float64' : 'float32')
}

/** A map with the rows and columns of it that are seen, before its values are read. */
interface PlacedMap extends Box {
  readonly scene: Raster['scene']
  readonly names: CellNames
  readonly down: Seen
  readonly across: Seen
}

/** The cells along a side that are seen: from the first, so much of which is not. */
interface Seen {
  readonly first: number
  readonly count: number
  readonly hidden: number
}

function placedMap({ scene, names, ...box }: Raster, left: number, top: number): PlacedMap[] {
  if (names === null) return []
  const { view, stage } = scene
  const seen = (from: number, side: 'width' | 'height'): Seen => {
    const first = Math.floor(from)
    const end = Math.ceil(from + visibleCells(view, stage, side) - 1e-6)
    return { first, count: Math.min(stage.size, end) - first, hidden: from - first }
  }
  const place = { left: box.left + left, top: box.top + top, width: box.width, height: box.height }
  return [
    { ...place, scene, names, down: seen(view.row, 'height'), across: seen(view.column, 'width') }
  ]
}

function gridOf({ scene, names, down, across, ...box }: PlacedMap): GridSpots {
  const { values, tokens, visibility, firstHidden, view, stage, mirrored } = scene
  const { size } = stage
  const each = tokens / size
  const isReversed = names.columns.reversed === true
  return {
    ...box,
    of: names.of === undefined ? '' : `${names.of}\n`,
    value: names.value === undefined ? '' : `${names.value}: `,
    ...{ row: down.hidden, column: across.hidden },
    // On a page a map may be larger or smaller than it was drawn, and its cells stretched.
    cell: {
      width: box.width / visibleCells(view, stage, 'width'),
      height: box.height / visibleCells(view, stage, 'height')
    },
    mirrored: mirrored !== isReversed,
    rows: sideOf(names.rows, down, { from: 0, to: tokens, each }),
    columns: sideOf(names.columns, across, { from: 0, to: tokens, each }),
    values: Array.from({ length: down.count }, (_, i) => {
      const row = down.first + i
      const { start, end } = keySpan(visibility, row * each, (row + 1) * each, tokens, firstHidden)
      const own = Array.from({ length: across.count }, (_, j) => {
        const column = across.first + j
        const isSeen = column >= Math.floor(start / each) && column < end / each
        return isSeen ? numberOf(values[row * size + column]!) : null
      })
      return isReversed ? own.toReversed() : own
    }).flat()
  }
}

function sideOf(
  { name, labels = [], unnumbered = false, span }: SideNames,
  { first, count }: Seen,
  whole: NonNullable<SideNames['span']>
): GridSide {
  const { from, to, each } = span ?? whole
  const start = from + first * each
  const own = each === 1 ? labels.slice(start, start + count) : []
  return {
    ...{ name, count, first: start, each, end: to, numbered: !unnumbered },
    labels: own.map(label => ('label' in label ? label.label : tokenText(label)))
  }
}

/** A float32 in as many digits as it has; JSON knows no others than finite numbers. */
function numberOf(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : null
}

type Datum = number | readonly number[] | { readonly name?: string; readonly value: unknown }
interface Series {
  readonly name?: string
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
  const isLying = yAxis?.type === 'category'
  return withChart(option, drawnSize(panel), chart =>
    all.flatMap(({ name: of, data = [], symbolOffset = [0] }, seriesIndex) =>
      data.flatMap((datum, index) => {
        const value = pairOf(datum, index, isLying)
        // There is nothing to be seen where there is no number.
        if (!value.every(Number.isFinite)) return []
        const [x, y] = chart.convertToPixel({ seriesIndex }, value) as [number, number]
        const name = typeof datum === 'object' && 'name' in datum ? [datum.name ?? ''] : []
        const said = [wordsOf(xAxis, value[0]), wordsOf(yAxis, value[1])]
        const words = [
          ...(of === undefined ? [] : [of]),
          ...[...name, ...(isLying ? said.toReversed() : said)]
        ]
        const place = { x: scale * (x + symbolOffset[0]!), y: scale * y }
        return [{ ...place, text: words.join('\n') }]
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
  const number = valueText(value)
  return axis?.name ? `${axis.name}: ${number}` : number
}
