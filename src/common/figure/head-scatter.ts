import { z } from 'zod'
import { spanOf } from '../data/span-of.ts'
import { mostHeads, mostLayers } from './data-limits.ts'
import { axisTickText } from './axis-tick-text.ts'
import { chartTitle, chartTitleRoom } from './chart-title.ts'
import { tickText } from './color-bar.ts'
import { cssColor } from './color-table.ts'
import type { ChartPanel, FigureKind, Size } from './figure-kind.ts'
import { labelSides } from './label-sides.ts'
import { groupColor } from './leaf-axis.ts'
import { axesShown } from './line-plot.ts'
import type { Look } from './look.ts'
import { niceAxis, roundValues, type NiceAxis } from './nice-axis.ts'
import { sansWidth } from './text-width.ts'

const ScatterAxis = z.object({
  name: z.string(),
  /** What stands for nothing in particular, each once; a line each. */
  baselines: z.array(z.number()).max(mostLayers).readonly(),
  /** What the axis has at least room for, such as the points of another scatter; left out for its own alone. */
  span: z.object({ low: z.number(), high: z.number() }).optional()
})

/** Heads by two numbers of each. */
export const HeadScatterData = z.object({
  title: z.string().nullable(),
  x: ScatterAxis,
  y: ScatterAxis,
  /** Layers of the model, which colours tell apart. */
  nLayers: z.int().min(1).max(mostLayers),
  points: z
    .array(
      z.object({
        layer: z.int(),
        head: z.int(),
        x: z.number(),
        y: z.number(),
        /** Which colours tell apart in place of the layer; null where they do not. */
        group: z.int().min(0).nullable()
      })
    )
    .max(mostHeads)
    .readonly(),
  /**
   * Of a map, on which distances are all that counts: their unit, and how far it reaches at least across and upwards, so
   * that two that are compared have one scale. A bar says it in place of the axes. Else null.
   */
  distances: z
    .object({ unit: z.string(), reach: z.object({ x: z.number(), y: z.number() }) })
    .nullable()
})
export type HeadScatterData = z.output<typeof HeadScatterData>

/** At the right for the label of a point at the end, at the left as much as axes take at most. */
const axesRoom = { left: 70, right: 36, top: 30, bottom: 46 }
const mapRoom = { left: 16, right: 36, top: 30, bottom: 34 }
/** Share of a colour map that the first layer leaves out: it would not be seen on the paper. */
const faintest = 0.25

/** The least that is left for points, and from one tick to the next, in CSS pixels. */
const leastField = 120
const leastStep = 34

/** Of more points than these, few are named. */
const crowd = 200
const labelDistance = 3

/** From an axis to its numbers, and from the widest of those to the axis' name. */
const [toNumbers, toName] = [8, 6]

/** How far the name of the axis that stands is from it. */
function nameGapOf({ min, max, step }: NiceAxis, { size }: Pick<Look, 'size'>): number {
  const widths = roundValues(min, max, step).map(value => sansWidth(axisTickText(value), size))
  return toNumbers + Math.ceil(Math.max(0, ...widths)) + toName
}

/** What of a size the points do not take: at the left no more than the axis does. */
function roomWithin(
  data: HeadScatterData,
  size: Pick<Size, 'width' | 'height'>,
  look: Pick<Look, 'size'>
): typeof axesRoom {
  const room = roomOf(data)
  if (data.distances !== null) return room
  const left = nameGapOf(axesOf(data, size).y, look) + look.size + 4
  return { ...room, left: Math.min(room.left, left) }
}

function roomOf({ distances }: Pick<HeadScatterData, 'distances'>): typeof axesRoom {
  return distances === null ? axesRoom : mapRoom
}

/** What the axes of a scatter span. */
function axesOf(
  data: HeadScatterData,
  size: Pick<Size, 'width' | 'height'>
): { readonly x: NiceAxis; readonly y: NiceAxis } {
  const { points, x, y, distances } = data
  if (distances !== null) return mapAxes(data, distances.reach, size)
  const { left, right, bottom } = roomOf(data)
  const span = (values: readonly number[], pixels: number) => {
    const steps = Math.max(2, Math.min(5, Math.floor(pixels / leastStep)))
    const { low, high } = spanOf(values, { low: 0, high: 0 })
    return niceAxis(low, high, steps)
  }
  return {
    x: span(
      [...points.map(point => point.x), ...x.baselines, ...endsOf(x)],
      size.width - left - right
    ),
    y: span(
      [...points.map(point => point.y), ...y.baselines, ...endsOf(y)],
      size.height - topOf(data, size) - bottom
    )
  }
}

