import { describe, expect, it } from 'vitest'
import { kindNames } from '#common/figure/drawing-of.ts'
import type { DrawnFigure } from '#common/figure/drawn-figure.ts'
import type { MapPanel } from '#common/figure/figure-kind.ts'
import type { RectMark } from '#common/figure/mark.ts'
import type { Plot, PlotAxis } from '#common/figure/plot.ts'
import { scaledPanel } from '#common/figure/panels/scaled-panel.ts'
import { figureTex } from '#common/figure/tex/figure-tex.ts'
import { keptFigures, plotFigures } from './plot-examples.ts'
import { texFaults } from './tex-faults.ts'

const tex = (figure: DrawnFigure) => figureTex(figure, 'A figure', [])
const axisFigures = Object.entries(plotFigures).filter(([name]) => name !== 'head-map, one layer')
/** What each plot of a picture is said to be, and its points. */
function plotsIn(picture: string) {
  const plots = picture.matchAll(/(?:^% (.*)\n)?^\\addplot\[([^\n]*)\] coordinates \{(.*)\};$/gm)
  return Array.from(plots, ([, name, options, points]) => ({
    ...{ name, options: options! },
    points: Array.from(points!.matchAll(/\(([^,]+),([^)]+)\)/g), ([, x, y]) => [x === 'nan' ? NaN : Number(x), y === 'nan' ? NaN : Number(y)]) // prettier-ignore
  }))
}
const named = (figure: DrawnFigure, name: string) =>
  plotsIn(tex(figure)).filter(plot => plot.name === name)

