import { z } from 'zod'
import { chartTitle } from './chart-title.ts'
import { tickText } from './color-bar.ts'
import { cssColor } from './color-table.ts'
import type { ChartPanel, FigureKind, Size } from './figure-kind.ts'
import { boxAround, labelBox, labelSidesInOrder, overlap, type Box } from './label-sides.ts'
import type { Look } from './look.ts'
import { niceAxis, roundValues } from './nice-axis.ts'
import { monoWidth } from './text-width.ts'

/** What colours of points stand for: a number, from one end to the other, classes, or nothing. */
export const PointColors = z.discriminatedUnion('by', [
  z.object({ by: z.literal('number'), name: z.string(), low: z.number(), high: z.number() }),
  z.object({ by: z.literal('class'), name: z.string(), classes: z.array(z.string()).readonly() }),
  z.object({ by: z.literal('nothing') })
])
export type PointColors = z.output<typeof PointColors>

/** Many points in the plane. */
const Points = z.object({
  title: z.string().nullable(),
  /** What the axes are; null where they mean nothing by themselves. */
  axes: z.object({ x: z.string(), y: z.string() }).nullable(),
  /** Of points in space, where each of its axes points to as it is seen, of length 1 or less: drawn in a corner. */
  directions: z
    .array(z.object({ text: z.string(), x: z.number(), y: z.number() }))
    .readonly()
    .default([]),
  /** [point, 2] */
  places: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32'),
  /** [point], by the place in the palette */
  colors: z.custom<Uint8Array>(value => value instanceof Uint8Array, 'expected uint8'),
  colored: PointColors,
  /** The most wanted first. */
  labels: z.array(z.object({ point: z.int(), text: z.string() })).readonly(),
  /** Whether a line goes from each point to the next. */
  joined: z.boolean().default(false),
  /** What is seen: its middle, and how far across and upwards. */
  part: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
})
export const PointScatterData = Points.refine(
  ({ places, colors, colored, labels }) =>
    places.length === 2 * colors.length &&
    labels.every(({ point }) => point >= 0 && point < colors.length) &&
    colors.every(color => color < colorCount(colored)),
  'expected a place and a colour of each point'
)
export type PointScatterData = z.output<typeof PointScatterData>

/** Colours of a number. */
export const numberSteps = 24
/** Share of a colour map that the lowest number leaves out: it would not be seen on the paper. */
const faintest = 0.22
const titleRoom = 26
const legendRoom = 24
const axesRoom = { left: 52, right: 14, bottom: 42 }
const plainRoom = { left: 10, right: 10, bottom: 10 }
const mostLabels = 120

function colorCount(colored: PointColors): number {
  if (colored.by === 'nothing') return 1
  return colored.by === 'class' ? colored.classes.length : numberSteps
}

/** The colours of points, as `#rrggbb` or `rgb(r, g, b)`. */
export function pointPalette(
  colored: PointColors,
  look: Pick<Look, 'colorMap' | 'paper' | 'heads' | 'accent'>
): string[] {
  if (colored.by === 'nothing') return [look.accent]
  if (colored.by === 'class')
    return colored.classes.map((_, i) => look.heads[i % look.heads.length]!)
  return Array.from({ length: numberSteps }, (_, i) => {
    const share = faintest + (1 - faintest) * (i / (numberSteps - 1))
    return cssColor(look.colorMap, share, look.paper)
  })
}

/** How wide a point is that is one of so many, in CSS pixels. */
export function pointSize(count: number): number {
  if (count <= 300) return 7
  if (count <= 3000) return 5
  return count <= 30_000 ? 3 : 2
}

