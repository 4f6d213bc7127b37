import { labelBox, type LabelSide } from '../label-sides.ts'
import { sansWidth } from '../text-width.ts'
import { thinnedLabels } from '../thinned-labels.ts'
import { axisEnds, exact, type ChartAxis } from './axis-tex.ts'
import { bp, short, texColor, texFont, texWords, type TexPlace } from './tex-paint.ts'

interface Label {
  readonly show?: boolean
  readonly formatter?: unknown
  readonly color?: string
  readonly distance?: number
  /** Of what stands there; at the right where it is left out. */
  readonly position?: LabelSide
  readonly fontFamily?: string
  readonly fontSize?: number
  /** Behind it, where something runs through. */
  readonly backgroundColor?: string
}
interface LineStyle {
  readonly color?: string
  readonly width?: number
  readonly type?: unknown
}
interface ItemStyle {
  readonly color?: string
  readonly opacity?: number
  readonly borderColor?: string
  readonly borderWidth?: number
  readonly borderRadius?: number
}
interface Item {
  readonly name?: string
  readonly symbol?: string
  readonly value: unknown
  readonly itemStyle?: ItemStyle
  readonly label?: Label
}

/** What of a series of an ECharts option is drawn here. */
export interface Series {
  readonly type?: string
  readonly data?: readonly unknown[]
  readonly lineStyle?: LineStyle
  readonly itemStyle?: ItemStyle
  readonly showSymbol?: boolean
  readonly symbol?: string
  readonly symbolSize?: number
  readonly symbolOffset?: readonly number[]
  readonly barWidth?: number
  readonly label?: Label
  readonly markLine?: { readonly lineStyle?: LineStyle; readonly data?: readonly unknown[] }
  readonly markPoint?: {
    readonly data?: readonly { readonly coord?: readonly number[] }[]
    readonly symbolSize?: number
    readonly label?: Label
    readonly itemStyle?: ItemStyle
  }
}

/** The axes that a series lies between, and the room within them in CSS pixels. */
interface Axes {
  readonly xAxis: ChartAxis
  readonly yAxis: ChartAxis
  readonly room: { readonly width: number; readonly height: number }
}

const black = '#000000'

/** A series as plots of PGFPlots. @throws RangeError naming a type that is not known here */
export function seriesTex(series: Series, axes: Axes, place: TexPlace): string[] {
  switch (series.type) {
    case 'bar':
      return barTex(series, place)
    case 'line':
      return lineTex(series, place)
    case 'scatter':
      return scatterTex(series, axes, place)
    default:
      throw new RangeError(`a chart of type ${series.type ?? 'none'} is not known to PGFPlots here`)
  }
}

/** A bar a plot, so that each may have a colour and a note of its own. */
function barTex({ data = [], barWidth = 10 }: Series, place: TexPlace): string[] {
  return data.flatMap((given, i) => {
    const { itemStyle = {}, label = {}, value } = itemOf(given)
    const rounded = itemStyle.borderRadius
      ? `,rounded corners=${bp(itemStyle.borderRadius, place)}`
      : ''
    const at = `(${exact(Number(value))},${i})`
    return [
      `\\addplot[xbar,bar shift=0pt,fill=${texColor(itemStyle.color ?? black)},draw=none,bar width=${bp(barWidth, place)}${rounded}] coordinates {${at}};`,
      ...labelTex(label, at, label.show === true ? label.formatter : '', 0, place)
    ]
  })
}

