import { isolated } from '#common/text/token-text.ts'
import { shownLabels } from '#common/figure/token-labels.ts'
import type { AxisLabel } from '#common/figure/token-labels.ts'
import { columnLeft, mapHeight, mapWidth } from './map-scene.ts'
import type { Overlay } from './map-scene.ts'

export const labelSize = 11
/** Room for the name of the axis. */
export const titleSize = 18
/** Room between an axis and its labels. */
export const labelGap = 6
const smallestCellWithOwnLabel = 8
const smallestCellWithPill = 14
const pillHeight = 15
const pillPadding = 5
/** From the foot of the letters to their middle. */
const middleOfLetters = 3

/** Draws the labels of both axes; the work is bounded by what is on screen. */
export function paintAxes(context: CanvasRenderingContext2D, overlay: Overlay): void {
  // Signs such as <| would run together into an arrow.
  context.textRendering = 'optimizeSpeed'
  paintRowLabels(context, overlay)
  paintColumnLabels(context, overlay)
}

/** Size of the labels' letters, in CSS pixels: rows of characters stay readable a little below full size. */
export function fontSize(cell: number): number {
  return cell >= smallestCellWithOwnLabel ? Math.min(labelSize, cell) : labelSize
}

/** How wide a label comes out in the context's font. */
export function labelWidth(context: CanvasRenderingContext2D, label: AxisLabel): number {
  return context.measureText(label.text).width + (label.special ? 2 * pillPadding : 0)
}

/** Whether key labels have to stand upright to fit. */
export function labelsStand(cell: number, width: number): boolean {
  return width > cell
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
    context.save()
    context.translate(left - labelGap, y)
    paintLabel(context, overlay, label, marked, 'right')
    context.restore()
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
    .reduce((max, label) => Math.max(max, labelWidth(context, label)), 0)
  const upright = labelsStand(view.cell, widest)
  const spacing = upright ? rowSpacing(view.cell) : widest
  const shown = shownLabels(labels, first, last, view.cell, spacing)
  const paint = (cell: number, label: AxisLabel, marked: boolean) => {
    const x = left + columnLeft(overlay, cell) + view.cell / 2
    if (x < left || x > left + width) return
    context.save()
    context.translate(x, upright ? top - labelGap : top - labelGap - middleOfLetters)
    if (upright) context.rotate(-Math.PI / 2)
    paintLabel(context, overlay, label, marked, upright ? 'left' : 'center')
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

/** Draws a label at the origin, its letters' middle on the line; that of a special token as a pill. */
function paintLabel(
  context: CanvasRenderingContext2D,
  { palette, view }: Overlay,
  label: AxisLabel,
  marked: boolean,
  align: 'left' | 'right' | 'center'
): void {
  context.font = `${marked ? '700 ' : ''}${fontSize(view.cell)}px ${palette.font}`
  context.textAlign = align
  context.textBaseline = 'middle'
  const pill = label.special && view.cell >= smallestCellWithPill
  const inset = pill ? { left: pillPadding, right: -pillPadding, center: 0 }[align] : 0
  if (pill) {
    const width = labelWidth(context, label)
    const x = { left: 0, right: -width, center: -width / 2 }[align]
    context.fillStyle = palette.pill
    context.beginPath()
    context.roundRect(x, -pillHeight / 2 - 0.5, width, pillHeight, pillHeight / 2)
    context.fill()
  }
  const plain = label.faint ? palette.faint : palette.text
  context.fillStyle = marked || label.special ? palette.accent : plain
  context.fillText(isolated(label.text), inset, 0)
}

function rowSpacing(cell: number): number {
  return cell >= smallestCellWithOwnLabel ? Math.min(cell, labelSize) : labelSize + 3
}
