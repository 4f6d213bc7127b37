import type { Plot, PlotAxis, PlotCells, PlotSeries, PlotTick, PlotWords } from '../plot.ts'
import { cutToRoom, textWidth } from '../text-width.ts'
import { visibleText } from '../../text/visible-text.ts'
import { exact } from './axis-tex.ts'
import { colormapTex, empty } from './colormap-tex.ts'
import { bp, corner, short, texColor, texFont, texWords, type TexPlace } from './tex-paint.ts'

/** Values of all plots of a panel: as many bars take 1.6 of the 5 million words of memory that pdfTeX has, 10,000 nearly all of them. */
const mostValues = 7000
/** Cells of a plot. */
const mostCells = 2000
/** A span that is less of its ends is beyond the digits that PGFPlots reckons with. */
const leastSpan = 1e-3

/** Whether TeX has the memory and the digits for plots; else they are drawn as paths. */
export function isPlottable(plots: readonly Plot[]): boolean {
  const values = plots.flatMap(({ series }) => series.map(({ x }) => x.length))
  if (plots.some(({ cells }) => cells && cells.values.length > mostCells)) return false
  return (
    values.reduce((sum, count) => sum + count, 0) <= mostValues &&
    plots.every(({ x, y }) => [x, y].every(hasDigits))
  )
}

function hasDigits({ from, to, isLog }: PlotAxis): boolean {
  const [low, high] = isLog ? [Math.log10(from), Math.log10(to)] : [from, to]
  return from === to || Math.abs(high - low) >= leastSpan * Math.max(Math.abs(low), Math.abs(high))
}

/** Values between axes as an axis of PGFPlots, with a plot for each series. */
export function plotTex(plot: Plot, place: TexPlace): string[] {
  const { left, top, width, height, x, y, series, cells } = plot
  const options = [
    `at={${corner(left, top, place)}},anchor=north west,scale only axis,clip=${series.some(own => reachesBeyond(own, plot))}`,
    `width=${bp(width, place)},height=${bp(height, place)}`,
    `scaled ticks=false,axis x line*=${x.behind ? 'top' : 'bottom'},axis y line*=${y.behind ? 'right' : 'left'},separate axis lines,tick align=outside,major tick length=${bp(tickLength(plot), place)}`,
    ...(series.some(({ shape }) => shape === 'stacked') ? ['xbar stacked'] : []),
    ...(cells ? [`enlargelimits=false,${colormapTex(cells.table, cells.empty)}`] : []),
    ...axisOptions('x', x, plot, place),
    ...axisOptions('y', y, plot, place)
  ]
  return [
    `\\begin{axis}[${options.join(',\n  ')}]`,
    ...(cells ? cellsTex(cells, place) : []),
    ...series.flatMap(own => seriesTex(own, plot, place)),
    '\\end{axis}'
  ]
}

/** Of either axis: PGFPlots has but one. */
function tickLength({ x, y }: Plot): number {
  return Math.max(x.tickLength, y.tickLength)
}

function axisOptions(name: 'x' | 'y', axis: PlotAxis, plot: Plot, place: TexPlace): string[] {
  const { from, to, isLog, ticks, line, grid } = axis
  const { words = plot.words } = axis
  const [min, max] = endsOf(axis)
  const stroke = (color: string | null) =>
    color === null ? 'draw=none' : `draw=${texColor(color)},line width=${bp(1, place)}`
  const font = wordsTex(words, place)
  const away = axis.away - tickLength(plot)
  const beside =
    name === 'x'
      ? `anchor=center,yshift=${bp(axis.behind ? away : -away, place)}`
      : axis.behind
        ? `anchor=west,xshift=${bp(away, place)}`
        : `anchor=${axis.begins ? 'west' : 'east'},xshift=${bp(-away, place)}`
  const label = ({ text, color = words.color, isBold = false }: PlotTick) => {
    const own = isBold ? `\\mbox{\\bfseries\\boldmath ${texWords(text)}}` : texWords(text)
    return color === words.color ? own : `\\textcolor${texColor(color)}{${own}}`
  }
  return [
    `${isLog ? `${name}mode=log,` : ''}${name}min=${exact(min)},${name}max=${exact(max)}${from > to ? `,${name} dir=reverse` : ''}`,
    `${name} axis line style={${stroke(line)}},${name}tick style={${stroke(axis.tickLength > 0 ? line : null)}}`,
    ticks.length === 0
      ? `${name}tick=\\empty`
      : `${name}tick={${ticks.map(({ at }) => exact(at)).join(',')}},${name}ticklabels={${ticks.map(own => `{${label(own)}}`).join(',')}}`,
    `${name}ticklabel style={lamella text,${font},${beside}}`,
    ...(grid === null
      ? []
      : [
          `${name}majorgrids,${name} grid style={${stroke(grid.color)},opacity=${short(grid.opacity)}}`
        ]),
    ...(axis.name === null ? [] : nameOptions(name, axis.name, plot.words, place))
  ]
}