function lineTex(series: Series, place: TexPlace): string[] {
  const { lineStyle = {}, data = [], markPoint = {} } = series
  const points = data.map(given => pointOf(given)).filter(point => point !== null)
  const color = lineStyle.color ?? series.itemStyle?.color ?? black
  const shown = series.showSymbol
    ? `,mark=*,mark size=${bp((series.symbolSize ?? 4) / 2, place)}`
    : ',mark=none'
  const { label = {}, symbolSize = 7, itemStyle = {} } = markPoint
  const marked = (markPoint.data ?? []).flatMap(({ coord }) => {
    const at = pointOf(coord)
    if (at === null) return []
    return [
      markTex([at], { sign: '*', size: symbolSize, itemStyle: { color, ...itemStyle } }, place),
      ...labelTex(label, at, label.formatter, symbolSize / 2, place)
    ]
  })
  return [
    `\\addplot[${strokeTex({ ...lineStyle, color }, place)}${shown}] coordinates {${points.join(' ')}};`,
    ...marked
  ]
}

function strokeTex({ color = black, width = 1, type }: LineStyle, place: TexPlace): string {
  const dashes = Array.isArray(type)
    ? `,dash pattern=${(type as number[]).map((long, i) => `${i % 2 === 0 ? 'on' : 'off'} ${bp(long, place)}`).join(' ')}`
    : ''
  return `color=${texColor(color)},line width=${bp(width, place)}${dashes}`
}

interface Sign {
  readonly sign: string
  readonly size: number
  readonly itemStyle: ItemStyle
  readonly aside?: number
}

/** Points that look alike. */
function markTex(
  points: readonly string[],
  { sign, size, itemStyle, aside = 0 }: Sign,
  place: TexPlace
): string {
  const { color = black, opacity = 1, borderColor, borderWidth = 0 } = itemStyle
  const options = [
    borderColor === undefined || borderWidth === 0
      ? // Marks of PGF are always stroked, which would make them larger by that.
        'draw opacity=0'
      : `draw=${texColor(borderColor)},line width=${bp(borderWidth, place)}`,
    ...(opacity === 1 ? [] : [`fill opacity=${short(opacity)}`]),
    // That of TikZ is higher than wide.
    ...(sign === 'diamond*' ? ['xscale=1.333'] : []),
    ...(aside === 0 ? [] : [`xshift=${bp(aside, place)}`])
  ]
  return `\\addplot[only marks,mark=${sign},mark size=${bp(size / 2, place)},color=${texColor(color)},mark options={${options.join(',')}}] coordinates {${points.join(' ')}};`
}

function scatterTex(series: Series, axes: Axes, place: TexPlace): string[] {
  const { data = [], itemStyle = {}, symbol = 'circle', symbolSize: size = 6, label = {} } = series
  const alike = new Map<string, { readonly drawn: Sign; readonly points: string[] }>()
  const labels: PointLabel[] = []
  for (const given of data) {
    const item = itemOf(given)
    const point = pairOf(item.value)
    if (point === null) continue
    const drawn: Sign = {
      sign: signs[item.symbol ?? symbol] ?? '*',
      ...{ size, itemStyle: { ...itemStyle, ...item.itemStyle } },
      aside: series.symbolOffset?.[0] ?? 0
    }
    const key = JSON.stringify(drawn)
    if (!alike.has(key)) alike.set(key, { drawn, points: [] })
    alike.get(key)!.points.push(written(point))
    const own = { ...label, ...item.label }
    const text = own.show !== true ? '' : own.formatter === '{b}' ? item.name : own.formatter
    if (typeof text === 'string' && text !== '') labels.push({ text, point, label: own })
  }
  return [
    ...(series.markLine?.data ?? []).flatMap(line =>
      baselineTex(line, series.markLine?.lineStyle ?? {}, place)
    ),
    ...[...alike.values()].map(({ drawn, points }) => markTex(points, drawn, place)),
    ...standingLabels(labels, size, axes).flatMap(({ text, point, label }) =>
      labelTex(label, written(point), text, size / 2, place)
    )
  ]
}

interface PointLabel {
  readonly text: string
  readonly point: readonly [number, number]
  readonly label: Label
}

