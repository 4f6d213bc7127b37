import { axisEnds, type ChartAxis } from './axis-tex.ts'
import { pairOf, type Series } from './series-tex.ts'
import { cellTex, texColor, type TexPlace } from './tex-paint.ts'

/** Points of all series of a chart: a plot of more takes more memory than pdfTeX has. */
const mostPlotted = 4000
/** Squares that TeX has room for. */
const mostSquares = 20_000

/** Whether points are so many that they are no plot. */
export function isCloud(series: readonly Series[]): boolean {
  return series.reduce((sum, { type, data = [] }) => sum + (type === 'scatter' ? data.length : 0), 0) > mostPlotted // prettier-ignore
}

/** Where a chart lies between its axes, in CSS pixels. */
interface Field {
  readonly xAxis: ChartAxis
  readonly yAxis: ChartAxis
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Points as squares of their size, those of one colour in one path; points of one colour that stand as good as at one place are one. */
export function cloudTex(
  series: readonly Series[],
  { xAxis, yAxis, left, top, width, height }: Field,
  place: TexPlace
): string[] {
  const along = (value: number, axis: ChartAxis) => {
    const { min, max } = axisEnds(axis)
    return (value - min) / (max - min)
  }
  const clouds = series
    .filter(({ type }) => type === 'scatter')
    .map(({ data = [], itemStyle = {}, symbolSize: size = 6 }) => ({
      ...{ size, color: itemStyle.color ?? '#000000' },
      points: data.flatMap(given => {
        const pair = pairOf(given)
        if (pair === null) return []
        return [[left + along(pair[0], xAxis) * width, top + (1 - along(pair[1], yAxis)) * height] as const] // prettier-ignore
      })
    }))
  const count = clouds.reduce((sum, { points }) => sum + points.length, 0)
  let near = 0.25
  const apart = () => clouds.map(cloud => ({ ...cloud, points: atPlaces(cloud.points, near) }))
  let drawn = apart()
  const total = () => drawn.reduce((sum, { points }) => sum + points.length, 0)
  while (total() > mostSquares) {
    near *= 1.25
    drawn = apart()
  }
  return [
    `% ${count} points as ${total()} squares, for a plot takes more memory than pdfTeX has: those of one colour within ${near.toFixed(2)} pixels are one.`,
    ...drawn.flatMap(({ size, color, points }) => [
      '\\begin{scope}',
      `\\pgfsetfillcolor${texColor(color)}`,
      ...points.map(([x, y]) => {
        const [across, down, side] = [x - size / 2, y - size / 2, size].map(
          own => own * place.scale
        )
        return cellTex(across!, down!, side!, side!, place)
      }),
      '\\pgfusepath{fill}\\end{scope}'
    ])
  ]
}

/** The first of the points at each place of a grid. */
function atPlaces<P extends readonly [number, number]>(points: readonly P[], near: number): P[] {
  const known = new Map<string, P>()
  for (const point of points) {
    const key = `${Math.round(point[0] / near)} ${Math.round(point[1] / near)}`
    if (!known.has(key)) known.set(key, point)
  }
  return [...known.values()]
}
