import { z } from 'zod'
import { barMarks, lyingBarWidth, roomBelow, withWholeBar } from './bar-below.ts'
import { barGap, barHeight, barRoom, colorsShown, rangeRoom, type BarPlace } from './color-bar.ts'
import { colorTable } from './color-table.ts'
import type { MapFigureKind, MapPanel, Size } from './figure-kind.ts'
import { groupColor, groupSpans, leafLabels, leafMarks, leafRoom, Leaves } from './leaf-axis.ts'
import type { Look } from './look.ts'
import { textMark, type Mark } from './mark.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { clamped, fitted, mapHeight, mapWidth, type Stage, type Viewport } from './viewport.ts'

/** A number of each two things: how far apart they are, in the order of a tree's leaves, or what one has to do with another. */
export const DistanceMatrixData = z
  .object({
    title: z.string().nullable(),
    /** What the numbers are, with their unit. */
    name: z.string(),
    leaves: Leaves,
    /** Numbers that may be below zero have colours that part there. */
    signed: z.boolean().exactOptional(),
    /** What rows and columns are, where that is not the same: groups are then runs along the sides, which lines part. */
    sides: z.object({ rows: z.string(), columns: z.string() }).exactOptional(),
    /** [leaf, other leaf] */
    distances: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32'),
    /** The part that is shown; null for all of it. */
    view: z.object({ cell: z.number(), row: z.number(), column: z.number() }).nullable()
  })
  .refine(
    ({ leaves, distances }) => distances.length === leaves.length ** 2,
    'expected a number of each two'
  )
export type DistanceMatrixData = z.output<typeof DistanceMatrixData>

const margin = 8
/** More than any page has, in CSS pixels. */
const tallest = 20_000
/** The least that is left for cells beside a bar, in CSS pixels. */
const leastSide = 110
/** Of the name of a side, in CSS pixels. */
const sideRoom = 16

/** Where the cells stand, in CSS pixels. */
export interface MatrixLayout {
  readonly left: number
  readonly top: number
  readonly stage: Stage
  readonly view: Viewport
  /** Whether a bar stands beside them. */
  readonly hasBar: boolean
}

export function matrixLayout(
  { title, leaves, sides, view }: Pick<DistanceMatrixData, 'title' | 'leaves' | 'sides' | 'view'>,
  look: Pick<Look, 'size' | 'bar' | 'still'>,
  size: Size
): MatrixLayout {
  const left = leafRoom(leaves, look)
  // Numbers of groups stand at the left alone; names of sides at both.
  const top = left - (sides ? 0 : 14) + (title === null ? 0 : titleRoom)
  const room = size.width - left
  const isNarrow = look.still === true && room - barRoom(look) < leastSide
  const hasBar = look.bar === undefined && !isNarrow
  const stage = {
    size: leaves.length,
    width: Math.max(40, room - (hasBar ? barRoom(look) : margin)),
    height: Math.max(40, size.height - top - margin),
    ratio: size.ratio
  }
  return { left, top, hasBar, stage, view: view === null ? fitted(stage) : clamped(view, stage) }
}

/** A cell for each two, low numbers in the paper's colour: groups are squares along the diagonal. */
export const distanceMatrix: MapFigureKind<DistanceMatrixData> = {
  name: 'distance-matrix',
  data: DistanceMatrixData,
  shows: ({ name }, look) => colorsShown(name, look),
  resizes: 'shape',

  natural(data, look) {
    const { leaves } = data
    const side = Math.max(220, Math.min(640, 16 * leaves.length))
    const { left, top } = matrixLayout({ ...data, view: null }, look, {
      width: 0,
      height: 0,
      ratio: 1
    })
    const beside = look.bar === undefined ? barRoom(look) : margin
    return { width: left + side + beside, height: top + side + margin, ratio: 1 }
  },

  least(data, look) {
    const { left, top } = matrixLayout(data, look, { width: 0, height: 0, ratio: 1 })
    const own = left + leastSide + (look.still === true ? margin : barRoom(look))
    const lying = look.still === true ? lyingBarWidth(look) + 2 * margin : 0
    return { width: Math.ceil(Math.max(own, lying)), height: top + leastSide + margin }
  },

  // Labels and the bar stay as large as they are in any width: what is left of it is the cells'.
  high(data, look, width) {
    if (data.view !== null) return null
    const size = { width, height: tallest, ratio: 1 }
    const layout = withWholeBar(look, data.name, look => placedMatrix(data, look, size))
    return Math.ceil(layout.top + mapHeight(layout) + margin + layout.below)
  },

  panel(data, look, size): MapPanel {
    const layout = withWholeBar(look, data.name, look => placedMatrix(data, look, size))
    const { left, top, stage, view, bar } = layout
    const { sides } = data
    const coloring = data.signed ? 'difference' : look.colorMap
    const leaves = sides ? leafLabels : leafMarks
    const [width, height] = [mapWidth({ view, stage }), mapHeight({ view, stage })]
    const end = top + height + margin
    const below = { left, width: size.width, top: end }
    const along = (first: number, edge: number, from: number, room: number) => ({
      ...{ start: from - first * view.cell, step: view.cell, from, to: from + room, edge }
    })
    return {
      kind: 'map',
      ...size,
      height: Math.max(size.height, end + layout.below),
      paper: look.paper,
      rasters: [
        {
          ...{ left, top, width, height, empty: look.empty },
          names: {
            value: data.name,
            rows: { name: sides?.rows ?? 'head', labels: data.leaves, unnumbered: true },
            columns: { name: sides?.columns ?? 'head', labels: data.leaves, unnumbered: true }
          },
          scene: {
            values: data.distances,
            tokens: stage.size,
            visibility: null,
            firstHidden: false,
            pooling: look.pooling,
            ...{ view, stage },
            mirrored: false
          },
          colors: {
            table: colorTable(coloring, look.paper),
            scale: look.scale,
            range: look.range
          }
        }
      ],
      marks: [
        ...titleMarks(data.title, look, { x: margin, y: 14, room: size.width - 2 * margin }),
        ...leaves(data.leaves, look, along(view.row, left, top, height), 'left'),
        ...leaves(data.leaves, look, along(view.column, top, left, width), 'top'),
        ...(sides
          ? [...sideNames(sides, look, layout), ...runLines(data, look, layout, { width, height })]
          : groupFrames(data, look, layout, { width, height })),
        {
          kind: 'rect',
          ...{ x: left - 0.5, y: top - 0.5, width: width + 1, height: height + 1 },
          ...{ fill: null, line: look.line }
        },
        ...barMarks(look, bar, coloring, data.name, below)
      ]
    }
  }
}

