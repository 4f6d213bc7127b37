import { tickText } from './color-bar.ts'
import type { LinePlotData, PlotSeries } from './line-plot-data.ts'
import {
  dotSide,
  hasPlace,
  lineColorOf,
  side,
  strokeOf,
  tickWord,
  type LinePlotScales
} from './line-plot-parts.ts'
import type { Look } from './look.ts'
import type { Plot, PlotSeries as Plotted } from './plot.ts'

/** The values as they are plotted; none where that has bars of a logarithmic axis, which are of unlike widths. */
export function linePlotAxes(data: LinePlotData, plot: LinePlotScales, look: Look): Plot[] {
  const { left, top, width, height, ticks, ends } = plot
  if (data.x.log && data.series.some(({ shape }) => shape === 'bars' || shape === 'boxes'))
    return []
  const axis = (name: 'x' | 'y') => ({
    ...{ from: ends[name][0], to: ends[name][1], isLog: data[name].log },
    ticks: ticks[name].map(at => ({
      at,
      text: name === 'x' ? tickWord(at, data.x) : tickText(at)
    }))
  })
  const named = data.lines.map(({ name, axis, at }): Plotted => {
    const along = axis === 'x' ? ends.y : ends.x
    const [x, y] = axis === 'x' ? [[at, at], along] : [along, [at, at]]
    return { name, shape: 'line', x, y, color: look.faint, size: 1 }
  })
  return [
    {
      ...{ left, top, width, height },
      x: {
        ...{ ...axis('x'), away: 12, tickLength: 4, line: look.line, grid: null },
        name: { text: data.x.name, away: 27, room: Infinity }
      },
      y: {
        ...{
          ...axis('y'),
          away: 6,
          tickLength: 0,
          line: null,
          grid: { color: look.empty, opacity: 1 }
        },
        name: { text: data.y.name, away: left - 8, room: height + 20 }
      },
      words: { font: look.sans, size: look.size, color: look.faint },
      series: [...data.series.flatMap(own => plottedSeries(own, data, plot, look)), ...named]
    }
  ]
}

function plottedSeries(
  series: PlotSeries,
  { x: xAxis, y: yAxis }: Pick<LinePlotData, 'x' | 'y'>,
  plot: LinePlotScales,
  look: Look
): Plotted[] {
  const { name, shape, x, width } = series
  const color = lineColorOf(series.color, look)
  if (shape === 'boxes') return plottedBoxes(series, yAxis.log, plot, { color, paper: look.paper })
  const isThere = (at: number, value: number | undefined) =>
    hasPlace(value, yAxis) && hasPlace(at, xAxis)
  const y = Array.from(x, (at, i) => (isThere(at, series.y[i]) ? series.y[i]! : NaN))
  if (shape === 'bars') {
    const wide = plot.across(width) - plot.across(0)
    const gap = wide > 3 ? 1 : 0
    const middle = Array.from(x, left => left + width / 2)
    const thick = { size: Math.max(0.5, wide - gap), shift: -gap / 2 }
    return [{ ...{ name, shape, x: middle, y, color }, ...thick }]
  }
  if (shape === 'dots') {
    const count = y.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0)
    return [{ ...{ name, shape, x, y, color }, size: dotSide(count) }]
  }
  const isAlone = (i: number) =>
    !Number.isNaN(y[i]) && Number.isNaN(y[i - 1] ?? NaN) && Number.isNaN(y[i + 1] ?? NaN)
  const { width: size, opacity } = strokeOf(series.color)
  const lone = y.flatMap((_, i) => (isAlone(i) ? [i] : []))
  return [
    {
      ...{ name, shape, x, color, size, opacity },
      y: y.map((value, i) => (isAlone(i) ? NaN : value))
    },
    ...(lone.length === 0
      ? []
      : [
          {
            ...{ name, shape: 'dots' as const, color, size: side },
            ...{ x: lone.map(i => x[i]!), y: lone.map(i => y[i]!) }
          }
        ])
  ]
}

/** As `boxMarks` draws them. */
function plottedBoxes(
  { name, x, y, width, spread }: PlotSeries,
  isLog: boolean,
  { across }: LinePlotScales,
  { color, paper }: { readonly color: string; readonly paper: string }
): Plotted[] {
  if (spread === undefined) return []
  const boxes = Array.from(x, (at, i) => {
    const [min, q1, middle, q3, max] = [spread.min, spread.q1, y, spread.q3, spread.max].map(
      own => own[i]!
    ) as [number, number, number, number, number]
    return { at, min, q1, middle, q3, max }
  }).filter(
    ({ at, min, q1, middle, q3, max }) =>
      Number.isFinite(at) &&
      [min, q1, middle, q3, max].every(value => hasPlace(value, { log: isLog }))
  )
  const isNarrow = across(width) - across(0) < 4
  const [half, cap] = [width / 2, width / 4]
  const joined = (points: readonly (readonly [number, number])[][]) => {
    const all = points.flatMap(own => [...own, [NaN, NaN] as const])
    return { x: all.map(([own]) => own), y: all.map(([, own]) => own) }
  }
  const ends = boxes.flatMap(({ at, min, q1, q3, max }) => [
    [[at, min] as const, [at, q1] as const],
    [[at, q3] as const, [at, max] as const],
    ...(isNarrow ? [] : [min, max].map(end => [[at - cap, end] as const, [at + cap, end] as const]))
  ])
  const frames = boxes.map(({ at, q1, q3 }) =>
    [
      [-half, q1],
      [half, q1],
      [half, q3],
      [-half, q3],
      [-half, q1]
    ].map(([off, end]) => [at + off!, end!] as const)
  )
  const middles = boxes.map(({ at, middle }) => [
    [at - half, middle] as const,
    [at + half, middle] as const
  ])
  return [
    { name: told(name, 'whiskers'), shape: 'line', ...joined(ends), color, size: 1 },
    {
      ...{ name: told(name, 'boxes'), shape: 'areas', ...joined(frames), color, size: 1 },
      fill: isNarrow ? color : paper
    },
    {
      ...{ name: told(name, 'medians'), shape: 'line', ...joined(middles) },
      ...{ color: isNarrow ? paper : color, size: 2 }
    }
  ]
}

function told(name: string | null, part: string): string {
  return name === null ? part : `${name}, ${part}`
}