/** Both of one scale, the points in the middle. */
function mapAxes(
  data: HeadScatterData,
  reach: { readonly x: number; readonly y: number },
  { width, height }: Pick<Size, 'width' | 'height'>
): { readonly x: NiceAxis; readonly y: NiceAxis } {
  const { left, right, bottom } = roomOf(data)
  const room = { x: width - left - right, y: height - topOf(data, { width }) - bottom }
  const ends = (of: 'x' | 'y') => {
    const values = data.points.map(point => point[of])
    // Of no points it is empty, around zero.
    const { low, high } = values.length === 0 ? { low: 0, high: 0 } : spanOf(values)
    return { low, high, across: Math.max(high - low, reach[of]) * 1.04 }
  }
  const [x, y] = [ends('x'), ends('y')]
  const unit = Math.max(x.across / room.x, y.across / room.y) || 1
  const { step } = niceAxis(0, (unit * Math.min(room.x, room.y)) / 2, 2)
  const axis = ({ low, high }: typeof x, pixels: number) => {
    const [middle, half] = [(low + high) / 2, (unit * pixels) / 2]
    return { min: middle - half, max: middle + half, step }
  }
  return { x: axis(x, room.x), y: axis(y, room.y) }
}

function endsOf({ span }: HeadScatterData['x']): number[] {
  return span === undefined ? [] : [span.low, span.high]
}

/** Where each point of a scatter stands, in CSS pixels from its corner. */
export function scatterPlaces(
  data: HeadScatterData,
  size: Pick<Size, 'width' | 'height'>,
  look: Pick<Look, 'size'>
): { readonly x: number; readonly y: number }[] {
  const place = placing(data, size, look)
  return data.points.map(point => ({ x: place.x(point.x), y: place.y(point.y) }))
}

/** Where a value of either axis stands. */
function placing(
  data: HeadScatterData,
  { width, height }: Pick<Size, 'width' | 'height'>,
  look: Pick<Look, 'size'>
) {
  const { x, y } = axesOf(data, { width, height })
  const top = topOf(data, { width })
  const room = roomWithin(data, { width, height }, look)
  const along = (value: number, { min, max }: NiceAxis) => (value - min) / (max - min)
  return {
    x: (value: number) => room.left + along(value, x) * (width - room.left - room.right),
    y: (value: number) => top + (1 - along(value, y)) * (height - top - room.bottom)
  }
}

function topOf(data: HeadScatterData, size: Pick<Size, 'width'>): number {
  const legend = isLegendHigh(data, size) ? legendRow : 0
  return roomOf(data).top + (data.title === null ? 0 : chartTitleRoom) + legend
}

/** The colour of a layer's points: deeper ones are further from the paper. */
export function layerColor(layer: number, nLayers: number, { colorMap, paper }: Look): string {
  const depth = nLayers > 1 ? layer / (nLayers - 1) : 1
  return cssColor(colorMap, faintest + (1 - faintest) * depth, paper)
}

/** Groups of one colour, of which there are so many, have different signs. */
const symbols = ['circle', 'triangle', 'diamond', 'rect'] as const

export function symbolOf(group: number, { heads }: Look): (typeof symbols)[number] {
  return symbols[Math.floor(group / heads.length) % symbols.length]!
}

