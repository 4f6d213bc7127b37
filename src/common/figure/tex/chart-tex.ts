import type { ChartPanel } from '../figure-kind.ts'
import { graphicTex, type Graphic } from './graphic-tex.ts'
import { bp, corner, short, texColor, texFont, texWords, type TexPlace } from './tex-paint.ts'

/** What of an ECharts option a chart is drawn by here. */
interface Axis {
  readonly type?: string
  readonly name?: string
  readonly min?: number
  readonly max?: number
  readonly data?: readonly string[]
  readonly inverse?: boolean
  readonly show?: boolean
  readonly axisLabel?: {
    readonly fontSize?: number
    readonly color?: string
    readonly fontFamily?: string
  }
}
interface Item {
  readonly name?: string
  readonly symbol?: string
  readonly value: unknown
  readonly itemStyle?: { readonly color?: string }
  readonly label?: {
    readonly show?: boolean
    readonly formatter?: unknown
    readonly color?: string
  }
}
interface Series {
  readonly type?: string
  readonly name?: string
  readonly data?: readonly unknown[]
  readonly lineStyle?: { readonly color?: string; readonly width?: number; readonly type?: unknown }
  readonly itemStyle?: { readonly color?: string }
  readonly symbol?: string
  readonly symbolSize?: number
  readonly label?: { readonly show?: boolean; readonly formatter?: unknown }
  readonly markLine?: { readonly data?: readonly unknown[] }
  readonly markPoint?: {
    readonly data?: readonly { readonly coord?: readonly number[] }[]
    readonly label?: { readonly formatter?: unknown }
    readonly itemStyle?: { readonly color?: string }
  }
}
interface Option {
  readonly title?: { readonly text?: string }
  readonly grid?: Readonly<Record<string, number>>
  readonly xAxis?: Axis
  readonly yAxis?: Axis
  readonly series?: Series | readonly Series[]
  readonly graphic?: readonly Graphic[]
}

const words = { font: 'Inter', weight: 400 } as const

/** A chart as a PGFPlots axis, with what stands over it. @throws RangeError naming what it holds that is not known here */
export function chartTex({ option, width, height }: ChartPanel, place: TexPlace): string[] {
  const {
    title,
    grid = {},
    xAxis = {},
    yAxis = {},
    series = [],
    graphic = []
  } = option as unknown as Option
  const { left = 40, right = 10, top = 10, bottom = 30 } = grid
  const size = xAxis.axisLabel?.fontSize ?? yAxis.axisLabel?.fontSize ?? 11
  const font = texFont({ ...words, size }, place)
  const all = Array.isArray(series) ? (series as readonly Series[]) : [series as Series]
  const bars = all.some(({ type }) => type === 'bar')
  const options = [
    `at={${corner(left, top, place)}},anchor=north west,scale only axis,clip=false`,
    `width=${bp(width - left - right, place)},height=${bp(height - top - bottom, place)}`,
    `tick label style={font=${font}},label style={font=${font}}`,
    ...axisOptions('x', xAxis),
    ...axisOptions('y', yAxis),
    ...(title?.text === undefined
      ? []
      : [
          `title={${texWords(title.text)}},title style={font=${texFont({ ...words, size: size + 2, weight: 600 }, place)}}`
        ]),
    ...(bars
      ? [
          'xbar,bar shift=0pt',
          'axis line style={draw=none}',
          'tick style={draw=none}',
          'enlarge y limits={abs=0.6}'
        ]
      : ['axis lines*=left'])
  ]
  return [
    `\\begin{axis}[${options.join(',\n  ')}]`,
    ...all.flatMap(own => seriesTex(own, place, font)),
    '\\end{axis}',
    ...graphic.map(own => graphicTex(own, place))
  ]
}

function axisOptions(name: 'x' | 'y', axis: Axis): string[] {
  const limit = (end: 'min' | 'max') =>
    typeof axis[end] === 'number' ? [`${name}${end}=${short(axis[end])}`] : []
  const labels = axis.data?.map(label => `{${texWords(label)}}`)
  return [
    ...limit('min'),
    ...limit('max'),
    ...(axis.name === undefined || axis.show === false
      ? []
      : [`${name}label={${texWords(axis.name)}}`]),
    ...(axis.inverse ? [`${name} dir=reverse`] : []),
    ...(axis.show === false ? [`${name}tick=\\empty,${name} axis line style={draw=none}`] : []),
    ...(labels === undefined
      ? []
      : [
          `${name}tick={${labels.map((_, i) => i).join(',')}}`,
          `${name}ticklabels={${labels.join(',')}}`
        ])
  ]
}