/** Those that do not lie over one another. */
function standingLabels(
  labels: readonly PointLabel[],
  size: number,
  { xAxis, yAxis, room }: Axes
): PointLabel[] {
  const along = (value: number, axis: ChartAxis, pixels: number) => {
    const { min, max } = axisEnds(axis)
    return ((value - min) / (max - min)) * pixels
  }
  const wanted = labels.map(({ text, point, label }) => {
    const { fontSize = usual.fontSize, distance = usual.distance, position = 'right' } = label
    const place = { x: along(point[0], xAxis, room.width), y: -along(point[1], yAxis, room.height) }
    const box = labelBox(place, position, sansWidth(text, fontSize), {
      ...{ height: fontSize, radius: size / 2, distance }
    })
    const [width, height] = [box.right - box.left, box.bottom - box.top]
    return { x: box.left, y: (box.top + box.bottom) / 2, width, height }
  })
  return thinnedLabels(wanted, Infinity, { across: 0, upwards: 0 }).map(i => labels[i]!)
}

function baselineTex(given: unknown, style: LineStyle, place: TexPlace): string[] {
  const { xAxis, yAxis } = given as { readonly xAxis?: number; readonly yAxis?: number }
  const stroke = strokeTex(style, place)
  if (xAxis !== undefined)
    return [
      `\\draw[${stroke}] ({axis cs:${exact(xAxis)},0}|-{rel axis cs:0,0}) -- ({axis cs:${exact(xAxis)},0}|-{rel axis cs:0,1});`
    ]
  if (yAxis !== undefined)
    return [
      `\\draw[${stroke}] ({rel axis cs:0,0}|-{axis cs:0,${exact(yAxis)}}) -- ({rel axis cs:1,0}|-{axis cs:0,${exact(yAxis)}});`
    ]
  return []
}

const usual = { distance: 5, fontSize: 12 } as const

/** Which end of a label is at its point, and which way it is moved from there. */
const anchors: Readonly<Record<LabelSide, readonly [anchor: string, shift: string, sign: 1 | -1]>> =
  {
    right: ['west', 'xshift', 1],
    left: ['east', 'xshift', -1],
    top: ['south', 'yshift', 1],
    bottom: ['north', 'yshift', -1]
  }

/** What is said beside a place. @param beyond half of what stands there, in CSS pixels */
function labelTex(
  {
    color = black,
    distance = usual.distance,
    position = 'right',
    fontFamily = 'Inter',
    fontSize = usual.fontSize,
    backgroundColor
  }: Label,
  at: string,
  text: unknown,
  beyond: number,
  place: TexPlace
): string[] {
  if (typeof text !== 'string' || text === '') return []
  const font = texFont({ font: fontFamily, size: fontSize, weight: 400 }, place)
  const [anchor, shift, sign] = anchors[position]
  const ground = backgroundColor === undefined ? '' : `,fill=${texColor(backgroundColor)}`
  const moved = `anchor=${anchor},${shift}=${bp(sign * (beyond + distance), place)}`
  return [
    `\\node[lamella text,${moved},font=${font},text=${texColor(color)}${ground}] at (axis cs:${at.slice(1)} {${texWords(text)}};`
  ]
}

/** What ECharts' signs are called. */
const signs: Readonly<Record<string, string>> = {
  circle: '*',
  triangle: 'triangle*',
  diamond: 'diamond*',
  rect: 'square*'
}

function itemOf(given: unknown): Item {
  const isItem = typeof given === 'object' && given !== null && 'value' in given
  return isItem ? given : { value: given }
}

/** Null where a coordinate is no number. */
export function pairOf(given: unknown): readonly [number, number] | null {
  const { value } = itemOf(given)
  const [x, y] = Array.isArray(value) ? (value as unknown[]) : []
  return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x + y) ? [x, y] : null
}

function pointOf(given: unknown): string | null {
  const pair = pairOf(given)
  return pair && written(pair)
}

/** Such as `(1,0.5)`. */
function written([x, y]: readonly [number, number]): string {
  return `(${exact(x)},${exact(y)})`
}
