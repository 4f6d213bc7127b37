import { numberText } from '#common/text/number-text.ts'
import { labelGap, paintAxes } from './axes.ts'
import { columnLeft, mapHeight, mapWidth } from './map-scene.ts'
import type { Overlay } from './map-scene.ts'

/** Seen on the dark and the light end of every colour map, with a dark edge around it. */
const cursorColor = '#58dcf2'

/** Draws axes, cursor and read-out marks over a map; the work is bounded by what is on screen. */
export function paintOverlay(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { stage } = overlay
  context.setTransform(stage.ratio, 0, 0, stage.ratio, 0, 0)
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  paintBands(context, overlay)
  paintNumbers(context, overlay)
  paintAxes(context, overlay)
  paintFrame(context, overlay)
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
    if (y > top - size) context.fillRect(0, Math.max(top, y), left - labelGap / 2, size)
  }
  if (hover?.key != null) {
    const x = left + columnLeft(overlay, hover.key)
    if (x > left - size) context.fillRect(Math.max(left, x), 0, size, top - labelGap / 2)
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

function paintFrame(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { left, top, palette } = overlay
  context.lineWidth = 1
  context.strokeStyle = palette.line
  context.strokeRect(left - 0.5, top - 0.5, mapWidth(overlay) + 1, mapHeight(overlay) + 1)
}
