import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import type { MapPanel } from '#common/figure/figure-kind.ts'
import { paperLook } from '#common/figure/look.ts'
import type { RectMark } from '#common/figure/mark.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { signedColor } from '#common/figure/signed-color.ts'
import { textWidth } from '#common/figure/text-width.ts'
import { barsLayout, tokenAtBar, tokenBars, type TokenBarsData } from '#common/figure/token-bars.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 4 },
  follows: true,
  pooling: 'mean'
} as const

const data: TokenBarsData = {
  title: 'A model · surprisal of tokens',
  tokens: ['a', ' ', 'b', 'c'].map(text => ({ piece: text, text, special: false })),
  values: Float64Array.of(NaN, 4, 1, 0),
  unit: 'surprisal, nats',
  high: 4,
  low: 0,
  ranks: null,
  scrolled: null,
  marked: [2],
  mirrored: false
}
const size = { width: 400, height: 150, ratio: 1 }
/** Bars, from left to right. */
const bars = (own: Partial<TokenBarsData> = {}) =>
  tokenBars
    .panel({ ...data, ...own }, look, size)
    .marks.filter((mark): mark is RectMark => mark.kind === 'rect' && mark.fill !== look.pill)

describe('tokenBars', () => {
  it('is this picture', async () => {
    const whole = tokenBars.natural(data, look)
    const svg = panelSvg(tokenBars.panel(data, look, whole))
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'token-bars.svg'))
  })

  it('has bars as high as their values, and none where nothing is told', () => {
    const [space, b, c] = bars()
    expect(bars()).toHaveLength(3)
    expect(b!.height / space!.height).toBeCloseTo(1 / 4, 12)
    expect(c!.height).toBe(1)
    expect(b!.fill).toBe(look.accent)
  })

  it('tells round values at its axis, within what there is room for', () => {
    const ticks = (own: Partial<TokenBarsData>) =>
      tokenBars
        .panel({ ...data, ...own }, look, size)
        .plots!.flatMap(({ y }) => y.ticks)
        .map(({ at, text }) => [at, text])
    expect(ticks({ high: 4.69 })).toEqual([0, 2, 4].map(at => [at, String(at)]))
    expect(ticks({ low: -0.26, high: 0.26 }).map(([, text]) => text)).toEqual(['−0.2', '0', '0.2'])
  })

  it('has its lines behind its bars, and before what marks a token', () => {
    const { marks } = tokenBars.panel(data, look, size)
    const kinds = marks.map((mark): string =>
      mark.kind === 'rect' && mark.fill === look.pill ? 'pill' : mark.kind
    )
    const [pill, line, bar] = ['pill', 'line', 'rect'].map(kind => [
      kinds.indexOf(kind),
      kinds.lastIndexOf(kind)
    ])
    expect(pill![1]).toBeLessThan(line![0]!)
    expect(line![1]).toBeLessThan(bar![0]!)
  })

  it('stands at the right where its tokens run from right to left, in windows and files', () => {
    for (const scrolled of [0, null]) {
      const own = { ...data, scrolled, mirrored: true }
      const layout = barsLayout(own, look, size)
      const { left, width, whole, column } = layout
      expect(whole).toBeLessThan(width - column)
      const ends = bars(own).map(({ x, width }) => x + width)
      // The first token has no bar.
      expect(Math.max(...ends)).toBeCloseTo(left + width - column - 0.5, 9)
      expect(tokenAtBar(own, layout, left + width - 1)).toBe(0)
      expect(tokenAtBar(own, layout, left + width - whole + 1)).toBe(3)
      expect(tokenAtBar(own, layout, left + 1)).toBeNull()
    }
  })

  it('is drawn anew in the width of a column, its letters as large as they are asked for', () => {
    const wish = presetWish('ieee', plainWish)
    for (const count of [4, 13, 31]) {
      const tokens = Array.from({ length: count }, (_, i) => data.tokens[i % 4]!)
      const whole = { ...data, tokens, values: Float64Array.from(tokens, () => 1) }
      const { points, panel, faults } = drawnFigure(tokenBars, whole, look, wish)
      expect(points).toBeCloseTo(8, 6)
      expect(faults).toEqual([])
      const { marks } = panel as MapPanel
      const ends = marks.flatMap(mark => (mark.kind === 'rect' ? mark.x + mark.width : []))
      expect(Math.max(...ends)).toBeLessThan(panel.width)
    }
  })

  it('is drawn anew in a column of a page with as many bars as there are, and names what stands below them', () => {
    const tokens = Array.from({ length: 28 }, (_, i) => data.tokens[i % 9 === 1 ? 1 : 2]!)
    const whole = { ...data, tokens, values: Float64Array.from(tokens, () => 1), marked: [] }
    const at = (widthMm: number) => {
      const { points, panel, faults } = drawnFigure(tokenBars, whole, look, {
        ...presetWish('nature', plainWish),
        widthMm
      })
      const { marks, width, height } = panel as MapPanel
      const all = marks.filter((mark): mark is RectMark => mark.kind === 'rect')
      const texts = marks.flatMap(mark => (mark.kind === 'text' ? [mark] : []))
      return { points, faults, width, height, all, texts }
    }
    // A third of the page, and of two columns of it.
    const narrow = at(58.3)
    expect(narrow.points).toBeCloseTo(7, 6)
    expect(narrow.faults).toEqual([])
    expect(narrow.all).toHaveLength(28)
    const ends = narrow.all.map(({ x, width }) => x + width)
    expect(Math.max(...ends)).toBeLessThan(narrow.width)
    expect(Math.max(...ends)).toBeGreaterThan(narrow.width - 20)
    const said = narrow.texts.map(({ text }) => text)
    expect(said).toContain('position')
    // Those of spaces, too.
    const numbers = narrow.texts.filter(({ text }) => Number(text) > 4)
    expect(numbers.map(({ text }) => text)).toContain('10')
    expect(numbers.every(({ color }) => color === look.ink)).toBe(true)
    for (const { y, size } of narrow.texts) expect(y + size / 2).toBeLessThanOrEqual(narrow.height)
    const wide = at(183)
    expect(wide.texts.map(({ text }) => text)).toContain('token')
    expect(wide.texts.filter(({ text }) => text.includes('b'))).not.toHaveLength(0)
    // Bars are not as low as in a window.
    const most = Math.max(...wide.all.map(({ height }) => height))
    expect(wide.height).toBeGreaterThan(1.3 * narrow.height)
    expect(most).toBeGreaterThan(40)
  })

  it('says what its bars are in as many lines as that takes, within the panel', () => {
    const unit = 'integrated gradients, logit of “e” less that of “a” after 15'
    const wish = presetWish('icml', plainWish)
    const tokens = Array.from({ length: 21 }, (_, i) => data.tokens[i % 4]!)
    const whole = { ...data, tokens, values: Float64Array.from(tokens, () => 4), unit }
    const one = drawnFigure(tokenBars, { ...whole, unit: 'surprisal, nats' }, look, wish).panel
    const { marks, height, width } = drawnFigure(tokenBars, whole, look, wish).panel as MapPanel
    const lines = marks.flatMap(mark =>
      mark.kind === 'text' && unit.includes(mark.text) && mark.text.length > 5 ? [mark] : []
    )
    expect(lines.map(({ text }) => text).join(' ')).toBe(unit)
    expect(lines.length).toBeGreaterThan(1)
    for (const { text, x, size, font } of lines)
      expect(x + textWidth(text, { font, size })).toBeLessThan(width)
    const tops = marks.flatMap(mark => (mark.kind === 'rect' ? [mark.y] : []))
    expect(Math.max(...lines.map(({ y }) => y))).toBeLessThan(Math.min(...tops))
    expect(height).toBeGreaterThan(one.height)
  })

  it('has room for what its bars are over a text of one token', () => {
    const [token] = data.tokens
    const own = { ...data, tokens: [token!], values: Float64Array.of(1), marked: [] }
    const { width } = tokenBars.natural(own, look)
    expect(width).toBeGreaterThan(50 + textWidth(data.unit, { font: look.sans, size: look.size }))
  })

  it('numbers the selected token, and none so near to it that they would cover each other', () => {
    const tokens = Array.from({ length: 60 }, () => data.tokens[0]!)
    const values = Float64Array.from(tokens, () => 1)
    const numbers = (marked: readonly number[]) =>
      tokenBars
        .panel({ ...data, tokens, values, marked, scrolled: 0 }, look, { ...size, width: 540 })
        .marks.flatMap(mark => (mark.kind === 'text' && /^\d+$/.test(mark.text) ? [mark] : []))
    const near = numbers([49]).filter(({ x }) => x > 400)
    expect(near.map(({ text }) => text)).toContain('49')
    expect(near.map(({ text }) => text)).not.toContain('50')
    expect(numbers([]).map(({ text }) => text)).toContain('50')
  })

  it('stands amounts of either sign on the line of 0, in the colours of differences', () => {
    const values = Float64Array.of(2, -1, NaN, 0)
    const all = bars({ values, low: -2, high: 2, marked: [] })
    const [more, less] = all
    expect(all).toHaveLength(2)
    expect(more!.height).toBeCloseTo(2 * less!.height, 9)
    expect(more!.y + more!.height).toBeCloseTo(less!.y, 9)
    expect(more!.fill).not.toBe(less!.fill)
    expect(more!.fill).toBe(signedColor(2, look))
  })

  it('draws ranks by their logarithm', () => {
    const [all, ten] = bars({ ranks: 1000, values: Float64Array.of(NaN, 999, 9, 0) })
    expect(ten!.height / all!.height).toBeCloseTo(1 / 3, 12)
  })

  it('runs from right to left where the text does, and finds the token at a place', () => {
    const layout = barsLayout(data, look, size)
    const own = { ...data, scrolled: 0 }
    const x = layout.left + 1.5 * layout.column
    expect(tokenAtBar(own, layout, x)).toBe(1)
    const fromRight = layout.left + layout.width - 1.5 * layout.column
    expect(tokenAtBar({ ...own, mirrored: true }, layout, fromRight)).toBe(1)
    expect(tokenAtBar(own, layout, layout.left - 1)).toBeNull()
    expect(tokenAtBar(own, layout, layout.left + 4.5 * layout.column)).toBeNull()
    expect(bars({ mirrored: true })[0]!.fill).toBe(look.series[0])
    expect(bars({ mirrored: true })[0]!.height).toBe(1)
  })

  it('draws of a long text what is on the screen', () => {
    const tokens = Array.from({ length: 1024 }, () => data.tokens[0]!)
    const values = new Float64Array(1024).fill(1)
    const long = bars({ tokens, values, scrolled: 4000, marked: [] })
    expect(long.length).toBeLessThan(size.width / 8)
  })
})
