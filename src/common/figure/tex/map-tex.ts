import { areaExtreme } from '../area-extreme.ts'
import { areaMean } from '../area-mean.ts'
import type { MapPanel, Raster } from '../figure-kind.ts'
import { keySpan } from '../heat-map-pixels.ts'
import {
  pillInset,
  pillShape,
  type LineMark,
  type Mark,
  type RectMark,
  type TextMark
} from '../mark.ts'
import { cutToRoom, textWidth } from '../text-width.ts'
import { positionInRange } from '../value-scale.ts'
import { visibleCells } from '../viewport.ts'
import { colormapTex, empty, stops } from './colormap-tex.ts'
import { isPlottable, plotTex } from './plot-tex.ts'
import {
  at,
  bp,
  cellTex,
  corner,
  short,
  texColor,
  texFont,
  texWords,
  type TexPlace
} from './tex-paint.ts'

/** Cells of all maps of a figure, and along a side of one: of more several become one. */
const most = { cells: 20_000, side: 100 }
/** How far areas lie over those beside them, in CSS pixels: else the paper is seen between them. */
const overlap = 0.2
/** Of 70 × 70 cells a plot takes 1.1 of the 5 million words of memory that pdfTeX has, of 100 × 100 all of them. */
const mostPlotted = 5000

/** A map as TikZ and PGFPlots draw it: pixels as a matrix plot, values between axes as plots, all else as nodes and paths. */
export function mapTex({ rasters, marks, plots = [] }: MapPanel, place: TexPlace): string[] {
  const isPlotted = plots.length > 0 && isPlottable(plots)
  // Plots stand where the first of their marks does: over what is drawn before it.
  const first = isPlotted ? marks.findIndex(({ plotted }) => plotted) : -1
  const [under, over] = first < 0 ? [[], marks] : [marks.slice(0, first), marks.slice(first)]
  return [
    ...rasters.flatMap(raster => rasterTex(raster, place)),
    ...marksTex(under, place),
    ...(isPlotted ? plots.flatMap(plot => plotTex(plot, place)) : []),
    ...marksTex(isPlotted ? over.filter(({ plotted }) => !plotted) : over, place)
  ]
}

/** Marks as nodes and paths. */
export function marksTex(marks: readonly Mark[], place: TexPlace): string[] {
  return marks.flatMap(mark => markTex(mark, place))
}

function rasterTex(raster: Raster, place: TexPlace): string[] {
  const { scene, colors } = raster
  const { view, stage } = scene
  const rows = visibleCells(view, stage, 'height')
  const columns = visibleCells(view, stage, 'width')
  const side = Math.min(most.side, Math.floor(Math.sqrt(most.cells / place.maps)))
  const down = Math.min(side, Math.ceil(rows))
  const across = Math.min(side, Math.ceil(columns))
  const isPooled = down < Math.ceil(rows) || across < Math.ceil(columns)
  const values = cellsOf(raster, { rows, columns, down, across })
  const shares = values.map(value =>
    Number.isNaN(value) ? null : positionInRange(colors.scale, colors.range, value)
  )
  const { low, high } = colors.range
  const pooled = scene.pooling === 'mean' ? 'mean' : 'highest'
  const isPlotted = down * across * place.maps <= mostPlotted
  return [
    `% Values from ${low} to ${high} on the scale ${colors.scale}, ${isPlotted ? `as positions from 0 to 1; ${short(empty)} holds no value.` : `by their colours: a plot of ${down} × ${across} cells takes more memory than pdfTeX has.`}`,
    ...(isPooled
      ? [
          `% ${Math.ceil(rows)} × ${Math.ceil(columns)} cells as ${down} × ${across}: each is the ${pooled} of those that it stands for.`
        ]
      : []),
    ...(isPlotted
      ? matrixTex(raster, shares, { rows, columns, down, across }, place)
      : cellsTex(raster, shares, { rows, columns, down, across }, place))
  ]
}

interface Cells {
  /** What is seen of the map, and as how many cells it is drawn. */
  readonly rows: number
  readonly columns: number
  readonly down: number
  readonly across: number
}

/** Cells as a plot of their values. @param shares from 0 to 1, null where there is no value */
function matrixTex(
  raster: Raster,
  shares: readonly (number | null)[],
  { rows, columns, down, across }: Cells,
  place: TexPlace
): string[] {
  const { view } = raster.scene
  const [y, x] = [rows / down, columns / across]
  const points = shares.map((share, i) => {
    const [row, column] = [Math.floor(i / across), i % across]
    return `${short(view.column + (column + 0.5) * x)} ${short(view.row + (row + 0.5) * y)} ${short(share ?? empty)}`
  })
  return [
    axisBegin(raster, { rows, columns }, place),
    `\\addplot[matrix plot*,mesh/cols=${across},point meta=explicit] table[meta index=2] {`,
    ...points,
    '};',
    '\\end{axis}'
  ]
}

/** The axis of a map, in its cells. */
function axisBegin(
  { left, top, width, height, scene, colors, empty: ground }: Raster,
  { rows, columns }: Pick<Cells, 'rows' | 'columns'>,
  place: TexPlace
): string {
  const { view, mirrored } = scene
  return [
    `\\begin{axis}[at={${corner(left, top, place)}},anchor=north west,scale only axis,width=${bp(width, place)},height=${bp(height, place)},`,
    `  xmin=${short(view.column)},xmax=${short(view.column + columns)},ymin=${short(view.row)},ymax=${short(view.row + rows)},`,
    `  y dir=reverse,${mirrored ? 'x dir=reverse,' : ''}ticks=none,axis line style={draw=none},enlargelimits=false,clip=true,`,
    `  ${colormapTex(colors.table, ground)}]`
  ].join('\n')
}

