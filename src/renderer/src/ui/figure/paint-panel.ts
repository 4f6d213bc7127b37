import {
  pillInset,
  pillShape,
  type LineMark,
  type Mark,
  type RectMark,
  type TextMark
} from '#common/figure/mark.ts'
import { cutToRoom } from '#common/figure/text-width.ts'

/** Draws marks, in CSS pixels, in their order. */
export function paintMarks(context: CanvasRenderingContext2D, marks: readonly Mark[]): void {
  // Signs such as <| would run together into an arrow.
  context.textRendering = 'optimizeSpeed'
  context.textBaseline = 'middle'
  for (const mark of marks) {
    if (mark.kind === 'text') paintText(context, mark)
    else if (mark.kind === 'line') paintLine(context, mark)
    else if (mark.kind === 'rect') paintRect(context, mark)
  }
}

function paintText(context: CanvasRenderingContext2D, mark: TextMark): void {
  const { text, x, y, align, upright, font, size, weight, color, pill, room } = mark
  context.save()
  context.translate(x, y)
  if (upright) context.rotate(-Math.PI / 2)
  context.font = `${weight} ${size}px ${font}`
  context.textAlign = align
  const capsule = pillShape(mark)
  if (capsule !== null) {
    context.fillStyle = pill!
    context.beginPath()
    context.roundRect(capsule.x, capsule.y, capsule.width, capsule.height, capsule.height / 2)
    context.fill()
  }
  context.fillStyle = color
  const widthOf = (own: string) => context.measureText(own).width
  context.fillText(room === null ? text : cutToRoom(text, room, widthOf), pillInset(mark), 0)
  context.restore()
}

function paintRect(context: CanvasRenderingContext2D, mark: RectMark): void {
  const { x, y, width, height, fill, line } = mark
  if (fill !== null) {
    context.fillStyle = typeof fill === 'string' ? fill : gradient(context, mark, fill)
    context.fillRect(x, y, width, height)
  }
  if (line === null) return
  context.lineWidth = 1
  context.strokeStyle = line
  context.strokeRect(x, y, width, height)
}

function paintLine(
  context: CanvasRenderingContext2D,
  { points, color, width, opacity }: LineMark
): void {
  context.save()
  context.globalAlpha = opacity
  context.lineWidth = width
  context.strokeStyle = color
  context.beginPath()
  for (const [x, y] of points) context.lineTo(x, y)
  context.stroke()
  context.restore()
}

function gradient(
  context: CanvasRenderingContext2D,
  { y, height }: RectMark,
  colors: readonly string[]
): CanvasGradient {
  const result = context.createLinearGradient(0, y + height, 0, y)
  for (const [i, color] of colors.entries()) result.addColorStop(i / (colors.length - 1), color)
  return result
}
