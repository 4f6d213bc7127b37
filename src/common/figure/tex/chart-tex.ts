import type { ChartPanel } from '../figure-kind.ts'
import { drawnSize } from '../panel-svg.ts'
import { axisTex, type ChartAxis } from './axis-tex.ts'
import { cloudTex, isCloud } from './cloud-tex.ts'
import { graphicTex, type Graphic } from './graphic-tex.ts'
import { seriesTex, type Series } from './series-tex.ts'
import { at, bp, corner, texColor, texFont, texWords, type TexPlace } from './tex-paint.ts'

/** What of an ECharts option a chart is drawn by here. */
interface Option {
  readonly title?: {
    readonly text: string
    readonly left: number
    readonly top: number
    readonly textStyle: {
      readonly fontFamily: string
      readonly fontSize: number
      readonly color: string
    }
  }
  readonly grid?: Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>
  readonly xAxis?: ChartAxis
  readonly yAxis?: ChartAxis
  readonly series?: Series | readonly Series[]
  readonly graphic?: readonly Graphic[]
}

/** A chart as a PGFPlots axis, with what stands over it. @throws RangeError naming what it holds that is not known here */
export function chartTex(panel: ChartPanel, place: TexPlace): string[] {
  const { title, grid, xAxis, yAxis, series = [], graphic = [] } = panel.option as unknown as Option
  const all = [series].flat() as readonly Series[]
  const drawn =
    grid && xAxis && yAxis
      ? gridTex({ grid, xAxis, yAxis, series: all }, drawnSize(panel), place)
      : []
  return [
    ...(title === undefined ? [] : [titleTex(title, place)]),
    ...drawn,
    ...graphic.map(own => graphicTex(own, place))
  ]
}

function titleTex(
  { text, left, top, textStyle }: NonNullable<Option['title']>,
  place: TexPlace
): string {
  const { fontSize: size, fontFamily: font, color } = textStyle
  return `\\node[lamella text,anchor=west,text=${texColor(color)},font=${texFont({ font, size, weight: 600 }, place)}] at ${at(left, top + size / 2, place)} {${texWords(text)}};`
}

/** What lies within the axes. */
function gridTex(
  {
    grid,
    xAxis,
    yAxis,
    series
  }: Required<Pick<Option, 'grid' | 'xAxis' | 'yAxis'>> & {
    readonly series: readonly Series[]
  },
  size: { readonly width: number; readonly height: number },
  place: TexPlace
): string[] {
  const { left, right, top, bottom } = grid
  const room = { width: size.width - left - right, height: size.height - top - bottom }
  const asCloud = isCloud(series)
  const plotted = asCloud ? series.filter(({ type }) => type !== 'scatter') : series
  const [x, y] = [axisTex('x', xAxis, yAxis, place), axisTex('y', yAxis, xAxis, place)]
  const options = [
    `at={${corner(left, top, place)}},anchor=north west,scale only axis,clip=false`,
    `width=${bp(room.width, place)},height=${bp(room.height, place)}`,
    // The labels are the numbers themselves: a power of ten beside the axis would be one too many.
    'scaled ticks=false,axis line style={draw=none},major tick style={draw=none},axis on top=false',
    ...x.options,
    ...y.options
  ]
  return [
    `\\begin{axis}[${options.join(',\n  ')}]`,
    ...x.lines,
    ...y.lines,
    ...plotted.flatMap(own => seriesTex(own, { xAxis, yAxis, room }, place)),
    '\\end{axis}',
    ...(asCloud ? cloudTex(series, { xAxis, yAxis, left, top, ...room }, place) : [])
  ]
}
