import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { barRoom } from '#common/figure/color-bar.ts'
import { cssColor } from '#common/figure/color-table.ts'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import type { MapPanel } from '#common/figure/figure-kind.ts'
import { paperLook } from '#common/figure/look.ts'
import type { RectMark, TextMark } from '#common/figure/mark.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { rankShade } from '#common/figure/rank-scale.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { gridCellAt, gridLayout, tokenGrid, type TokenGridData } from '#common/figure/token-grid.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 0.5 },
  follows: true,
  pooling: 'mean'
} as const

const token = (text: string) => ({ piece: text, text, special: false })
const data: TokenGridData = {
  title: 'A model · logit lens',
  rows: ['0', 'embed'],
  rowsName: 'after block',
  tokens: ['a', ' b', 'c'].map(token),
  from: 20,
  expected: [token(' b'), token('c'), null],
  cells: [' b', 'x', 'internationalisation', 'a', 'b', 'c'].map(token),
  values: Float32Array.of(0.5, 0.25, NaN, 0.125, 0, 0.5),
  hits: Uint8Array.of(1, 0, 0, 0, 0, 0),
  unit: 'probability of the top token',
  ranks: null,
  scrolled: null,
  marked: [{ row: 1, column: 0 }],
  mirrored: false
}
const size = { width: 700, height: 200, ratio: 1 }
const marks = (own: Partial<TokenGridData> = {}) =>
  tokenGrid.panel({ ...data, ...own }, look, size).marks
const texts = (own: Partial<TokenGridData> = {}) =>
  marks(own).filter((mark): mark is TextMark => mark.kind === 'text')
const written = (text: string, own: Partial<TokenGridData> = {}) =>
  texts(own).filter(mark => mark.text.replaceAll(/[\u2068\u2069]/g, '') === text)
const cells = (own: Partial<TokenGridData> = {}) => {
  const { column } = gridLayout({ ...data, ...own }, look, size)
  return marks(own).filter(
    (mark): mark is RectMark => mark.kind === 'rect' && mark.width === column - 1
  )
}