/** A point a head, in the colour of its layer or its group, with baselines as broken lines. */
export const headScatter: FigureKind<HeadScatterData> = {
  name: 'head-scatter',
  data: HeadScatterData,
  shows: ({ x, y, distances }) =>
    distances === null
      ? axesShown({ x, y })
      : `Distances on the plane: ${distances.unit}; colour: group`,
  resizes: 'shape',

  natural: () => ({ width: 640, height: 480, ratio: 1 }),

  least(data) {
    const { left, right } = roomOf(data)
    const width = Math.max(leastField + left + right, legendEnd(data))
    return { width, height: 0.75 * width }
  },

  panel(data, look, size): ChartPanel {
    const { title, points, nLayers, x, y, distances } = data
    const axes = axesOf(data, size)
    const top = topOf(data, size)
    const room = roomWithin(data, size, look)
    const isHigh = isLegendHigh(data, size)
    const legendAt = { x: room.left, y: top - 16 - (isHigh ? legendRow : 0) }
    const isCrowded = points.length > crowd
    const symbolSize = isCrowded ? 6 : 9
    const groups = groupsOf(data)
    const names = points.map(({ layer, head }) => `${layer}.${head}`)
    const place = placing(data, size, look)
    const labels = labelSides(
      scatterPlaces(data, size, look),
      {
        widths: names.map(name => sansWidth(name, look.size)),
        ...{
          height: look.size,
          radius: symbolSize / 2,
          distance: labelDistance,
          // Left of an axis its own labels stand.
          from: distances === null ? room.left : 0,
          across: size.width
        }
      },
      { x: x.baselines.map(place.x), y: y.baselines.map(place.y) }
    )
    const labelOf = (own: (typeof labels)[number]) =>
      own === null
        ? { show: false }
        : { position: own.side, ...(own.isCrossed && { backgroundColor: look.paper }) }
    const words = { fontFamily: look.sans, fontSize: look.size, color: look.ink }
    const axis = (name: string, { min, max, step }: NiceAxis, nameGap: number) => ({
      type: 'value' as const,
      ...{ min, max, interval: step, name, nameGap, show: distances === null },
      nameLocation: 'middle' as const,
      nameTextStyle: { ...words, color: look.faint },
      axisLabel: words,
      axisLine: { show: true, lineStyle: { color: look.line } },
      splitLine: { lineStyle: { color: look.empty } }
    })
    return {
      kind: 'chart',
      ...size,
      option: {
        animation: false,
        backgroundColor: look.paper,
        ...chartTitle(title, look, size.width),
        grid: { ...room, top, outerBoundsMode: 'none' },
        xAxis: axis(x.name, axes.x, 28),
        yAxis: axis(y.name, axes.y, nameGapOf(axes.y, look)),
        graphic: [
          ...(groups.length > 0
            ? groupLegend(groups, look, legendAt)
            : depthLegend(nLayers, look, legendAt)),
          ...(distances === null && groups.length === 0
            ? [
                legendText(
                  baselineWords,
                  { x: legendAt.x + (isHigh ? 0 : layersEnd(nLayers)), y: top - 16 },
                  look
                )
              ]
            : []),
          ...(distances === null
            ? []
            : scaleBar(distances.unit, axes.x, look, {
                x: room.left,
                y: size.height - 14,
                width: size.width - room.left - room.right
              }))
        ],
        series: {
          type: 'scatter',
          silent: true,
          // Those at the ends of an axis are whole.
          clip: false,
          symbolSize,
          data: points.map((point, i) => ({
            name: names[i]!,
            label: labelOf(labels[i]!),
            value: [point.x, point.y],
            symbol: point.group === null ? 'circle' : symbolOf(point.group, look),
            itemStyle: {
              color:
                point.group === null
                  ? layerColor(point.layer, nLayers, look)
                  : groupColor(point.group, look),
              borderColor: look.paper,
              borderWidth: 1,
              opacity: 1
            }
          })),
          label: {
            ...{ show: true, distance: labelDistance, formatter: '{b}', ...words },
            ...(isCrowded && { minMargin: 24 })
          },
          labelLayout: { hideOverlap: true },
          markLine: {
            silent: true,
            symbol: 'none',
            // Below points and their names.
            z: 1,
            label: { show: false },
            lineStyle: { color: look.faint, type: [4, 4], width: 1 },
            data: [
              ...x.baselines.map(xAxis => ({ xAxis })),
              ...y.baselines.map(yAxis => ({ yAxis }))
            ]
          }
        }
      }
    }
  }
}

const baselineWords = '– – uniform attention'

