import { z } from 'zod'
import { cssColor } from './color-table.ts'
import type { ChartPanel, FigureKind, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import { niceAxis, type NiceAxis } from './nice-axis.ts'

const ScatterAxis = z.object({
  name: z.string(),
  /** What stands for nothing in particular, each once; a line each. */
  baselines: z.array(z.number()).readonly()
})

/** Heads by two numbers of each. */
export const HeadScatterData = z.object({
  title: z.string().nullable(),
  x: ScatterAxis,
  y: ScatterAxis,
  /** Layers of the model, which colours tell apart. */
  nLayers: z.int().min(1),
  points: z
    .array(z.object({ layer: z.int(), head: z.int(), x: z.number(), y: z.number() }))
    .readonly()
})
export type HeadScatterData = z.output<typeof HeadScatterData>

/** At the right for the label of a point at the end. */
const room = { left: 58, right: 36, top: 30, bottom: 46 }
const titleRoom = 26
/** Share of a colour map that the first layer leaves out: it would not be seen on the paper. */
const faintest = 0.25

/** What the axes of a scatter span. */
function axesOf({ points, x, y }: HeadScatterData): { readonly x: NiceAxis; readonly y: NiceAxis } {
  const span = (values: readonly number[]) =>
    niceAxis(Math.min(0, ...values), Math.max(...values, 0), 5)
  return {
    x: span([...points.map(point => point.x), ...x.baselines]),
    y: span([...points.map(point => point.y), ...y.baselines])
  }
}

/** Where each point of a scatter stands, in CSS pixels from its corner. */
export function scatterPlaces(
  data: HeadScatterData,
  { width, height }: Pick<Size, 'width' | 'height'>
): { readonly x: number; readonly y: number }[] {
  const { x, y } = axesOf(data)
  const top = topOf(data)
  const along = (value: number, { min, max }: NiceAxis) => (value - min) / (max - min)
  return data.points.map(point => ({
    x: room.left + along(point.x, x) * (width - room.left - room.right),
    y: top + (1 - along(point.y, y)) * (height - top - room.bottom)
  }))
}

function topOf({ title }: HeadScatterData): number {
  return room.top + (title === null ? 0 : titleRoom)
}

/** The colour of a layer's points: deeper ones are further from the paper. */
function layerColor(layer: number, nLayers: number, { colorMap, paper }: Look): string {
  const depth = nLayers > 1 ? layer / (nLayers - 1) : 1
  return cssColor(colorMap, faintest + (1 - faintest) * depth, paper)
}

/** A point a head, in the colour of its layer, with baselines as broken lines. */
export const headScatter: FigureKind<HeadScatterData> = {
  name: 'head-scatter',
  data: HeadScatterData,
  resizes: 'shape',

  natural: () => ({ width: 640, height: 480, ratio: 1 }),

  panel(data, look, size): ChartPanel {
    const { title, points, nLayers, x, y } = data
    const axes = axesOf(data)
    const top = topOf(data)
    const words = { fontFamily: look.sans, fontSize: look.size, color: look.ink }
    const axis = (name: string, { min, max, step }: NiceAxis, nameGap: number) => ({
      type: 'value' as const,
      ...{ min, max, interval: step, name, nameGap },
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
        ...(title !== null && {
          title: {
            text: title,
            ...{ left: 8, top: 8, padding: 0 },
            textStyle: {
              ...words,
              ...{
                fontSize: look.size + 2,
                fontWeight: 600,
                width: size.width - 16,
                overflow: 'truncate'
              }
            }
          }
        }),
        grid: { ...room, top, outerBoundsMode: 'none' },
        xAxis: axis(x.name, axes.x, 28),
        yAxis: axis(y.name, axes.y, 42),
        graphic: depthLegend(nLayers, look, { x: room.left, y: top - 16 }),
        series: {
          type: 'scatter',
          silent: true,
          symbolSize: 9,
          data: points.map(point => ({
            name: `${point.layer}.${point.head}`,
            value: [point.x, point.y],
            itemStyle: {
              color: layerColor(point.layer, nLayers, look),
              borderColor: look.paper,
              borderWidth: 1,
              opacity: 1
            }
          })),
          label: { show: true, position: 'right', distance: 3, formatter: '{b}', ...words },
          labelLayout: { hideOverlap: true },
          markLine: {
            silent: true,
            symbol: 'none',
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

/** Which colour is which layer. */
function depthLegend(
  nLayers: number,
  look: Look,
  { x, y }: { readonly x: number; readonly y: number }
) {
  const each = Math.max(2, Math.min(12, Math.floor(120 / nLayers)))
  const style = {
    fill: look.faint,
    font: `${look.size}px ${look.sans}`,
    verticalAlign: 'middle' as const
  }
  const text = (text: string, left: number) => ({
    type: 'text' as const,
    silent: true,
    ...{ x: left, y },
    style: { ...style, text }
  })
  return [
    text('layer 0', x),
    ...Array.from({ length: nLayers }, (_, layer) => ({
      type: 'rect' as const,
      silent: true,
      shape: { x: x + 44 + layer * each, y: y - 5, width: each, height: 9 },
      style: { fill: layerColor(layer, nLayers, look) }
    })),
    text(String(nLayers - 1), x + 50 + nLayers * each),
    text('– – uniform attention', x + 76 + nLayers * each)
  ]
}
