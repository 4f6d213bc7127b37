import { isolated } from '#common/figure/token-text.ts'
import { numberText } from '#common/figure/number-text.ts'
import { shownLabels } from './labels.ts'
import type { Palette } from './map-palette.ts'
import type { AxisLabel } from './labels.ts'
import { visibleCells } from './viewport.ts'
import type { Stage, Viewport } from './viewport.ts'

export interface Overlay {
  readonly view: Viewport
  readonly stage: Stage
  /** Where the map begins, in CSS pixels. */
  readonly left: number
  readonly top: number
  readonly labels: readonly AxisLabel[]
  readonly palette: Palette
  /** Keys run from right to left. */
  readonly mirrored: boolean
  readonly cursor: { query: number; key: number } | null
  readonly hover: { query: number | null; key: number | null } | null
  /** [query, key], to write into cells that have room. */
  readonly values: Float32Array
  readonly causal: boolean
  /** Whether light text reads on the colour of a value. */
  readonly lightOn: (value: number) => boolean
}

export const labelSize = 11
const gap = 6
/** Seen on the dark and the light end of every colour map, with a dark edge around it. */
const cursorColor = '#58dcf2'
/** Room for the name of the axis. */
export const titleSize = 18
const smallestCellWithOwnLabel = 8

/** Draws axes, cursor and read-out marks over a map; the work is bounded by what is on screen. */
export function paintOverlay(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { stage } = overlay
  context.setTransform(stage.ratio, 0, 0, stage.ratio, 0, 0)
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  paintBands(context, overlay)
  paintNumbers(context, overlay)
  paintRowLabels(context, overlay)
  paintColumnLabels(context, overlay)
  paintFrame(context, overlay)
}

/** Left edge of a column, in CSS pixels from the map's own left edge. */
export function columnLeft({ view, stage, mirrored }: Placing, column: number): number {
  const x = (column - view.column) * view.cell
  return mirrored ? mapWidth({ view, stage }) - x - view.cell : x
}

/** Width of the map on screen, in CSS pixels. */
export function mapWidth({ view, stage }: Omit<Placing, 'mirrored'>): number {
  return visibleCells(view, stage, 'width') * view.cell
}

/** Height of the map on screen, in CSS pixels. */
export function mapHeight({ view, stage }: Omit<Placing, 'mirrored'>): number {
  return visibleCells(view, stage, 'height') * view.cell
}

/** Size of the labels' letters, in CSS pixels: rows of characters stay readable a little below full size. */
export function fontSize(cell: number): number {
  return cell >= smallestCellWithOwnLabel ? Math.min(labelSize, cell) : labelSize
}

/** Whether key labels have to stand upright to fit. */
export function labelsStand(cell: number, width: number): boolean {
  return width > cell
}

interface Placing {
  readonly view: Viewport
  readonly stage: Stage
  readonly mirrored: boolean
}

function paintBands(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { view, left, top, palette, cursor, hover } = overlay
  const width = mapWidth(overlay)
  const height = mapHeight(overlay)
  const size = Math.max(1, view.cell)
  context.save()
  context.beginPath()
  context.rect(0, 0, left + width + 1, top + height + 1)
  context.clip()
  context.fillStyle = palette.band
  if (hover?.query != null) {
    const y = top + (hover.query - view.row) * view.cell
    if (y > top - size) context.fillRect(0, Math.max(top, y), left - gap / 2, size)
  }
  if (hover?.key != null) {
    const x = left + columnLeft(overlay, hover.key)
    if (x > left - size) context.fillRect(Math.max(left, x), 0, size, top - gap / 2)
  }
  context.beginPath()
  context.rect(left - 1, top - 1, width + 2, height + 2)
  context.clip()
  if (cursor) outline(context, overlay, cursor.query, cursor.key, cursorColor, 2)
  if (hover) {
    // Lines along the edges: a tint would change the colours that are to be read.
    const away = view.cell < 6 ? 2 : 0
    context.strokeStyle = cursorColor
    context.lineWidth = 1
    context.globalAlpha = 0.6
    if (hover.query != null) {
      const y = top + (hover.query - view.row) * view.cell
      context.strokeRect(
        left - 2,
        Math.round(y - away) + 0.5,
        width + 4,
        Math.round(size + 2 * away) - 1
      )
    }
    if (hover.key != null) {
      const x = left + columnLeft(overlay, hover.key)
      context.strokeRect(
        Math.round(x - away) + 0.5,
        top - 2,
        Math.round(size + 2 * away) - 1,
        height + 4
      )
    }
    context.globalAlpha = 1
    if (hover.query != null && hover.key != null)
      outline(context, overlay, hover.query, hover.key, '#fff', 1)
  }
  context.restore()
}

function outline(
  context: CanvasRenderingContext2D,
  overlay: Overlay,
  row: number,
  column: number,
  color: string,
  width: number
): void {
  const { view, left, top } = overlay
  // A cell of a pixel or two gets a ring around it instead of disappearing under its own outline.
  const margin = view.cell < 8 ? 4 : 0
  const x = left + columnLeft(overlay, column) - margin
  const y = top + (row - view.row) * view.cell - margin
  const size = view.cell + 2 * margin
  context.lineWidth = width + 2
  context.strokeStyle = 'rgb(0 0 0 / 0.55)'
  context.strokeRect(x, y, size, size)
  context.lineWidth = width
  context.strokeStyle = color
  context.strokeRect(x, y, size, size)
}