/** With its bar beside it, or what one takes below. */
function placedMatrix(data: DistanceMatrixData, look: Look, size: Size) {
  const { left, hasBar } = matrixLayout(data, look, size)
  const below = roomBelow(look, hasBar, data.name, { left, width: size.width })
  const layout = matrixLayout(data, look, { ...size, height: size.height - below })
  const { top } = layout
  const foot = look.still === true ? top + mapHeight(layout) : size.height
  const note = rangeRoom(look)
  const wanted = Math.min(220, Math.max(40, mapHeight(layout) - note))
  const bar: BarPlace = {
    ...{ x: left + mapWidth(layout) + barGap, y: top },
    height: barHeight(look, data.name, wanted, foot - top - note)
  }
  return { ...layout, below, bar: hasBar ? bar : null }
}

/** What rows are, upright at the left, and columns, above their labels. */
function sideNames(
  { rows, columns }: NonNullable<DistanceMatrixData['sides']>,
  look: Look,
  { left, top, stage }: MatrixLayout
): Mark[] {
  const words = { font: look.sans, size: look.size, color: look.faint }
  return [
    textMark({
      ...words,
      ...{ text: `← ${rows}`, x: margin + 4, y: top, align: 'right', upright: true },
      room: stage.height
    }),
    textMark({
      ...words,
      text: `${columns} →`,
      x: left,
      y: top - left + sideRoom / 2,
      room: stage.width
    })
  ]
}

/** Lines between the runs along both sides. */
function runLines(
  { leaves }: DistanceMatrixData,
  look: Look,
  { left, top, view }: MatrixLayout,
  { width, height }: Pick<Size, 'width' | 'height'>
): Mark[] {
  const line = (points: readonly (readonly [number, number])[]): Mark => ({
    ...{ kind: 'line', points, color: look.line, width: 1, opacity: 1 }
  })
  return groupSpans(leaves)
    .slice(1)
    .flatMap(({ first }): Mark[] => {
      const x = left + (first - view.column) * view.cell
      const y = top + (first - view.row) * view.cell
      return [
        ...(x > left && x < left + width ? [line([[x, top], [x, top + height]])] : []), // prettier-ignore
        ...(y > top && y < top + height ? [line([[left, y], [left + width, y]])] : []) // prettier-ignore
      ]
    })
}

/** A frame in its colour around each group. */
function groupFrames(
  { leaves }: DistanceMatrixData,
  look: Look,
  { left, top, view }: MatrixLayout,
  { width, height }: Pick<Size, 'width' | 'height'>
): Mark[] {
  return groupSpans(leaves).flatMap(({ group, first, count }): Mark[] => {
    const [from, to] = [first * view.cell, (first + count) * view.cell]
    const inside = (at: number, room: number) => Math.max(0, Math.min(room, at))
    const [x1, x2] = [from, to].map(at => left + inside(at - view.column * view.cell, width))
    const [y1, y2] = [from, to].map(at => top + inside(at - view.row * view.cell, height))
    if (x2! - x1! < 3 || y2! - y1! < 3) return []
    const [l, r, t, b] = [x1! + 0.75, x2! - 0.75, y1! + 0.75, y2! - 0.75]
    return [
      {
        kind: 'line',
        points: [
          [l, t],
          [r, t],
          [r, b],
          [l, b],
          [l, t]
        ],
        color: groupColor(group, look),
        width: 1.5,
        opacity: 1
      }
    ]
  })
}
