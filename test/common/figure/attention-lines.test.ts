import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  attentionLines,
  headColor,
  lineRow,
  linesLayout,
  type AttentionLinesData
} from '#common/figure/attention-lines.ts'
import { differenceColor } from '#common/figure/color-table.ts'
import type { MapPanel } from '#common/figure/figure-kind.ts'
import { darkScreen, lightScreen, paperLook } from '#common/figure/look.ts'
import type { LineMark, TextMark } from '#common/figure/mark.ts'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { textWidth } from '#common/figure/text-width.ts'
import { linesNote } from '#common/figure/views/lines-figure.ts'

const look = {
  ...lightScreen,
  colorMap: 'magma',
  scale: 'linear',
  range: { low: 0, high: 0.5 },
  follows: true,
  pooling: 'mean'
} as const

const token = (text: string, special = false) => ({ text, piece: text, special })
const data: AttentionLinesData = {
  title: 'A model · Head 0.1, Head 0.2',
  tokens: [token('[CLS]', true), token('a'), token(' '), token('<b>')],
  first: 0,
  rows: 4,
  heads: [
    { name: 'Head 0.1', color: 1 },
    { name: 'Head 0.2', color: 2 }
  ],
  lines: [
    { query: 1, key: 0, head: 0, weight: 0.125 },
    { query: 3, key: 1, head: 1, weight: 0.5 }
  ],
  quantity: 'weight',
  note: '2 lines; 3 weights are left out',
  mirrored: false,
  marked: { query: null, key: null }
}
const size = { width: 500, height: 200, ratio: 1 }
const marks = (own: Partial<AttentionLinesData> = {}) =>
  (attentionLines.panel({ ...data, ...own }, look, size) as MapPanel).marks
const lines = (own?: Partial<AttentionLinesData>) =>
  marks(own).filter((mark): mark is LineMark => mark.kind === 'line')
const label = (text: string, own?: Partial<AttentionLinesData>) =>
  marks(own).filter((mark): mark is TextMark => mark.kind === 'text' && mark.text === text)

it('lines say how weak those are that are left out', () => {
  const drawn = { lines: data.lines, left: 3, leftShare: 0.25 }
  expect(linesNote(drawn, false, 'weight', '0.05')).toBe(
    '2 lines; 3 weights are left out, 25.0 % of the attention; lines of at least 0.05'
  )
  expect(linesNote(drawn, true, 'difference', '0.05')).toMatch(/at least 0\.05 from zero; first/)
  expect(linesNote(drawn, false)).toBe('2 lines; 3 weights are left out, 25.0 % of the attention')
})