describe('tokenGrid', () => {
  it('is drawn anew in the width of a page, its letters as large as they are asked for', () => {
    const tokens = Array.from({ length: 12 }, () => token('internationalisation'))
    const numbers = ['0.3826', '12.25'].map(token)
    for (const texts of [tokens.slice(0, 2), numbers])
      for (const [count, widthMm] of [
        [3, 88.9],
        [12, 181]
      ] as const) {
        const wide: TokenGridData = {
          ...{ ...data, tokens: tokens.slice(0, count), expected: null, marked: [] },
          cells: Array.from({ length: 2 * count }, (_, i) => texts[i % 2]!),
          ...{ values: new Float32Array(2 * count), hits: new Uint8Array(2 * count) }
        }
        const wish = { ...presetWish('ieee', plainWish), widthMm }
        const { points, panel, look: own, faults } = drawnFigure(tokenGrid, wide, look, wish)
        expect(points).toBeCloseTo(8, 6)
        expect(faults).toEqual([])
        const { marks } = panel as MapPanel
        const said = marks.flatMap(mark => (mark.kind === 'text' ? mark.text : []))
        if (texts === numbers) expect(said.filter(text => text.includes('12.25'))).not.toEqual([])
        const { left, whole, hasBar } = gridLayout(wide, own, panel)
        expect(left + whole.width).toBeLessThanOrEqual(panel.width - (hasBar ? barRoom(own) : 0))
      }
  })

  it('has columns of single letters as narrow as these in a page', () => {
    const letters = Array.from({ length: 33 }, () => token('a'))
    const wish = { ...presetWish('ieee', plainWish), widthMm: 160 }
    const { points } = drawnFigure(
      tokenGrid,
      {
        ...{
          ...data,
          tokens: letters,
          expected: null,
          marked: [],
          cells: [...letters, ...letters]
        },
        ...{ values: new Float32Array(66), hits: new Uint8Array(66) }
      },
      look,
      wish
    )
    expect(points).toBeCloseTo(8, 6)
  })

  describe('of more tokens than a column has room for', () => {
    const count = 24
    const texts = Array.from({ length: count }, (_, i) => `word${i}`)
    const long: TokenGridData = {
      ...{ ...data, title: null, tokens: texts.map(token), expected: null, from: 0 },
      cells: [...texts, ...texts].map(text => token(`${text}s`)),
      values: Float32Array.from({ length: 2 * count }, (_, i) => (i % count) / count),
      ...{ hits: new Uint8Array(2 * count), marked: [{ row: 1, column: 20 }] }
    }
    const drawn = (own: Partial<TokenGridData> = {}, widthMm = 82.55, heightMm?: number) => {
      const high = heightMm !== undefined && { heightMm }
      const wish = { ...presetWish('icml', plainWish), widthMm, ...high }
      const figure = drawnFigure(tokenGrid, { ...long, ...own }, look, wish)
      const { marks, width, height, plots } = figure.panel as MapPanel
      return { ...figure, marks, width, height, plots: plots ?? [] }
    }
    const cellsOf = ({ marks }: ReturnType<typeof drawn>) =>
      marks.flatMap(mark =>
        mark.kind === 'rect' && Array.isArray(mark.tip)
          ? [{ ...mark, said: mark.tip as readonly unknown[] }]
          : []
      )

    it('is drawn in bands one below the other, its letters as large as they are asked for', () => {
      const figure = drawn()
      expect(figure.faults).toEqual([])
      expect(figure.points).toBeCloseTo(8, 6)
      // 82.55 mm of 96 CSS pixels an inch.
      expect(figure.width).toBeCloseTo((82.55 / 25.4) * 96, 6)
      const rects = cellsOf(figure)
      expect(rects).toHaveLength(2 * count)
      for (const { x, width, y, height } of rects) {
        expect(x + width).toBeLessThanOrEqual(figure.width)
        expect(y + height).toBeLessThan(figure.height)
      }
      // Two rows of each band, none over another's.
      const tops = [...new Set(rects.map(({ y }) => y))].sort((a, b) => a - b)
      expect(tops.length).toBeGreaterThan(4)
      expect(tops.length % 2).toBe(0)
      expect(figure.plots).toHaveLength(tops.length / 2)
      tops.slice(1).forEach((top, i) => expect(top - tops[i]!).toBeGreaterThan(20))
    })

    it('has each value where its token stands, and each token once above', () => {
      const figure = drawn()
      const heads = figure.marks.flatMap(mark =>
        mark.kind === 'text' && /^\u2068?word?/.test(mark.text) ? [mark] : []
      )
      for (const { x, width, y, said } of cellsOf(figure)) {
        const at = Number(/(\d+) $/.exec(String(said[1]))![1])
        expect(said.at(-1)).toBeCloseTo(at / count, 6)
        const over = heads.filter(head => Math.abs(head.x - x - width / 2) < 1 && head.y < y)
        expect(over).not.toEqual([])
      }
      const firsts = cellsOf(figure).filter(({ x }) => x === cellsOf(figure)[0]!.x)
      expect(new Set(firsts.map(({ y }) => y)).size).toBe(firsts.length)
    })

    it('is in one band where its letters are read then, and where there is room', () => {
      const rows = (own: ReturnType<typeof drawn>) => new Set(cellsOf(own).map(({ y }) => y)).size
      expect(rows(drawn({}, 400))).toBe(2)
      const few = 9
      const some = drawn({
        ...{ tokens: long.tokens.slice(0, few), marked: [], values: new Float32Array(2 * few) },
        ...{ cells: long.cells.slice(0, 2 * few), hits: new Uint8Array(2 * few) }
      })
      expect(rows(some)).toBe(2)
      expect(some.smallest).toBeGreaterThan(5)
    })

    it('is no higher than a page, with as many tokens in a line as that takes', () => {
      const names = Array.from({ length: 24 }, (_, i) => String(i))
      const high = drawn({
        ...{ rows: names, cells: names.flatMap(() => long.cells.slice(0, count)) },
        ...{ values: new Float32Array(24 * count), hits: new Uint8Array(24 * count) }
      })
      expect(high.heightMm).toBeLessThanOrEqual(228.6)
      expect(high.points).toBeLessThan(8)
      expect(high.points).toBeGreaterThan(4)
    })

    it('keeps its letters in less height than it needs, and says how high it is', () => {
      const { points, faults, heightMm } = drawn({}, 82.55, 30)
      expect(points).toBeCloseTo(drawn({}, 82.55).points, 6)
      expect(heightMm).toBeGreaterThan(31)
      expect(faults).toEqual([
        `${heightMm.toFixed(1)} mm high, over the 30 mm that it is given: it needs as much in this width`
      ])
    })

    it('runs from right to left in each band where the text does', () => {
      const rects = cellsOf(drawn({ mirrored: true }))
      const [first] = rects.filter(({ said }) => String(said[1]) === '\n0 ')
      expect(first!.x).toBe(Math.max(...rects.map(({ x }) => x)))
    })
  })

  it('is this picture', async () => {
    const whole = tokenGrid.natural(data, look)
    const svg = panelSvg(tokenGrid.panel(data, look, whole))
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'token-grid.svg'))
  })

  it('has the colour of each value, and that of emptiness where there is none', () => {
    expect(cells().map(({ fill }) => fill)).toEqual([
      ...[1, 0.5].map(share => cssColor('viridis', share, look.paper)),
      look.empty,
      ...[0.25, 0, 1].map(share => cssColor('viridis', share, look.paper))
    ])
  })

  it.each([
    [3, null],
    [41, null],
    [41, 65]
  ])('says what its colours mean in a column of a page, too: %i tokens', (count, ranks) => {
    const letters = Array.from({ length: count }, () => token('a'))
    const [values, hits] = [new Float32Array(2 * count), new Uint8Array(2 * count)]
    const cells = [...letters, ...letters]
    const whole = { ...data, tokens: letters, cells, expected: null, values, hits, ranks }
    const wish = presetWish('icml', plainWish)
    const { panel } = drawnFigure(tokenGrid, { ...whole, marked: [] }, look, wish)
    const { marks, height } = panel as MapPanel
    const ramp = marks.filter(
      (mark): mark is RectMark => mark.kind === 'rect' && mark.height === 9 && mark.y < height
    )
    expect([ramp[0]!.fill, ramp.at(-1)!.fill]).toEqual(
      [0, 1].map(share => cssColor('viridis', share, look.paper))
    )
    const below = marks.flatMap(mark =>
      mark.kind === 'text' && mark.y >= ramp[0]!.y ? [mark.text] : []
    )
    // What they mean may take two lines.
    expect(below.join(' ')).toBe(
      ranks === null
        ? '0 0.2 0.3 0.5 probability of the top token'
        : '64 10 1 0 probability of the top token, logarithmic'
    )
    for (const mark of marks)
      if (mark.kind === 'text' || mark.kind === 'rect') expect(mark.y).toBeLessThan(height)
  })

  it('has the first rank the strongest, evenly by the logarithm, and says ranks at its bar', () => {
    expect([rankShade(0, 1000), rankShade(9, 1000), rankShade(999, 1000)]).toEqual([
      1,
      expect.closeTo(2 / 3, 12),
      0
    ])
    const own = { ranks: 1000, values: Float32Array.of(0, 9, 999, 0, 0, NaN) }
    expect(cells(own)[1]!.fill).toBe(cssColor('viridis', 2 / 3, look.paper))
    for (const tick of ['1', '999', 'logarithmic']) expect(written(tick, own)).toHaveLength(1)
  })

  it('writes in bold what is expected, cuts what has no room, and counts from its place in the text', () => {
    expect(written('·b').map(({ weight }) => weight)).toEqual([700, 400, 400])
    expect(written('x')[0]!.weight).toBe(400)
    expect(written('internationa…')).toHaveLength(0)
    expect(written('internation…')).toHaveLength(1)
    expect(written('20')).toHaveLength(1)
  })

  it('names each line over the columns, and the rows below these', () => {
    const { top, row } = gridLayout(data, look, size)
    const at = (text: string) => Math.min(...written(text).map(({ y }) => y))
    expect(at('text')).toBe(at('a'))
    expect(at('next token')).toBeGreaterThan(at('text'))
    expect(at('after block')).toBeGreaterThan(at('next token'))
    expect(at('after block')).toBeLessThan(top + row / 2)
    expect(written('next token', { expected: null })).toEqual([])
    expect(written('after block', { expected: null })[0]!.y).toBe(at('text'))
  })

  it('keeps the name of its colour bar within the room that there is', () => {
    const wide = { ...data, tokens: Array.from({ length: 40 }, () => token('a')), expected: null }
    const unit = 'probability of the top token'
    const own = { ...look, scale: 'sqrt', size: 11 } as const
    const all = tokenGrid.panel(
      { ...wide, unit, cells: [], values: new Float32Array(80), hits: new Uint8Array(80), scrolled: { left: 0, top: 0 } },
      own,
      { width: 604, height: 320, ratio: 1 }
    ).marks // prettier-ignore
    const upright = all.filter(
      (mark): mark is TextMark => mark.kind === 'text' && mark.upright === true
    )
    expect(upright.length).toBeGreaterThan(0)
    for (const { x, size } of upright) expect(x + size * 0.6).toBeLessThan(604 - 2)
  })

  it('runs from right to left where the text does', () => {
    const [first] = written('a')
    const [mirrored] = written('a', { mirrored: true })
    const { left, column } = gridLayout(data, look, size)
    expect(first!.x).toBe(left + column / 2)
    expect(mirrored!.x).toBe(left + 2.5 * column)
  })

  it('draws of a long text what is on the screen, and finds the cell at a place', () => {
    const long = {
      ...data,
      tokens: Array.from({ length: 1024 }, () => token('a')),
      expected: null,
      cells: Array.from({ length: 2048 }, () => token('b')),
      values: new Float32Array(2048),
      hits: new Uint8Array(2048),
      scrolled: { left: 3000, top: 0 }
    }
    const layout = gridLayout(long, look, size)
    expect(cells(long).length).toBeLessThan(2 * (layout.width / layout.column + 2))
    const at = { x: layout.left + 1, y: layout.top + layout.row + 1 }
    const column = Math.floor(3001 / layout.column)
    expect(gridCellAt(long, layout, at)).toEqual({ row: 1, column })
    expect(gridCellAt({ ...long, mirrored: true }, layout, at)).toEqual({
      row: 1,
      column: 1023 - column
    })
    expect(gridCellAt(long, layout, { ...at, x: layout.left - 1 })).toBeNull()
    expect(gridCellAt(long, layout, { ...at, x: layout.left + layout.width })).toBeNull()
  })
})

it.each([false, 'below'] as const)(
  'has its own bar of ranks, for they are of its own vocabulary, where others have one bar: %s',
  bar => {
    const hasBar = (ranks: number | null) =>
      tokenGrid
        .panel({ ...data, ranks }, { ...look, bar }, size)
        .marks.some(mark => mark.kind === 'rect' && Array.isArray(mark.fill))
    expect(hasBar(100)).toBe(true)
    expect(hasBar(null)).toBe(false)
  }
)