/** A dot for each point, all of them, with as many labels as have room. */
export const pointScatter: FigureKind<PointScatterData> = {
  name: 'point-scatter',
  data: PointScatterData,
  shows: ({ axes, colored }) =>
    [axes === null ? '' : `Across: ${axes.x}; up: ${axes.y}`, pointColorsShown(colored)]
      .filter(part => part !== '')
      .join('; '),
  resizes: 'shape',

  natural: () => ({ width: 640, height: 520, ratio: 1 }),

  panel(data, look, size): ChartPanel {
    const { title, axes, places, colors, colored } = data
    const room = axes === null ? plainRoom : axesRoom
    const top = 8 + (title === null ? 0 : titleRoom) + (colored.by === 'nothing' ? 0 : legendRoom)
    const inner = {
      width: size.width - room.left - room.right,
      height: size.height - top - room.bottom
    }
    const unit = Math.max(data.part.width / inner.width, data.part.height / inner.height) || 1
    const ends = (middle: number, pixels: number) => ({
      min: middle - (unit * pixels) / 2,
      max: middle + (unit * pixels) / 2
    })
    const [x, y] = [ends(data.part.x, inner.width), ends(data.part.y, inner.height)]
    const { step } = niceAxis(0, (unit * Math.min(inner.width, inner.height)) / 2, 2)
    const palette = pointPalette(colored, look)
    // What they are called a page tells of those that have a label.
    const names = new Map(data.labels.map(({ point, text }) => [point, text]))
    const dots: Dot[][] = palette.map(() => [])
    for (let point = 0; point < colors.length; point++) {
      const [px, py] = [places[2 * point]!, places[2 * point + 1]!]
      if (px < x.min || px > x.max || py < y.min || py > y.max) continue
      const name = names.get(point)
      dots[colors[point]!]!.push(name === undefined ? [px, py] : { name, value: [px, py] })
    }
    const seen = dots.reduce((sum, own) => sum + own.length, 0)
    const words = { fontFamily: look.sans, fontSize: look.size, color: look.ink }
    const axis = (name: string, { min, max }: typeof x, nameGap: number) => ({
      type: 'value' as const,
      ...{ min, max, name, nameGap, show: axes !== null },
      nameLocation: 'middle' as const,
      nameTextStyle: { ...words, color: look.faint },
      // The ends are where the picture ends, at no round number.
      axisLabel: { ...words, customValues: roundValues(min, max, step) },
      axisTick: { customValues: roundValues(min, max, step) },
      axisLine: { show: true, onZero: false, lineStyle: { color: look.line } },
      splitLine: { show: false }
    })
    return {
      kind: 'chart',
      ...size,
      option: {
        animation: false,
        backgroundColor: look.paper,
        ...chartTitle(title, look, size.width),
        grid: { ...room, top, outerBoundsMode: 'none' },
        xAxis: axis(axes?.x ?? '', x, 26),
        yAxis: axis(axes?.y ?? '', y, 36),
        graphic: [
          ...colorLegend(colored, palette, look, { x: room.left, y: top - 14 }),
          ...arms(data.directions, look, size),
          ...labelMarks(data, look, {
            left: room.left - x.min / unit,
            top: top + y.max / unit,
            perUnit: 1 / unit,
            box: { left: room.left, top, ...inner }
          })
        ],
        series: [
          ...(data.joined ? [curve(places, look)] : []),
          ...dots.flatMap((own, i) =>
            own.length === 0
              ? []
              : [
                  {
                    type: 'scatter' as const,
                    ...(colored.by === 'class' && { name: colored.classes[i]! }),
                    silent: true,
                    data: own,
                    symbol: 'circle',
                    symbolSize: pointSize(seen),
                    // One path for all of a colour: a file of 50,000 single ones would be ten times as large.
                    ...{ large: true, largeThreshold: 500 },
                    itemStyle: { color: palette[i]! }
                  }
                ]
          )
        ]
      }
    }
  }
}

type Dot = [number, number] | { name: string; value: [number, number] }

function curve(places: Float32Array, look: Look) {
  return {
    type: 'line' as const,
    silent: true,
    data: Array.from({ length: places.length / 2 }, (_, i) => [places[2 * i]!, places[2 * i + 1]!]),
    symbol: 'none',
    clip: true,
    lineStyle: { color: look.faint, width: 1 }
  }
}

const arm = { length: 30, away: 64 }

/** Lines from one place in the lower left corner. */
function arms(directions: PointScatterData['directions'], look: Look, { height }: Size) {
  const [x1, y1] = [arm.away, height - arm.away]
  return directions.flatMap(({ text, x, y }) => [
    {
      type: 'line' as const,
      silent: true,
      shape: { x1, y1, x2: x1 + arm.length * x, y2: y1 - arm.length * y },
      style: { stroke: look.faint, lineWidth: 1.5 }
    },
    {
      type: 'text' as const,
      silent: true,
      ...{ x: x1 + (arm.length + 6) * x, y: y1 - (arm.length + 10) * y },
      style: {
        text,
        fill: look.faint,
        font: `${look.size}px ${look.sans}`,
        align: x > 0.3 ? ('left' as const) : x < -0.3 ? ('right' as const) : ('center' as const),
        verticalAlign: 'middle' as const
      }
    }
  ])
}

