import { z } from 'zod'
import { colorBar } from './color-bar.ts'
import { colorTable } from './color-table.ts'
import type { MapFigureKind, MapPanel, Size } from './figure-kind.ts'
import { groupColor, groupSpans, leafMarks, leafRoom, Leaves } from './leaf-axis.ts'
import type { Look } from './look.ts'
import type { Mark } from './mark.ts'
import { barRoom } from './map-layout.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { clamped, fitted, mapHeight, mapWidth, type Stage, type Viewport } from './viewport.ts'

/** How far apart things are, in the order of a tree's leaves. */
export const DistanceMatrixData = z.object({
  title: z.string().nullable(),
  /** What the distances are, with their unit. */
  name: z.string(),
  leaves: Leaves,
  /** [leaf, other leaf] */
  distances: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32'),
  /** The part that is shown; null for all of it. */
  view: z.object({ cell: z.number(), row: z.number(), column: z.number() }).nullable()
})
export type DistanceMatrixData = z.output<typeof DistanceMatrixData>

const margin = 8

/** Where the cells stand, in CSS pixels. */
export interface MatrixLayout {
  readonly left: number
  readonly top: number
  readonly stage: Stage
  readonly view: Viewport
}

export function matrixLayout(
  { title, leaves, view }: Pick<DistanceMatrixData, 'title' | 'leaves' | 'view'>,
  look: Pick<Look, 'size'>,
  size: Size
): MatrixLayout {
  const left = leafRoom(leaves, look)
  // Numbers of groups stand at the left alone.
  const top = left - 14 + (title === null ? 0 : titleRoom)
  const stage = {
    size: leaves.length,
    width: Math.max(40, size.width - left - barRoom),
    height: Math.max(40, size.height - top - margin),
    ratio: size.ratio
  }
  return { left, top, stage, view: view === null ? fitted(stage) : clamped(view, stage) }
}

/** A cell for each two, near ones in the paper's colour: groups are squares along the diagonal. */
export const distanceMatrix: MapFigureKind<DistanceMatrixData> = {
  name: 'distance-matrix',
  data: DistanceMatrixData,
  resizes: 'shape',

  natural({ title, leaves }, look) {
    const side = Math.max(220, Math.min(640, 16 * leaves.length))
    const { left, top } = matrixLayout({ title, leaves, view: null }, look, {
      width: 0,
      height: 0,
      ratio: 1
    })
    return { width: left + side + barRoom, height: top + side + margin, ratio: 1 }
  },

  panel(data, look, size): MapPanel {
    const layout = matrixLayout(data, look, size)
    const { left, top, stage, view } = layout
    const [width, height] = [mapWidth({ view, stage }), mapHeight({ view, stage })]
    const along = (first: number, edge: number, from: number, room: number) => ({
      ...{ start: from - first * view.cell, step: view.cell, from, to: from + room, edge }
    })
    return {
      kind: 'map',
      ...size,
      paper: look.paper,
      rasters: [
        {
          ...{ left, top, width, height, empty: look.empty },
          names: { rows: 'head', columns: 'head', along: data.leaves },
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
            table: colorTable(look.colorMap, look.paper),
            scale: look.scale,
            range: look.range
          }
        }
      ],
      marks: [
        ...titleMarks(data.title, look, { x: margin, y: 14, room: size.width - 2 * margin }),
        ...leafMarks(data.leaves, look, along(view.row, left, top, height), 'left'),
        ...leafMarks(data.leaves, look, along(view.column, top, left, width), 'top'),
        ...groupFrames(data, look, layout, { width, height }),
        {
          kind: 'rect',
          ...{ x: left - 0.5, y: top - 0.5, width: width + 1, height: height + 1 },
          ...{ fill: null, line: look.line }
        },
        ...colorBar(look, look.colorMap, data.name, {
          x: left + width + 14,
          y: top,
          // Below it stands where its range comes from.
          height: Math.min(220, Math.max(40, height - 18))
        })
      ]
    }
  }
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