/** What an axis reaches from and to; of a single value so that it stands in the middle. */
function endsOf({ from, to, isLog }: PlotAxis): readonly [min: number, max: number] {
  if (from !== to) return [Math.min(from, to), Math.max(from, to)]
  return isLog ? [from / 10, from * 10] : [from - 0.5, from + 0.5]
}

function nameOptions(
  name: 'x' | 'y',
  { text, away, room }: NonNullable<PlotAxis['name']>,
  words: PlotWords,
  place: TexPlace
): string[] {
  const font = wordsTex(words, place)
  const shown = cutToRoom(text, room, own => textWidth(own, words))
  const shift =
    name === 'x'
      ? `at={(rel axis cs:0.5,0)},anchor=center,yshift=${bp(-away, place)}`
      : `at={(rel axis cs:0,0.5)},anchor=center,rotate=90,yshift=${bp(away, place)}`
  return [
    `${name}label={${texWords(shown)}}`,
    `every axis ${name} label/.style={lamella text,${font},${shift}}`
  ]
}

/** Cells as a plot of where they lie among the colours, beside their values. */
function cellsTex({ columns, values, shares, edge }: PlotCells, place: TexPlace): string[] {
  const rows = Array.from(values, (value, i) => {
    const place = `${i % columns} ${Math.floor(i / columns)}`
    return Number.isNaN(value)
      ? `${place} nan ${short(empty)}`
      : `${place} ${exact(value)} ${short(shares[i]!)}`
  })
  return [
    `% Across, down, the value, and where that lies among the colours from 0 to 1; at ${short(empty)} there is none.`,
    `\\addplot[matrix plot*,mesh/cols=${columns},point meta=explicit,shader=faceted,faceted color=${texColor(edge.color)},line width=${bp(edge.width, place)}] table[meta index=3] {`,
    ...rows,
    '};'
  ]
}

function wordsTex(words: PlotWords, place: TexPlace): string {
  return `font=${texFont({ ...words, weight: 400 }, place)},text=${texColor(words.color)}`
}

function seriesTex(series: PlotSeries, plot: Plot, place: TexPlace): string[] {
  const { name, shape, x, y, color, size, shift = 0, opacity = 1, fill, thick = 1, edge } = series
  const points = Array.from(x, (own, i) => [own, y[i]!] as const)
  if (!points.some(isThere)) return []
  // Where there is no value a line ends, and another begins.
  const parted = shape === 'line' || shape === 'areas'
  const written = points
    .filter((point, i) => isThere(point) || (parted && i > 0 && isThere(points[i - 1]!)))
    .map(point => (isThere(point) ? `(${exact(point[0])},${exact(point[1])})` : '(0,nan)'))
  if (written.at(-1) === '(0,nan)') written.pop()
  const stroke = `color=${texColor(color)},line width=${bp(size, place)}`
  const origin = (axis: PlotAxis) => (axis.isLog ? ',log origin=infty' : '')
  const options = {
    line: `${stroke},mark=none`,
    areas: `${stroke},mark=none,fill=${fill === undefined ? 'none' : texColor(fill)}`,
    dots: `only marks,mark=square*,mark size=${bp(size / 2, place)},color=${texColor(color)},mark options={draw opacity=0}`,
    dashes: `only marks,mark=-,mark size=${bp(size / 2, place)},color=${texColor(color)},mark options={line width=${bp(thick, place)}}`,
    bars: `ybar,bar width=${bp(size, place)},bar shift=${bp(shift, place)},draw=none,fill=${texColor(color)}${origin(plot.y)}`,
    stacked: `bar width=${bp(size + (edge?.width ?? 0), place)},fill=${texColor(color)},draw=${edge ? `${texColor(edge.color)},line width=${bp(edge.width, place)}` : 'none'}`,
    rows: `xbar,bar width=${bp(size, place)},bar shift=${bp(shift, place)},draw=none,fill=${texColor(color)}${origin(plot.x)}`
  }[shape]
  const own = [
    options,
    ...(parted && written.includes('(0,nan)') ? ['unbounded coords=jump'] : []),
    ...(opacity === 1 ? [] : [`opacity=${short(opacity)}`])
  ]
  return [
    ...(name === null ? [] : [`% ${visibleText(name)}`]),
    `\\addplot[${own.join(',')}] coordinates {${written.join(' ')}};`
  ]
}

type Point = readonly [x: number, y: number]

function isThere([x, y]: Point): boolean {
  return Number.isFinite(x) && Number.isFinite(y)
}

/** Whether something of a series is outside of the axes: it is cut off there, as it is on the screen. */
function reachesBeyond({ shape, x, y }: PlotSeries, plot: Plot): boolean {
  if (shape === 'stacked') return false
  const isBeyond = (values: ArrayLike<number>, axis: PlotAxis) => {
    const [min, max] = endsOf(axis)
    const slack = 1e-6 * (max - min)
    return Array.from(values).some(value => value < min - slack || value > max + slack)
  }
  return isBeyond(x, plot.x) || isBeyond(y, plot.y)
}