function seriesTex(series: Series, place: TexPlace, font: string): string[] {
  switch (series.type) {
    case 'bar':
      return barTex(series, font)
    case 'line':
      return lineTex(series, place, font)
    case 'scatter':
      return scatterTex(series, place, font)
    default:
      throw new RangeError(`a chart of type ${series.type ?? 'none'} is not known to PGFPlots here`)
  }
}

/** A bar a plot, so that each may have a colour and a note of its own. */
function barTex({ data = [] }: Series, font: string): string[] {
  return data.flatMap((given, i) => {
    const item = itemOf(given)
    const color = item.itemStyle?.color ?? '#000000'
    const note = item.label?.show === true ? item.label.formatter : undefined
    const value = Number(item.value)
    return [
      `\\addplot[fill=${texColor(color)},draw=none,bar width=6pt,forget plot] coordinates {(${short(value)},${i})};`,
      ...(typeof note === 'string' && note !== ''
        ? [
            `\\node[anchor=west,inner sep=3pt,font=${font},text=${texColor(item.label?.color ?? '#000000')}] at (axis cs:${short(value)},${i}) {${texWords(note)}};`
          ]
        : [])
    ]
  })
}

function lineTex(series: Series, place: TexPlace, font: string): string[] {
  const { lineStyle = {}, data = [], markPoint, name } = series
  const dashes = lineStyle.type !== undefined && lineStyle.type !== 'solid' ? ',dashed' : ''
  const points = data.map(given => pointOf(given)).filter(point => point !== null)
  const color = texColor(lineStyle.color ?? series.itemStyle?.color ?? '#000000')
  const marks = (markPoint?.data ?? []).flatMap(({ coord }) => {
    if (coord === undefined) return []
    const text = markPoint?.label?.formatter
    const place = `(axis cs:${short(coord[0]!)},${exact(coord[1]!)})`
    return [
      `\\addplot[only marks,mark=*,mark size=1.8pt,color=${color},forget plot] coordinates {(${short(coord[0]!)},${exact(coord[1]!)})};`,
      ...(typeof text === 'string'
        ? [`\\node[anchor=west,inner sep=3pt,font=${font}] at ${place} {${texWords(text)}};`]
        : [])
    ]
  })
  return [
    `\\addplot[color=${color},line width=${bp(lineStyle.width ?? 1, place)}${dashes}] coordinates {${points.join(' ')}};`,
    ...(name === undefined ? [] : [`\\addlegendentry{${texWords(name)}}`]),
    ...marks
  ]
}

function scatterTex(
  { data = [], itemStyle, symbol = 'circle', symbolSize = 6, label, markLine }: Series,
  place: TexPlace,
  font: string
): string[] {
  const points = data.flatMap(given => {
    const item = itemOf(given)
    const point = pointOf(item.value)
    if (point === null) return []
    const color = texColor(item.itemStyle?.color ?? itemStyle?.color ?? '#000000')
    const { show, formatter } = item.label ?? label ?? {}
    const text = show !== true ? undefined : formatter === '{b}' ? item.name : formatter
    const sign = signs[item.symbol ?? symbol] ?? '*'
    return [
      `\\addplot[only marks,mark=${sign},mark size=${bp(symbolSize / 2, place)},color=${color},forget plot] coordinates {${point}};`,
      ...(typeof text === 'string' && text !== ''
        ? [
            `\\node[anchor=west,inner sep=3pt,font=${font}] at (axis cs:${point.slice(1)} {${texWords(text)}};`
          ]
        : [])
    ]
  })
  const lines = (markLine?.data ?? []).flatMap(given => {
    const { xAxis, yAxis } = given as { readonly xAxis?: number; readonly yAxis?: number }
    if (xAxis !== undefined)
      return [
        `\\draw[dashed] ({axis cs:${exact(xAxis)},0}|-{rel axis cs:0,0}) -- ({axis cs:${exact(xAxis)},0}|-{rel axis cs:0,1});`
      ]
    if (yAxis !== undefined)
      return [
        `\\draw[dashed] ({rel axis cs:0,0}|-{axis cs:0,${exact(yAxis)}}) -- ({rel axis cs:1,0}|-{axis cs:0,${exact(yAxis)}});`
      ]
    return []
  })
  return [...points, ...lines]
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

/** Such as `(1,0.5)`; null where a coordinate is no number. */
function pointOf(given: unknown): string | null {
  const { value } = itemOf(given)
  const [x, y] = Array.isArray(value) ? (value as unknown[]) : []
  if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x + y)) return null
  return `(${exact(x)},${exact(y)})`
}

function exact(value: number): string {
  return String(Number(value.toPrecision(7)))
}