describe('values between axes in TeX', () => {
  it.each(axisFigures)('are an axis, and no paths in pixels: %s', (_, figure) => {
    const picture = tex(figure)
    expect(texFaults(picture)).toEqual([])
    expect(picture.match(/\\begin\{axis\}/g)).not.toBeNull()
    // The ground, and what stands beside axes, such as a legend.
    const { marks } = figure.panel as MapPanel
    const beside = marks.map(mark => {
      if (mark.plotted || mark.kind === 'text' || mark.kind === 'spot') return 0
      return mark.kind === 'line'
        ? 1
        : Number(typeof mark.fill === 'string') + Number(mark.line !== null)
    })
    const paths = beside.reduce((sum, own) => sum + own, 1)
    expect(picture.match(/^\\(draw|fill)/gm)).toHaveLength(paths)
  })

  it('are those of the figure, a series a plot: lines with their gaps, bars by their middle, dots', () => {
    const figure = plotFigures['line-plot']
    expect(named(figure, 'weights')).toMatchObject([{ points: [[-0.5, 2], [0.5, 8], [1.5, 0.01]] }]) // prettier-ignore
    const [line] = named(figure, 'normal')
    expect(line).toMatchObject({ points: [[-1, 2.5], [0, 7]] }) // prettier-ignore
    // A point that no other is beside is no line.
    const after = plotsIn(tex(figure)).map(({ points }) => points)
    expect(after).toContainEqual([[1.5, 3]])
    expect(named(figure, 'seen')).toMatchObject([{ points: [[-0.5, 1], [0.5, 6]] }]) // prettier-ignore
    expect(named(figure, 'mean')).toMatchObject([{ points: [[0.4, 0], [0.4, 8]] }]) // prettier-ignore
    expect(tex(figure)).toContain('xlabel={weight}')
    expect(tex(figure)).toContain('xtick={-1,-0.5,0,0.5,1,1.5,2},xticklabels={{$-$1},{$-$0.5')
  })

  it('are boxes, whiskers and medians on a logarithmic axis', () => {
    const figure = plotFigures['line-plot, boxes on logarithms']
    expect(tex(figure)).toContain('ymode=log,ymin=0.5,ymax=90')
    const [middle] = named(figure, 'heads, medians')
    const gap = [0, NaN]
    expect(middle!.points).toEqual([[-0.3, 2], [0.3, 2], gap, [0.7, 20], [1.3, 20]]) // prettier-ignore
    expect(middle!.options).toContain('unbounded coords=jump')
    expect(named(figure, 'heads, boxes')[0]!.points).toHaveLength(11)
  })

  it('are as high as they are, also where that is less than a pixel of the screen', () => {
    const bars = named(plotFigures['token-bars'], 'surprisal, nats')
    expect(bars.map(({ points }) => points)).toEqual([[[1, 4], [3, 0.003]], [[2, 1]]]) // prettier-ignore
    const [above] = named(plotFigures['signed-bars'], 'logits, above 0')
    expect(above!.points).toContainEqual([0.0004, 3])
    const counts = named(plotFigures['score-histogram'], 'queries').flatMap(own => own.points)
    expect(counts).toContainEqual([0.875, 1])
  })

  it('are tokens from the right where the text is read from there', () => {
    expect(tex(plotFigures['token-bars, from the right'])).toContain('x dir=reverse')
    expect(tex(plotFigures['token-bars'])).not.toContain('x dir=reverse')
  })

  it('are ranks by the logarithm of one more', () => {
    const picture = tex(plotFigures['token-bars, ranks'])
    expect(picture).toContain('ymode=log,ymin=1,ymax=100')
    expect(picture).toContain('log origin=infty')
    expect(picture).toMatch(/ytick=\{1,.*100\},yticklabels=\{\{0\},.*\{99\}\}/)
    expect(named(plotFigures['token-bars, ranks'], 'surprisal, nats, each one more')[0]!.points).toEqual([[1, 100], [3, 1]]) // prettier-ignore
  })

  it('are stacked counts, a kind a plot', () => {
    expect(tex(plotFigures['depth-kinds'])).toContain('xbar stacked')
    const counts = ['induction', 'self', 'none'].map(
      kind => named(plotFigures['depth-kinds'], kind)[0]!.points
    )
    expect(counts).toEqual([[[2, 0], [1, 1]], [[0, 0], [0, 1]], [[2, 0], [3, 1]]]) // prettier-ignore
  })

  it('are cells, each with its value and where that lies among the colours', () => {
    const picture = tex(plotFigures['head-map'])
    const cellsIn = (picture: string) => /table\[meta index=3\] \{\n([^}]*)\n\};/.exec(picture)![1]!.split('\n') // prettier-ignore
    const grid = ['0 0 0.5 0.5', '1 0 0.25 0.25', '2 0 nan -0.063', '0 1 0.125 0.125', '1 1 0 0', '2 1 1 1'] // prettier-ignore
    expect(cellsIn(tex(plotFigures['token-grid']))).toEqual(grid)
    expect(cellsIn(tex(plotFigures['token-grid, from the right']))).toEqual(grid)
    expect(tex(plotFigures['token-grid, from the right'])).toContain('x dir=reverse')
    expect(cellsIn(picture)).toEqual(['0 0 0 0', '1 0 0.5 0.5', '2 0 1 1', '0 1 nan -0.063', '1 1 0.25 0.25', '2 1 0.0003 0']) // prettier-ignore
    expect(picture).toContain('mesh/cols=3')
    expect(picture).toContain('xtick={0,1,2},xticklabels={{head 0},{1},{2}}')
    expect(picture).toContain('ytick={0,1},yticklabels={{4},{5}}')
    // PGFPlots does not draw a single row of cells.
    expect(tex(plotFigures['head-map, one layer'])).not.toContain('\\begin{axis}')
  })

  it('stand where the screen has them: every bar at its place, of its thickness', () => {
    let compared = 0
    for (const [, figure] of axisFigures) {
      const { marks, plots } = figure.panel as MapPanel
      const rects = marks.filter((mark): mark is RectMark => mark.kind === 'rect' && mark.plotted === true) // prettier-ignore
      for (const bar of plots!.flatMap(barsOf)) {
        const { left, top, width, height } = bar
        const near = (a: number, b: number) => Math.abs(a - b) < 0.01
        // Of less than a pixel the screen has one.
        const there = rects.filter(
          rect =>
            near(rect.x, left) &&
            (near(rect.width, width) || (width < 1 && rect.width === 1)) &&
            (near(rect.height, height) || (height < 1 && rect.height === 1)) &&
            (near(rect.y, top) || near(rect.y + rect.height, top + height))
        )
        expect(there).not.toEqual([])
        compared++
      }
    }
    expect(compared).toBeGreaterThan(20)
  })

  it('are made smaller with their panel', () => {
    const { panel } = plotFigures['score-row']
    const scaled = scaledPanel(panel, 0.5) as MapPanel
    const [half] = scaled.plots!
    const [whole] = (panel as MapPanel).plots!
    expect(half!.width).toBe(whole!.width / 2)
    expect(half!.words.size).toBe(whole!.words.size / 2)
    expect(half!.series.map(({ x, y }) => [x, y])).toEqual(whole!.series.map(({ x, y }) => [x, y]))
    expect(half!.series.map(({ size }) => size)).toEqual(whole!.series.map(({ size }) => size / 2))
  })

  it('are paths where TeX has too little memory or too few digits for them', () => {
    const figure = plotFigures['token-bars']
    const panel = figure.panel as MapPanel
    const [plot] = panel.plots!
    const drawn = (own: Partial<Plot>) =>
      tex({ ...figure, panel: { ...panel, plots: [{ ...plot!, ...own }] } })
    expect(drawn({})).toContain('\\begin{axis}')
    const many = { ...plot!.series[0]!, x: new Float64Array(20_000), y: new Float64Array(20_000) }
    const narrow = { ...plot!.y, from: 1000, to: 1000.1 }
    for (const own of [{ series: [many] }, { y: narrow }]) {
      expect(drawn(own)).not.toContain('\\begin{axis}')
      expect(drawn(own)).toMatch(/^\\fill.*rectangle/m)
    }
  })
})

