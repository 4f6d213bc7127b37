import type { Look } from '#common/figure/look.ts'
import { monoWidth } from '#common/figure/text-width.ts'
import { thinnedLabels, type WantedLabel } from '#common/figure/thinned-labels.ts'
import { firstLetters } from '#common/text/cut-short.ts'
import type { Room } from '../../reactive/use-size.ts'
import { pixelAt, type Plane } from '../../ui/space/plane.ts'

/** What is drawn over points. */
export interface Overlay {
  readonly places: Float32Array
  readonly plane: Plane
  readonly room: Room
  /** How wide points are, in CSS pixels. */
  readonly size: number
  readonly look: Pick<Look, 'mono' | 'size' | 'ink' | 'paper' | 'accent' | 'faint'>
  readonly chosen: number | null
  readonly pointed: number | null
  /** Whether a line goes from each point to the next. */
  readonly joined: boolean
  /** What has been drawn around, (x, y) of each corner. */
  readonly outline: readonly number[]
  /** Points in the order in which their labels are wanted; none where there are to be no labels. */
  readonly order: Iterable<number>
  readonly textOf: (point: number) => string
}

/** Labels that are tried, and that are let stand, in one picture. */
const most = { tried: 4000, stand: 160 }

export function paintOverlay(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { look, chosen, pointed } = overlay
  if (overlay.joined) paintCurve(context, overlay)
  paintOutline(context, overlay)
  for (const { text, x, y } of standing(overlay)) paintLabel(context, text, x, y, look, look.ink)
  for (const point of new Set([chosen, pointed])) {
    if (point === null) continue
    const { x, y } = pixelOf(overlay, point)
    context.beginPath()
    context.arc(x, y, overlay.size / 2 + 4, 0, 2 * Math.PI)
    context.lineWidth = point === chosen ? 2.5 : 1.5
    context.strokeStyle = point === chosen ? look.accent : look.faint
    context.stroke()
  }
}

/** The labels that stand, each at its point: those of what is selected and pointed at before all others. */
function standing(overlay: Overlay): (WantedLabel & { readonly text: string })[] {
  const { chosen, pointed, order, look, room } = overlay
  const wanted: (WantedLabel & { readonly text: string })[] = []
  const first = [chosen, pointed].filter(point => point !== null)
  const add = (point: number) => {
    const { x, y } = pixelOf(overlay, point)
    if (x < 0 || y < 8 || x > room.width || y > room.height - 8) return
    const text = shortened(overlay.textOf(point))
    const width = monoWidth(text, look.size)
    // Past the ring around it.
    const away = overlay.size / 2 + (point === chosen ? 9 : 5)
    // At the right edge it stands before its point.
    const left = x + away + width > room.width ? x - away - width : x + away
    wanted.push({ text, x: left, y, width, height: look.size + 2 })
  }
  for (const point of first) add(point)
  for (const point of order) {
    if (wanted.length >= most.tried) break
    if (!first.includes(point)) add(point)
  }
  return thinnedLabels(wanted, most.stand).map(at => wanted[at]!)
}

function pixelOf({ places, plane, room }: Overlay, point: number) {
  return pixelAt(plane, room, places[2 * point]!, places[2 * point + 1]!)
}

function shortened(text: string): string {
  return text.length > 24 ? `${firstLetters(text, 23)}…` : text
}

function paintLabel(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  look: Overlay['look'],
  color: string
): void {
  context.font = `${look.size}px ${look.mono}`
  // Signs such as <| would run together into an arrow.
  context.textRendering = 'optimizeSpeed'
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.direction = 'ltr'
  context.lineJoin = 'round'
  context.lineWidth = 3
  context.strokeStyle = look.paper
  context.strokeText(text, x, y)
  context.fillStyle = color
  context.fillText(text, x, y)
}

function paintCurve(context: CanvasRenderingContext2D, overlay: Overlay): void {
  context.beginPath()
  for (let point = 0; 2 * point < overlay.places.length; point++) {
    const { x, y } = pixelOf(overlay, point)
    context.lineTo(x, y)
  }
  context.lineWidth = 1
  context.lineJoin = 'round'
  context.strokeStyle = overlay.look.faint
  context.stroke()
}

function paintOutline(
  context: CanvasRenderingContext2D,
  { outline, plane, room, look }: Overlay
): void {
  if (outline.length < 4) return
  context.beginPath()
  for (let i = 0; i < outline.length; i += 2) {
    const { x, y } = pixelAt(plane, room, outline[i]!, outline[i + 1]!)
    context.lineTo(x, y)
  }
  context.closePath()
  context.lineWidth = 1.5
  context.strokeStyle = look.accent
  context.setLineDash([4, 3])
  context.stroke()
  context.setLineDash([])
  context.globalAlpha = 0.07
  context.fillStyle = look.accent
  context.fill()
  context.globalAlpha = 1
}
