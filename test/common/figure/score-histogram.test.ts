import { join } from 'node:path'
import { expect, it } from 'vitest'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { RectMark } from '#common/figure/mark.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { scoreHistogram, type ScoreHistogramData } from '#common/figure/score-histogram.ts'

const look: Look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
}

/** Cells that are even along √score; the first and the last are empty. */
const counts = [0, 4, 0, 8, 2, 0]
const data: ScoreHistogramData = {
  title: 'a model · Head 0.1',
  name: 'induction',
  cells: counts.map((count, i) => ({ low: (i / 6) ** 2, high: ((i + 1) / 6) ** 2, count })),
  bins: [
    { low: 0.03, high: 0.1 },
    { low: 0.26, high: 0.5 }
  ],
  lines: [
    { name: 'mean', value: 0.25, faint: false },
    { name: 'uniform', value: 0.04, faint: true }
  ],
  lit: 1
}

function panel(own: Partial<ScoreHistogramData> = {}) {
  const all = { ...data, ...own }
  const drawn = scoreHistogram.panel(all, look, scoreHistogram.natural(all, look))
  if (drawn.kind !== 'map') throw new Error('expected marks')
  return drawn
}

const bars = (of: ReturnType<typeof panel>) =>
  of.marks
    .filter((mark): mark is RectMark => mark.kind === 'rect')
    // Those that say what tones are stand below the axis.
    .filter(({ y, height }, _, [first]) => y + height <= first!.y + first!.height + 0.01)
const words = (of: ReturnType<typeof panel>) =>
  of.marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))

it('is this picture', async () => {
  const document = panelSvg(panel())
  await expect(document).toMatchFileSnapshot(join(import.meta.dirname, 'score-histogram.svg'))
})

it('has bars as high as their counts, from the first that holds something to the last', () => {
  const [first, , third] = bars(panel())
  const [, second] = bars(panel())
  expect(bars(panel())).toHaveLength(3)
  expect(first!.height / second!.height).toBeCloseTo(4 / 8, 5)
  expect(third!.height / second!.height).toBeCloseTo(2 / 8, 5)
  // An empty cell lies between the first two.
  expect(second!.x - first!.x).toBeCloseTo(2 * (third!.x - second!.x), 5)
  expect(first!.x).toBe(58)
})

it('lights the bars of one part, and tells the others apart', () => {
  const fills = (lit: number | null) => bars(panel({ lit })).map(({ fill }) => fill)
  expect(fills(1)).toEqual([look.series[1], look.accent, look.accent])
  expect(fills(null)).toEqual([look.series[1], look.series[6], look.series[6]])
})

it('says what is counted, and what tones are where there are several', () => {
  const said = (own: Partial<ScoreHistogramData>) => words(panel(own))
  expect(said({ counts: 'tokens' })).toEqual(
    expect.arrayContaining(['tokens', 'parts of the range, by turns'])
  )
  expect(said({ bins: data.bins.slice(0, 1) })).not.toContain('parts of the range, by turns')
  expect(said({})).toContain('how many')
  const swatches = panel()
    .marks.filter(mark => mark.kind === 'rect')
    .slice(-2)
  expect(swatches).toMatchObject([{ fill: look.series[1] }, { fill: look.series[6] }])
  expect(scoreHistogram.shows({ ...data, counts: 'tokens' })).toBe(
    'Across: induction; up: how many tokens have it; tones: parts of the range, by turns'
  )
})

it('joins cells to bars where there are more than there is room for', () => {
  const cells = Array.from({ length: 512 }, (_, i) => ({ low: i, high: i + 1, count: 1000 }))
  const many = bars(panel({ cells }))
  expect(many.length).toBeLessThan(150)
  expect(many.length).toBeGreaterThan(100)
  const few = bars(panel({ cells: cells.map(cell => ({ ...cell, count: 0.1 })) }))
  expect(few.length).toBeLessThan(25)
})