describe('attentionLines', () => {
  it('is this picture', async () => {
    const panel = attentionLines.panel(data, look, attentionLines.natural(data, look))
    const svg = panelSvg(panel)
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'attention-lines.svg'))
  })

  it('joins query and key by a line of the colour of its head, as opaque as its weight is high', () => {
    const { query, key, top } = linesLayout(data, look, size)
    const [weak, strong] = lines()
    expect([weak!.opacity, strong!.opacity]).toEqual([0.25, 1])
    expect([weak!.color, strong!.color]).toEqual([look.heads[1], look.heads[2]])
    const [[fromX, fromY], [toX, toY]] = strong!.points as [[number, number], [number, number]]
    expect([fromY, toY]).toEqual([top + 3.5 * lineRow, top + 1.5 * lineRow])
    expect(fromX).toBeGreaterThan(query)
    expect(toX).toBeLessThan(key)
    expect(key - query).toBeGreaterThan(100)
    // Columns stand no further apart however wide the window is.
    const wide = linesLayout(data, look, { width: 2000 })
    expect(wide.key - wide.query).toBe(460)
  })

  it('has queries at the right where the text reads from the right', () => {
    const layout = linesLayout({ ...data, mirrored: true }, look, size)
    expect(layout.query).toBeGreaterThan(layout.key)
    const [, strong] = lines({ mirrored: true })
    expect(strong!.points[0]![0]).toBeGreaterThan(strong!.points[1]![0])
    expect(label('<b>', { mirrored: true }).map(({ align }) => align)).toEqual(['left', 'right'])
    expect(label('<b>').map(({ align }) => align)).toEqual(['right', 'left'])
  })

  it('says above its columns on a page which are queries, and so does its caption', () => {
    const named = (own: Partial<AttentionLinesData>, still?: true) => {
      const drawn = { ...look, ...(still && { still }) }
      const panel = attentionLines.panel({ ...data, ...own }, drawn, size) as MapPanel
      const names = panel.marks.flatMap(mark =>
        mark.kind === 'text' && /^(query|key, attended to)$/.test(mark.text) ? mark : []
      )
      return names.toSorted((a, b) => a.x - b.x).map(({ text }) => text)
    }
    expect(named({})).toEqual(['query', 'key, attended to'])
    expect(named({ title: null, mirrored: true }, true)).toEqual(['key, attended to', 'query'])
    // So it does whose lines are of which colour.
    const still = { ...look, still: true } as const
    const panel = attentionLines.panel({ ...data, title: null }, still, size) as MapPanel
    expect(panel.marks.filter(({ kind }) => kind === 'rect')).toHaveLength(2)
    // In a narrow panel neither reaches over the other.
    const [own, other] = (
      attentionLines.panel({ ...data, title: null }, still, { ...size, width: 130 }) as MapPanel
    ).marks.filter(
      (mark): mark is TextMark => mark.kind === 'text' && /^(query|key)/.test(mark.text)
    )
    expect([own!.text, other!.text]).toEqual(['query', 'key'])
    expect(own!.x + textWidth('query', own!)).toBeLessThan(other!.x)
    // A window says so itself.
    expect(named({ title: null })).toEqual([])
    expect(linesLayout({ ...data, title: null }, look, size).top).toBe(14)
    expect(attentionLines.shows(data)).toContain(
      '; queries at the left, keys at the right; 2 lines'
    )
    expect(attentionLines.shows({ ...data, mirrored: true })).toContain(
      'keys at the left, queries at the right'
    )
  })

  it('stands on a page as close as lines of a text do', () => {
    const tokens = Array.from({ length: 28 }, () => token('a'))
    const wish = { ...presetWish('nature', plainWish), widthMm: 58.3 }
    const { heightMm, faults } = drawnFigure(
      attentionLines,
      { ...data, tokens, rows: 28 },
      look,
      wish
    )
    // 28 · 13 pixels, and what is around them.
    expect(heightMm).toBeGreaterThan(96)
    expect(heightMm).toBeLessThan(114)
    expect(faults).toEqual([])
  })

  it('shows the rows that there is room for, and marks tokens and their line', () => {
    const part = { first: 1.5, rows: 1 }
    expect(label('[CLS]', part)).toHaveLength(0)
    expect(label('a', part)).toHaveLength(2)
    expect(label('<b>', part)).toHaveLength(0)
    const marked = { marked: { query: 3, key: 1 } }
    expect(label('<b>', marked).map(({ weight }) => weight)).toEqual([700, 400])
    expect(lines(marked).map(({ width }) => width)).toEqual([1.5, 3])
    // A line of the query that is marked, to another key.
    expect(lines({ marked: { query: 3, key: 0 } }).map(({ width }) => width)).toEqual([1.5, 1.5])
    const [y, moved] = [label('a'), label('a', part)].map(([mark]) => mark!.y)
    expect(moved).toBe(y! - 1.5 * lineRow)
  })

  it('says which colour is of less, and which of more', () => {
    const rects = marks({ quantity: 'difference' }).filter(mark => mark.kind === 'rect')
    expect(rects.map(({ fill }) => fill)).toEqual(
      [-1, 1].map(sign => differenceColor(sign, look.paper))
    )
  })

  it('has eight colours in every look, which begin again', () => {
    for (const preset of [lightScreen, darkScreen, paperLook]) {
      expect(new Set(preset.heads).size).toBe(8)
      expect(headColor(9, preset)).toBe(preset.heads[1])
    }
  })
})
