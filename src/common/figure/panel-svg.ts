import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  GraphicComponent,
  GridComponent,
  MarkLineComponent,
  MarkPointComponent,
  TitleComponent
} from 'echarts/components'
import { graphic, init, use, type EChartsType } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'
import type { EChartsOption } from 'echarts'
import { soundText } from '../text/visible-text.ts'
import { axisTickText } from './axis-tick-text.ts'
import { rgbOfCss } from './color-table.ts'
import type { ChartPanel, Panel, Raster, Size } from './figure-kind.ts'
import { heatMap } from './heat-map.ts'
import {
  pillInset,
  pillShape,
  type LineMark,
  type Mark,
  type RectMark,
  type TextMark
} from './mark.ts'
import { pngUrl } from './png-url.ts'
import { cutToRoom, textWidth } from './text-width.ts'
import { mapHeight, mapWidth } from './viewport.ts'

use([
  ...[BarChart, LineChart, ScatterChart],
  ...[GraphicComponent, GridComponent, MarkLineComponent, MarkPointComponent, TitleComponent],
  ...[LabelLayout, SVGRenderer]
])

/** Pixels along the longer side of a picture of cells: enough for its edges to stay sharp wherever it is shown. Several share them. */
const sharpness = 1120

/** A figure as an SVG document of its own: nothing in it is fetched or run. */
export function panelSvg(panel: Panel): string {
  if (panel.kind === 'chart') return optionSvg(withTickTexts(panel.option), drawnSize(panel))
  const { paper, marks } = panel
  const rasters = panel.kind === 'map' ? panel.rasters : []
  const svg = optionSvg({ animation: false, backgroundColor: paper }, panel, [
    ...rasters.map(raster => imageOf(raster, sharpness / Math.sqrt(rasters.length))),
    ...marks.flatMap(shapeOf)
  ])
  if (panel.kind === 'map') return svg
  const parts = panel.parts.map(({ left, top, panel }, i) => {
    const own = renamed(inside(panel), name => `${i}-${name}`)
    const scale =
      panel.kind === 'chart' && panel.scale !== undefined ? ` scale(${panel.scale})` : ''
    return `<g transform="translate(${left} ${top})${scale}">${own}</g>`
  })
  // Given by a function: signs such as `$&` of a text mean themselves.
  return svg.replace(/<\/svg>\s*$/, () => `${parts.join('\n')}\n</svg>`)
}

/** How large a chart is drawn, whatever it is made to be shown as. */
export function drawnSize({
  width,
  height,
  scale = 1
}: ChartPanel): Pick<Size, 'width' | 'height'> {
  return { width: width / scale, height: height / scale }
}

/** What is in the document of a panel, but for the paper: that of all lies under it. */
function inside(panel: Panel): string {
  return panelSvg(panel)
    .replace(/^[^<]*<svg[^>]*>/, '')
    .replace(/<rect width="[\d.]+" height="[\d.]+" x="0" y="0" fill="[^"]*"><\/rect>/, '')
    .replace(/<\/svg>\s*$/, '')
}

/** Numbers at axes with a minus, not a hyphen: set here, for a function does not go with an option from thread to thread. */
function withTickTexts(option: EChartsOption): EChartsOption {
  const written = <A extends { readonly type?: string; readonly axisLabel?: object }>(axis: A) =>
    axis.type === 'value'
      ? { ...axis, axisLabel: { formatter: axisTickText, ...axis.axisLabel } }
      : axis
  const { xAxis, yAxis } = option
  return {
    ...option,
    ...(xAxis && { xAxis: [xAxis].flat().map(written) }),
    ...(yAxis && { yAxis: [yAxis].flat().map(written) })
  }
}

/** @param shapes over the chart; an option of as many takes their number squared */
function optionSvg(
  option: EChartsOption,
  size: Pick<Size, 'width' | 'height'>,
  shapes: readonly Shape[] = []
): string {
  const classes = new Map<string, number>()
  const svg = withChart(option, size, chart => {
    for (const shape of shapes) chart.getZr().add(shape as Element)
    return soundText(chart.renderToSVGString())
  })
  return renamed(
    // Pictures of cells fill their place, whatever its shape.
    svg.replaceAll('<image ', '<image preserveAspectRatio="none" '),
    name => {
      if (!name.startsWith('cls-')) return name
      if (!classes.has(name)) classes.set(name, classes.size)
      return `cls-${classes.get(name)}`
    }
  )
}