it('names scores at their places along the axis', () => {
  const { marks } = panel()
  const verticals = marks.flatMap(mark =>
    mark.kind === 'line' && mark.points[0]![0] === mark.points[1]![0] && mark.color !== look.line
      ? [mark.points[0]![0]]
      : []
  )
  const [mean, uniform] = verticals as [number, number]
  const [first] = bars(panel())
  const step = bars(panel())[2]!.x - bars(panel())[1]!.x
  // 0.25 is where the third cell after the first begins; 0.04 lies within the first.
  expect(mean).toBeCloseTo(first!.x + 2 * step, 5)
  expect(uniform).toBeCloseTo(first!.x + (step * (0.04 - 1 / 36)) / (3 / 36), 5)
  expect(words(panel())).toEqual(expect.arrayContaining(['mean 0.250', 'uniform 0.0400', '8']))
})

it('says where its axis is not even, and not where it is', () => {
  expect(words(panel())).toContain('induction · axis finer near 0')
  const cells = Array.from({ length: 6 }, (_, i) => ({ low: i / 6, high: (i + 1) / 6, count: 1 }))
  expect(words(panel({ cells }))).toContain('induction')
})

it('has round ticks within the range that stand apart', () => {
  const { marks } = panel()
  const ticks = marks.flatMap(mark =>
    mark.kind === 'text' &&
    mark.align === 'center' &&
    !mark.upright &&
    !mark.text.startsWith('induction')
      ? [mark]
      : []
  )
  const values = ticks.map(({ text }) => Number(text))
  expect(values).toEqual([...values].sort((a, b) => a - b))
  expect(values.length).toBeGreaterThan(2)
  for (const value of values) {
    expect(value).toBeGreaterThanOrEqual(1 / 36)
    expect(value).toBeLessThanOrEqual(25 / 36)
  }
  ticks.slice(1).forEach(({ x }, i) => expect(x - ticks[i]!.x).toBeGreaterThanOrEqual(36))
})

it('has values on its axis that are told apart where no round ones lie in its range', () => {
  const cells = [0.582, 0.598, 0.614, 0.63].map(low => ({ low, high: low + 0.016, count: 1 }))
  expect(words(panel({ cells, bins: [], lines: [] }))).toEqual(
    expect.arrayContaining(['0.59', '0.60', '0.62', '0.64'])
  )
})

it('has room on its axis for what stands beside it', () => {
  const alone = bars(panel())
  const [low] = data.cells
  const beside = bars(panel({ span: { low: low!.low, high: 1 } }))
  expect(beside).toHaveLength(alone.length)
  expect(beside.map(({ height }) => height)).toEqual(alone.map(({ height }) => height))
  // All six cells in place of the four from the first that holds something to the last.
  expect((beside[1]!.x - beside[0]!.x) / (alone[1]!.x - alone[0]!.x)).toBeCloseTo(4 / 6, 5)
  expect(beside[0]!.x).toBeGreaterThan(alone[0]!.x)
  // Less than there is does not cut anything off.
  expect(bars(panel({ span: { low: 0.3, high: 0.31 } }))).toEqual(alone)
})

it('has round values below 0 on its axis, too', () => {
  const cells = [-2, -1, 0, 1].map(low => ({ low, high: low + 1, count: 1 }))
  expect(words(panel({ cells, lines: [] }))).toEqual(
    expect.arrayContaining(['−2', '−1', '0', '1', '2'])
  )
})

it('writes a name on the side where no line from above comes down through it', () => {
  const alignOf = (mean: number) => {
    const lines = data.lines.map(line => ({ ...line, value: line.faint ? 0.2 : mean }))
    const { marks } = panel({ lines })
    const name = marks.find(mark => mark.kind === 'text' && mark.text.startsWith('uniform'))
    return name?.kind === 'text' && name.align
  }
  expect([0.1, 0.22, 0.4].map(alignOf)).toEqual(['left', 'right', 'left'])
})