/**
 * Cells as areas, those of one colour in one path: beside each other in a row they are one. Over them is an axis that has
 * room for plots, and their values stand in comments, which take no memory.
 */
function cellsTex(
  raster: Raster,
  shares: readonly (number | null)[],
  { rows, columns, down, across }: Cells,
  place: TexPlace
): string[] {
  const { left, top, width, height, scene, colors, empty: ground } = raster
  const steps = shares.map(share => (share === null ? null : Math.round(share * stops)))
  const [high, wide] = [height / down, width / across]
  const areas = new Map<number, string[]>()
  for (let row = 0; row < down; row++)
    for (let column = 0; column < across;) {
      const step = steps[row * across + column]!
      let ends = column + 1
      while (ends < across && steps[row * across + ends] === step) ends++
      if (step !== null) {
        const x = left + wide * (scene.mirrored ? across - ends : column)
        if (!areas.has(step)) areas.set(step, [])
        areas
          .get(step)!
          .push(
            cellTex(x, top + row * high, (ends - column) * wide + overlap, high + overlap, place)
          )
      }
      column = ends
    }
  const { table } = colors
  return [
    `\\fill[color=${texColor(ground)}] ${at(left, top, place)} rectangle ${at(left + width, top + height, place)};`,
    ...[...areas].flatMap(([step, cells]) => {
      const from = 3 * Math.round((255 * step) / stops)
      const color = texColor(`rgb(${table[from]}, ${table[from + 1]}, ${table[from + 2]})`)
      return [
        '\\begin{scope}',
        `\\pgfsetfillcolor${color}`,
        ...cells,
        '\\pgfusepath{fill}\\end{scope}'
      ]
    }),
    '% Positions from 0 to 1, row by row; - holds no value:',
    ...Array.from({ length: down }, (_, row) => {
      const own = shares.slice(row * across, (row + 1) * across)
      return `% ${own.map(share => (share === null ? '-' : short(share))).join(' ')}`
    }),
    '% An axis over them, in cells, for ticks and plots:',
    axisBegin(raster, { rows, columns }, place),
    '\\end{axis}'
  ]
}

/** The values of the cells that are seen, or of those that stand for several; NaN where there is none. */
function cellsOf(
  { scene }: Raster,
  { rows, columns, down, across }: Readonly<Record<'rows' | 'columns' | 'down' | 'across', number>>
): number[] {
  const { values, stage, view, visibility, tokens, firstHidden, pooling } = scene
  const window = { row: view.row, column: view.column, rows, columns }
  const pooled = pooling === 'mean' ? areaMean : areaExtreme
  const cells = pooled(values, stage.size, window, down, across)
  const each = tokens / stage.size
  return Array.from(cells, (value, i) => {
    const row = view.row + (Math.floor(i / across) * rows) / down
    const column = (view.column + ((i % across) * columns) / across) * each
    const { start, end } = keySpan(
      visibility,
      row * each,
      (row + rows / down) * each,
      tokens,
      firstHidden
    )
    const ends = column + (columns / across) * each
    return ends > start && column < end ? value : NaN
  })
}

function markTex(mark: Mark, place: TexPlace): string[] {
  if (mark.kind === 'spot') return []
  if (mark.kind === 'text') return textTex(mark, place)
  return mark.kind === 'rect' ? rectTex(mark, place) : [lineTex(mark, place)]
}

function textTex(mark: TextMark, place: TexPlace): string[] {
  const { text, x, y, align, upright, color, pill } = mark
  if (text === '') return []
  const words = mark.room === null ? text : cutToRoom(text, mark.room, own => textWidth(own, mark))
  const anchor = { left: 'west', center: 'center', right: 'east' }[align]
  const turn = upright ? ',rotate=90' : ''
  const shape = pillShape(mark)
  const capsule =
    shape === null || upright
      ? []
      : [
          `\\fill[color=${texColor(pill!)},rounded corners=${bp(shape.height / 2, place)}] ${at(x + shape.x, y + shape.y, place)} rectangle ${at(x + shape.x + shape.width, y + shape.y + shape.height, place)};`
        ]
  const inset = upright ? 0 : pillInset(mark)
  return [
    ...capsule,
    `\\node[lamella text,anchor=${anchor}${turn},text=${texColor(color)},font=${texFont(mark, place)}] at ${at(x + inset, y, place)} {${texWords(words)}};`
  ]
}

function rectTex({ x, y, width, height, fill, line }: RectMark, place: TexPlace): string[] {
  const box = `${at(x, y, place)} rectangle ${at(x + width, y + height, place)}`
  const stroke =
    line === null ? [] : [`\\draw[color=${texColor(line)},line width=${bp(1, place)}] ${box};`]
  if (fill === null) return stroke
  if (typeof fill === 'string') return [`\\fill[color=${texColor(fill)}] ${box};`, ...stroke]
  // From the bottom to the top.
  const steps = fill.slice(1).map((color, i) => {
    const [from, to] = [
      y + height * (1 - i / (fill.length - 1)),
      y + height * (1 - (i + 1) / (fill.length - 1))
    ]
    return `\\shade[bottom color=${texColor(fill[i]!)},top color=${texColor(color)}] ${at(x, from, place)} rectangle ${at(x + width, to, place)};`
  })
  return [...steps, ...stroke]
}

function lineTex({ points, color, width, opacity }: LineMark, place: TexPlace): string {
  const path = points.map(([x, y]) => at(x, y, place)).join(' -- ')
  return `\\draw[color=${texColor(color)},line width=${bp(width, place)},opacity=${short(opacity)}] ${path};`
}