/**
 * A document with other names for its gradients, clips and classes. ECharts counts charts and classes as long as its process
 * lives; so the same figure is the same bytes whenever it is drawn, and figures in one document have names of their own.
 * What text says stays.
 * @param rename is given a name without what stands for its chart
 */
function renamed(svg: string, rename: (name: string) => string): string {
  return svg.replaceAll(
    /(="(?:#|url\(#|[^"]* )?|^\.)zr\d*-([\w-]+)/gm,
    (_, before: string, name: string) => `${before}zr-${rename(name)}`
  )
}

/** What is read from a chart, which no page shows. */
export function withChart<T>(
  option: EChartsOption,
  { width, height }: Pick<Size, 'width' | 'height'>,
  read: (chart: EChartsType) => T
): T {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption(option)
    return read(chart)
  } finally {
    chart.dispose()
  }
}

type Shape = InstanceType<(typeof graphic)['Group' | 'Image' | 'Polyline' | 'Rect' | 'Text']>
/** As ECharts takes them; its types of all and of each differ in what may be undefined. */
type Element = Parameters<ReturnType<EChartsType['getZr']>['add']>[0]

/** @param most pixels along its longer side, about */
function imageOf(raster: Raster, most: number): Shape {
  const { left: x, top: y, width, height, empty } = raster
  // A panel that is shown smaller has the scene that it was drawn with.
  const drawn = Math.max(mapWidth(raster.scene), mapHeight(raster.scene))
  const ratio = Math.max(1, Math.ceil(most / drawn))
  const pixels = heatMap(raster.scene, raster.colors, ratio)
  const image = pngUrl(opaque(pixels.data, rgbOfCss(empty)), pixels.width, pixels.height)
  return new graphic.Image({ silent: true, style: { image, x, y, width, height } })
}

/** Pixels on a colour: what is clear would be blurred at its edges wherever a picture is made smaller. */
function opaque(
  data: Uint8ClampedArray,
  ground: readonly [number, number, number]
): Uint8ClampedArray {
  const colors = new Uint8ClampedArray((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    const share = data[from + 3]! / 255
    for (let i = 0; i < 3; i++) colors[to + i] = data[from + i]! * share + ground[i]! * (1 - share)
  }
  return colors
}

function shapeOf(mark: Mark): Shape[] {
  switch (mark.kind) {
    case 'line':
      return [lineShape(mark)]
    case 'text':
      return [textShape(mark)]
    case 'rect':
      return [rectShape(mark)]
    case 'spot':
      return []
  }
}

function lineShape({ points, color, width, opacity }: LineMark): Shape {
  return new graphic.Polyline({
    silent: true,
    shape: { points: points.map(([x, y]) => [x, y]) },
    style: { stroke: color, lineWidth: width, opacity, fill: 'none' }
  })
}

function rectShape({ x, y, width, height, fill, line }: RectMark): Shape {
  return new graphic.Rect({
    silent: true,
    shape: { x, y, width, height },
    style: {
      fill: typeof fill === 'object' && fill !== null ? gradient(fill) : (fill ?? 'none'),
      ...(line !== null && { stroke: line })
    }
  })
}

function gradient(colors: readonly string[]) {
  const colorStops = colors.map((color, i) => ({ offset: i / (colors.length - 1), color }))
  return new graphic.LinearGradient(0, 1, 0, 0, colorStops)
}

/** A text, turned about its own place, on its capsule where it has one. */
function textShape(mark: TextMark): Shape {
  const { text, x, y, align, upright, font, size, weight, color, pill, room } = mark
  const place = { x, y, rotation: upright ? Math.PI / 2 : 0, silent: true }
  const capsule = pillShape(mark)
  const style = {
    text: room === null ? text : cutToRoom(text, room, own => textWidth(own, mark)),
    x: pillInset(mark),
    y: 0,
    fill: color,
    font: `${weight} ${size}px ${font}`,
    align,
    verticalAlign: 'middle' as const
  }
  if (capsule === null) return new graphic.Text({ ...place, style })
  const { x: left, y: top, width, height } = capsule
  const whole = new graphic.Group(place)
  const shape = { x: left, y: top, width, height, r: height / 2 }
  for (const part of [
    new graphic.Rect({ shape, style: { fill: pill! } }),
    new graphic.Text({ style })
  ])
    whole.add(part as Element)
  return whole
}