function paintNumbers(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { view, stage, left, top, palette, values, causal, lightOn } = overlay
  if (view.cell < 46) return
  context.font = `500 10px ${palette.font}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const lastRow = Math.min(stage.size - 1, Math.floor(view.row + mapHeight(overlay) / view.cell))
  const lastColumn = Math.min(
    stage.size - 1,
    Math.floor(view.column + mapWidth(overlay) / view.cell)
  )
  context.save()
  context.beginPath()
  context.rect(left, top, mapWidth(overlay), mapHeight(overlay))
  context.clip()
  for (let row = Math.floor(view.row); row <= lastRow; row++)
    for (let column = Math.floor(view.column); column <= lastColumn; column++) {
      if (causal && column > row) break
      const value = values[row * stage.size + column]!
      context.fillStyle = lightOn(value) ? 'rgb(255 255 255 / 0.85)' : 'rgb(0 0 0 / 0.8)'
      context.fillText(
        numberText(value),
        left + columnLeft(overlay, column) + view.cell / 2,
        top + (row - view.row + 0.5) * view.cell
      )
    }
  context.restore()
}

function paintRowLabels(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { view, left, top, hover, cursor } = overlay
  const height = mapHeight(overlay)
  const shown = shownLabels(
    overlay.labels,
    Math.floor(view.row),
    Math.floor(view.row + height / view.cell),
    view.cell,
    rowSpacing(view.cell)
  )
  const paint = (cell: number, label: AxisLabel, marked: boolean) => {
    const y = top + (cell - view.row + 0.5) * view.cell
    if (y < top || y > top + height) return
    style(context, overlay, label, marked)
    context.textAlign = 'right'
    context.textBaseline = 'middle'
    context.fillText(isolated(label.text), left - gap, y)
  }
  const own = marked(overlay, cursor?.query, hover?.query)
  for (const { cell, label } of shown)
    if (!crowded(cell, own, view.cell, labelSize)) paint(cell, label, false)
  for (const cell of own) paint(cell, ownLabel(overlay, cell, shown), true)
}

function paintColumnLabels(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { view, left, top, labels, palette, hover, cursor } = overlay
  const width = mapWidth(overlay)
  context.font = `${fontSize(view.cell)}px ${palette.font}`
  const first = Math.floor(view.column)
  const last = Math.floor(view.column + width / view.cell)
  const widest = labels
    .slice(Math.max(0, first), last + 1)
    .reduce((max, { text }) => Math.max(max, context.measureText(text).width), 0)
  const upright = labelsStand(view.cell, widest)
  const spacing = upright ? rowSpacing(view.cell) : widest
  const shown = shownLabels(labels, first, last, view.cell, spacing)
  const paint = (cell: number, label: AxisLabel, marked: boolean) => {
    const x = left + columnLeft(overlay, cell) + view.cell / 2
    if (x < left || x > left + width) return
    style(context, overlay, label, marked)
    context.save()
    context.translate(x, top - gap)
    if (upright) context.rotate(-Math.PI / 2)
    context.textAlign = upright ? 'left' : 'center'
    context.textBaseline = upright ? 'middle' : 'alphabetic'
    context.fillText(isolated(label.text), 0, 0)
    context.restore()
  }
  const own = marked(overlay, cursor?.key, hover?.key)
  for (const { cell, label } of shown)
    if (!crowded(cell, own, view.cell, upright ? labelSize : widest)) paint(cell, label, false)
  for (const cell of own) paint(cell, ownLabel(overlay, cell, shown), true)
}

/** Cells whose labels show even where others are thinned out, the one under the pointer on top. */
function marked(
  { labels }: Overlay,
  selected: number | undefined,
  hovered: number | null | undefined
): number[] {
  return [selected, hovered].filter(
    (cell): cell is number => cell != null && cell >= 0 && cell < labels.length
  )
}

function ownLabel(
  { labels }: Overlay,
  cell: number,
  shown: readonly { cell: number; label: AxisLabel }[]
): AxisLabel {
  const found = shown.find(other => other.cell === cell)
  if (found) return found.label
  const thinned = shown.length < 2 || shown[1]!.cell - shown[0]!.cell > 1
  const label = labels[cell]!
  return thinned ? { ...label, text: `${cell} ${isolated(label.text)}` } : label
}

/** Whether a label would touch one that has to show. */
function crowded(cell: number, own: readonly number[], cellSize: number, room: number): boolean {
  return own.some(other => other === cell || Math.abs(other - cell) * cellSize < room)
}

function style(
  context: CanvasRenderingContext2D,
  { palette, view }: Overlay,
  label: AxisLabel,
  marked: boolean
): void {
  context.font = `${marked ? '700 ' : ''}${fontSize(view.cell)}px ${palette.font}`
  context.fillStyle = marked ? palette.accent : label.faint ? palette.faint : palette.text
}

function paintFrame(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { left, top, palette } = overlay
  context.lineWidth = 1
  context.strokeStyle = palette.line
  context.strokeRect(left - 0.5, top - 0.5, mapWidth(overlay) + 1, mapHeight(overlay) + 1)
}

function rowSpacing(cell: number): number {
  return cell >= smallestCellWithOwnLabel ? Math.min(cell, labelSize) : labelSize + 3
}