/** Bars of a plot in pixels. */
function barsOf({ left, top, width, height, x, y, series }: Plot) {
  const log = (value: number, { isLog }: PlotAxis) => (isLog ? Math.log(value) : value)
  const share = (value: number, axis: PlotAxis) =>
    (log(value, axis) - log(axis.from, axis)) / (log(axis.to, axis) - log(axis.from, axis))
  const across = (value: number) => left + share(value, x) * width
  const up = (value: number) => top + (1 - share(value, y)) * height
  return series.flatMap(({ shape, x: xs, y: ys, size, shift = 0 }) =>
    shape === 'bars'
      ? Array.from(xs).flatMap((at, i) => {
          const ends = [up(ys[i]!), up(y.isLog ? y.from : 0)]
          const middle = across(at) + shift
          return Number.isNaN(ys[i]) ? [] : [{ left: middle - size / 2, width: size, top: Math.min(...ends), height: Math.abs(ends[0]! - ends[1]!) }] // prettier-ignore
        })
      : shape === 'rows'
        ? Array.from(xs, (value, i) => {
            const ends = [across(0), across(value)]
            return { left: Math.min(...ends), width: Math.abs(ends[0]! - ends[1]!), top: up(ys[i]!) - size / 2, height: size } // prettier-ignore
          })
        : []
  )
}

/** Kinds that have no values between axes, and why. */
const asPaths: Readonly<Record<string, string>> = {
  'attention-lines': 'lines between two columns of tokens',
  'block-diagram': 'a diagram',
  'context-lines': 'lines of text',
  dendrogram: 'a tree',
  'model-lines': 'small pictures of lines, thousands of them',
  'model-space': 'a drawing in space, seen from an angle',
  'shaded-text': 'a text',
  'vector-product': 'cells of vectors, with the signs between them'
}
/** Kinds that are axes of PGFPlots; large maps are areas under one. */
const asAxes = [
  ...['attention-map', 'bar-chart', 'depth-kinds', 'depth-scores', 'distance-matrix', 'head-grid'],
  ...['head-map', 'head-map-beside'],
  ...['head-scatter', 'line-plot', 'offset-curve', 'point-scatter', 'score-histogram', 'score-row'],
  ...['signed-bars', 'token-bars', 'token-grid', 'weight-map']
]

describe('kinds of figures in TeX', () => {
  it('are axes, or are told here why not', () => {
    expect([...asAxes, ...Object.keys(asPaths)].toSorted()).toEqual(kindNames.toSorted())
  })

  it('are as they are told', async () => {
    const own = axisFigures.map(([name, figure]) => [name.replace(/,.*/, ''), figure] as const) // prettier-ignore
    for (const [kind, figure] of [...(await keptFigures()), ...own])
      expect([kind, tex(figure).includes('\\begin{axis}')]).toEqual([kind, asAxes.includes(kind)])
  })
})
