import { z } from 'zod'
import { spanOf } from '../data/span-of.ts'
import { chartTitle, chartTitleRoom } from './chart-title.ts'
import { mostLayers, mostSides } from './data-limits.ts'
import type { ChartPanel, FigureKind } from './figure-kind.ts'
import type { Look } from './look.ts'
import { niceAxis } from './nice-axis.ts'
import { sansWidth } from './text-width.ts'

/** A number of the heads of several models, by how deep they are. */
export const DepthScoresData = z.object({
  title: z.string().nullable(),
  /** What the numbers are. */
  name: z.string(),
  sides: z
    .array(
      z.object({
        name: z.string(),
        /** What stands for nothing in particular; null where there is none. */
        baseline: z.number().nullable(),
        layers: z
          .array(
            z.object({
              layer: z.int(),
              /** 0 is the first layer, 1 the last. */
              depth: z.number(),
              values: z.array(z.number()).readonly(),
              mean: z.number(),
              max: z.number()
            })
          )
          .max(mostLayers)
          .readonly()
      })
    )
    .max(mostSides)
    .readonly()
})
export type DepthScoresData = z.output<typeof DepthScoresData>

const legendRow = 16
const signRoom = 16
const legendEdge = 8
const roomOfPoints = 12
const margin = { left: 52 + roomOfPoints, right: 16 + roomOfPoints, bottom: 42 }
/** Points of models at one depth stand beside each other, in CSS pixels. */
const apart = 5

/** A point a head over the depth of its layer, with the mean and the highest of each layer as lines. */
export const depthScores: FigureKind<DepthScoresData> = {
  name: 'depth-scores',
  data: DepthScoresData,
  shows: ({ name }) => `Up: ${name}; across: depth`,
  resizes: 'width',

  natural: data => ({ width: 640, height: 268 + topOf(data, 1), ratio: 1 }),

  least: ({ sides }, look) => ({
    width:
      signRoom + Math.max(...sides.map(side => legendWidths(side, look).lines)) + 2 * legendEdge,
    height: 0
  }),

  lowest: (data, look) => depthScores.natural(data, look).height - 130,

  panel(data, look, size): ChartPanel {
    const { title, name, sides } = data
    const words = { fontFamily: look.sans, fontSize: look.size, color: look.ink }
    const faint = { ...words, color: look.faint }
    const rows = legendRows(data, look, size.width)
    const top = topOf(data, rows)
    const all = sides.flatMap(({ baseline, layers }) => [
      ...layers.flatMap(({ values }) => values),
      ...(baseline === null ? [] : [baseline])
    ])
    const { low, high } = spanOf(all, { low: 0, high: 0 })
    const y = niceAxis(low, high, 5)
    return {
      kind: 'chart',
      ...size,
      option: {
        animation: false,
        backgroundColor: look.paper,
        ...chartTitle(title, look, size.width),
        grid: { ...margin, top, outerBoundsMode: 'none' },
        xAxis: {
          type: 'value',
          ...{ min: 0, max: 1, interval: 0.25, nameGap: 28, nameMoveOverlap: false },
          name: 'depth: 0 is the first layer, 1 the last',
          nameLocation: 'middle',
          nameTextStyle: faint,
          axisLabel: words,
          axisLine: { onZero: false, lineStyle: { color: look.line } },
          splitLine: { show: false }
        },
        yAxis: {
          type: 'value',
          ...{ min: y.min, max: y.max, interval: y.step },
          name,
          nameLocation: 'middle',
          // Points of the first layer stand on it.
          ...{ offset: roomOfPoints, nameGap: 38, nameMoveOverlap: false },
          nameTextStyle: faint,
          axisLabel: words,
          axisLine: { show: true, lineStyle: { color: look.line } },
          splitLine: { lineStyle: { color: look.empty } }
        },
        graphic: legend(data, look, rows),
        series: sides.flatMap((side, i) => seriesOf(side, i, sides.length, look))
      }
    }
  }
}

/** @param rows that the legend has for each side */
function topOf({ title, sides }: DepthScoresData, rows: 1 | 2): number {
  return (title === null ? 6 : chartTitleRoom + 6) + sides.length * rows * legendRow + 8
}

type Side = DepthScoresData['sides'][number]

function lineWords({ baseline }: Side): string {
  return `— mean   – – highest${baseline === null ? '' : '   ⋯ uniform attention'}`
}

/** How wide the name of a side is, with its sign, and what its lines are. */
function legendWidths(side: Side, { size }: Look) {
  return {
    name: signRoom + sansWidth(side.name, size) + 10,
    lines: sansWidth(lineWords(side), size)
  }
}

/** One where names and lines have room beside each other. */
function legendRows({ sides }: DepthScoresData, look: Look, room: number): 1 | 2 {
  const widest = Math.max(
    ...sides.map(side => {
      const { name, lines } = legendWidths(side, look)
      return name + lines
    })
  )
  return margin.left + widest + legendEdge <= room ? 1 : 2
}

/** The colour of one of several models. */
export function sideColor(look: Look, side: number): string {
  return look.heads[side % look.heads.length]!
}

function seriesOf(
  { name, baseline, layers }: DepthScoresData['sides'][number],
  side: number,
  sides: number,
  look: Look
) {
  const color = sideColor(look, side)
  const line = (of: 'mean' | 'max', type: 'solid' | number[]) => ({
    type: 'line' as const,
    name: `${name}, ${of === 'mean' ? 'mean' : 'highest'}`,
    silent: true,
    // A line of one layer would be nothing.
    ...{ showSymbol: layers.length === 1, symbol: 'circle', symbolSize: 4 },
    data: layers.map(({ depth, ...own }) => [depth, own[of]]),
    lineStyle: { color, width: of === 'mean' ? 2 : 1.25, type },
    itemStyle: { color }
  })
  return [
    {
      type: 'scatter' as const,
      name,
      silent: true,
      clip: false,
      symbol: side % 2 === 0 ? 'circle' : 'diamond',
      symbolSize: side % 2 === 0 ? 7 : 9,
      symbolOffset: [(2 * side - (sides - 1)) * apart, 0],
      data: layers.flatMap(({ depth, values }) => values.map(value => [depth, value])),
      itemStyle: { color, opacity: 0.75, borderColor: look.paper, borderWidth: 1 },
      ...(baseline !== null && {
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color, type: [1, 4], width: 1.5 },
          data: [{ yAxis: baseline }]
        }
      })
    },
    line('mean', 'solid'),
    line('max', [5, 4])
  ]
}

/** Which colour, sign and line is whose. */
function legend(data: DepthScoresData, look: Look, rows: 1 | 2) {
  const top = data.title === null ? 6 : chartTitleRoom + 6
  const text = (words: string, x: number, y: number, color: string) => ({
    type: 'text' as const,
    silent: true,
    ...{ x, y },
    style: {
      ...{ text: words, fill: color, verticalAlign: 'middle' as const },
      font: `${look.size}px ${look.sans}`
    }
  })
  const left = rows === 1 ? margin.left : legendEdge
  return data.sides.flatMap((side, i) => {
    const y = top + i * rows * legendRow + legendRow / 2
    const color = sideColor(look, i)
    const sign = i % 2 === 0 ? '●' : '◆'
    const lines =
      rows === 1
        ? { x: left + legendWidths(side, look).name, y }
        : { x: left + signRoom, y: y + legendRow }
    return [
      text(sign, left, y, color),
      text(side.name, left + signRoom, y, look.ink),
      text(lineWords(side), lines.x, lines.y, color)
    ]
  })
}