interface LabelPlacing {
  /** Where (0, 0) stands, and CSS pixels a unit. */
  readonly left: number
  readonly top: number
  readonly perUnit: number
  readonly box: { readonly left: number; readonly top: number } & Pick<Size, 'width' | 'height'>
}

/** Names on the side of their points where they cover the fewest others, and no name that is wanted more. */
function labelMarks(
  { places, labels, colors }: PointScatterData,
  look: Look,
  { left, top, perUnit, box }: LabelPlacing
) {
  const radius = pointSize(colors.length) / 2
  const placeOf = (point: number) => ({
    x: left + places[2 * point]! * perUnit,
    y: top - places[2 * point + 1]! * perUnit
  })
  const room = { height: look.size, radius, distance: 3 }
  const seen = Array.from(colors, (_, point) => placeOf(point)).map(({ x, y }) =>
    boxAround(x, y, 2 * radius, 2 * radius)
  )
  const taken: Box[] = []
  const marks: { text: string; x: number; y: number }[] = []
  for (const { point, text } of labels) {
    if (marks.length === mostLabels) break
    const width = monoWidth(text, look.size)
    const place = placeOf(point)
    const free = labelSidesInOrder
      .map(side => labelBox(place, side, width, room))
      .filter(own => isWithin(own, box) && !taken.some(other => overlap(wider(own), other)))
    let best: Box | undefined
    let fewest = Infinity
    for (const own of free) {
      const covered = seen.reduce(
        (sum, other, i) => sum + (i !== point && overlap(own, other) ? 1 : 0),
        0
      )
      if (covered < fewest) [best, fewest] = [own, covered]
      if (covered === 0) break
    }
    if (best === undefined) continue
    taken.push(best)
    marks.push({ text, x: best.left, y: (best.top + best.bottom) / 2 })
  }
  return marks.map(({ text, x, y }) => ({
    type: 'text' as const,
    silent: true,
    ...{ x, y },
    style: {
      text,
      fill: look.ink,
      font: `${look.size}px ${look.mono}`,
      verticalAlign: 'middle' as const
    }
  }))
}

function isWithin({ left, right, top, bottom }: Box, box: LabelPlacing['box']): boolean {
  const isAcross = left >= box.left && right <= box.left + box.width
  return isAcross && top >= box.top && bottom <= box.top + box.height
}

/** With what is kept free around a name. */
function wider({ left, right, top, bottom }: Box): Box {
  return { left: left - 8, right: right + 8, top: top - 3, bottom: bottom + 3 }
}

/** What colours stand for, in a line whose middle stands at y. */
export function colorLegend(
  colored: PointColors,
  palette: readonly string[],
  look: Look,
  { x, y }: { readonly x: number; readonly y: number }
) {
  const words = (text: string, left: number, color = look.faint) => ({
    type: 'text' as const,
    silent: true,
    ...{ x: left, y },
    style: {
      text,
      fill: color,
      font: `${look.size}px ${look.sans}`,
      verticalAlign: 'middle' as const
    }
  })
  const wide = (text: string) => 0.92 * monoWidth(text, look.size)
  if (colored.by === 'nothing') return []
  if (colored.by === 'number') {
    const { name, low, high } = colored
    const from = `${name} ${tickText(low)}`
    const left = x + wide(from) + 6
    const step = 4
    return [
      words(from, x),
      ...palette.map((fill, i) => ({
        type: 'rect' as const,
        silent: true,
        shape: { x: left + i * step, y: y - 4, width: step, height: 8 },
        style: { fill }
      })),
      words(tickText(high), left + palette.length * step + 6)
    ]
  }
  let left = x
  return colored.classes.flatMap((name, i) => {
    const at = left
    left += 14 + wide(name) + 12
    return [
      {
        type: 'circle' as const,
        silent: true,
        shape: { cx: at + 4, cy: y, r: 4 },
        style: { fill: palette[i]! }
      },
      words(name, at + 14, look.ink)
    ]
  })
}

/** What the colours of points stand for; empty where they have one. */
export function pointColorsShown(colored: PointColors): string {
  return colored.by === 'nothing' ? '' : `Colour: ${colored.name}`
}