/** Of what baselines are, in letters of up to 10 points. */
const baselineRoom = 150
const legendRow = 16

/** The groups that there are points of, each once, from the first. */
function groupsOf({ points }: Pick<HeadScatterData, 'points'>): number[] {
  return [...new Set(points.flatMap(({ group }) => group ?? []))].sort((a, b) => a - b)
}

/** Where what says the colours ends. */
function legendEnd(data: HeadScatterData): number {
  const { left } = roomOf(data)
  const groups = groupsOf(data)
  if (groups.length > 0) return left + 46 + groups.length * 28
  return left + layersEnd(data.nLayers)
}

/** Whether what baselines are stands below the colours, for there is no room beside them. */
function isLegendHigh(data: HeadScatterData, { width }: Pick<Size, 'width'>): boolean {
  const hasBaselines = data.distances === null && data.points.every(({ group }) => group === null)
  return hasBaselines && legendEnd(data) + baselineRoom > width
}

interface LegendPlace {
  readonly x: number
  readonly y: number
}

/** Something said of a scatter, its middle at y. */
function legendText(text: string, { x, y }: LegendPlace, look: Look) {
  return {
    type: 'text' as const,
    silent: true,
    ...{ x, y },
    style: {
      text,
      fill: look.faint,
      font: `${look.size}px ${look.sans}`,
      verticalAlign: 'middle' as const
    }
  }
}

function layerWidth(nLayers: number): number {
  return Math.max(2, Math.min(12, Math.floor(120 / nLayers)))
}

/** How far the colours of layers reach, with their names. */
function layersEnd(nLayers: number): number {
  return 76 + nLayers * layerWidth(nLayers)
}

/** Which colour is which layer. */
function depthLegend(nLayers: number, look: Look, { x, y }: LegendPlace) {
  const each = layerWidth(nLayers)
  return [
    legendText('layer 0', { x, y }, look),
    ...Array.from({ length: nLayers }, (_, layer) => ({
      type: 'rect' as const,
      silent: true,
      shape: { x: x + 44 + layer * each, y: y - 5, width: each, height: 9 },
      style: { fill: layerColor(layer, nLayers, look) }
    })),
    legendText(String(nLayers - 1), { x: x + 50 + nLayers * each, y }, look)
  ]
}

/** Which colour, and which sign, is which group. */
function groupLegend(groups: readonly number[], look: Look, { x, y }: LegendPlace) {
  return [
    legendText('group', { x, y }, look),
    ...groups.flatMap((group, i) => [
      sign(group, look, { x: x + 46 + i * 28, y }),
      legendText(String(group + 1), { x: x + 53 + i * 28, y }, look)
    ])
  ]
}

/** What a group's points look like. */
function sign(group: number, look: Look, { x, y }: LegendPlace) {
  const corners = corneredSigns[symbolOf(group, look)]
  const points = corners.map(([right, down]) => [x + 4 * right!, y + 4 * down!])
  const drawn = { silent: true, style: { fill: groupColor(group, look) } }
  return points.length === 0
    ? { type: 'circle' as const, ...drawn, shape: { cx: x, cy: y, r: 4 } }
    : { type: 'polygon' as const, ...drawn, shape: { points } }
}

/** Corners of signs, from -1 to 1 each way. */
const corneredSigns: Readonly<Record<(typeof symbols)[number], readonly (readonly number[])[]>> = {
  circle: [],
  triangle: [
    [0, -1],
    [1, 1],
    [-1, 1]
  ],
  diamond: [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0]
  ],
  rect: [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1]
  ]
}

/** How far a distance on a map is. */
function scaleBar(
  unit: string,
  { min, max, step }: NiceAxis,
  look: Look,
  { x, y, width }: LegendPlace & { readonly width: number }
) {
  const end = x + (step / (max - min)) * width
  return [
    {
      type: 'polyline' as const,
      silent: true,
      shape: {
        points: [
          [x, y - 4],
          [x, y],
          [end, y],
          [end, y - 4]
        ]
      },
      style: { stroke: look.faint, lineWidth: 1, fill: 'none' }
    },
    legendText(`${tickText(step)} ${unit}`, { x: end + 8, y: y - 2 }, look)
  ]
}
