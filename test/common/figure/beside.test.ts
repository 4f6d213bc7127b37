import { expect, it } from 'vitest'
import { barChart } from '#common/figure/bar-chart.ts'
import { beside } from '#common/figure/beside.ts'
import type { Panel, RowPanel } from '#common/figure/figure-kind.ts'
import { headMap, type HeadMapData } from '#common/figure/head-map.ts'
import { paperLook } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { rowOfPanels } from '#common/figure/row-of-panels.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: true,
  pooling: 'mean'
} as const
const map = (layers: number, heads: number): HeadMapData => ({
  title: null,
  name: 'previous token',
  quantity: 'weight',
  layers: Array.from({ length: layers }, (_, layer) => layer),
  heads,
  values: Array.from({ length: layers * heads }, (_, i) => i / 10)
})
const kind = beside(headMap)
const parts = [
  { caption: 'one', data: map(2, 3) },
  { caption: 'other', data: map(5, 2) }
]

it('has each figure as it is by itself, one after the other, under what it is', () => {
  const data = { title: 'previous token', parts }
  const size = kind.natural(data, look)
  const own = parts.map(part => headMap.natural(part.data, look))
  expect(size.width).toBe(own[0]!.width + own[1]!.width + 24)
  const panel = kind.panel(data, look, size) as RowPanel
  expect(panel.parts.map(({ left }) => left)).toEqual([0, own[0]!.width + 24])
  const [top, otherTop] = panel.parts.map(({ top }) => top)
  expect(top).toBe(otherTop)
  expect(size.height).toBe(top! + Math.max(own[0]!.height, own[1]!.height))
  panel.parts.forEach((part, i) =>
    expect(part.panel).toEqual(headMap.panel(parts[i]!.data, look, own[i]!))
  )
  const texts = panel.marks.flatMap(mark => (mark.kind === 'text' ? [[mark.text, mark.x]] : []))
  expect(texts).toEqual([
    ['previous token', 8],
    ['one', 8],
    ['other', own[0]!.width + 32]
  ])
})

it('is one document with all that is in each, also of charts', () => {
  const bars = {
    title: null,
    bars: [{ label: 'attention', value: 3, notes: ['30 %'], color: 0 }]
  }
  const chart = barChart.panel(bars, look, barChart.natural(bars, look))
  const own = headMap.panel(map(1, 2), look, headMap.natural(map(1, 2), look))
  const row = rowOfPanels(
    null,
    [
      { caption: 'bars', panel: chart },
      { caption: 'a map', panel: own }
    ],
    look
  )
  const svg = panelSvg(row)
  expect(svg.match(/<svg/g)).toHaveLength(1)
  expect(svg.match(/<\/svg>/g)).toHaveLength(1)
  expect(svg).toContain(`<g transform="translate(${chart.width + 24} 22)">`)
  for (const text of ['bars', 'a map', 'attention', '30 %', 'head 0'])
    expect(svg).toContain(`>${text}<`)
  expect(panelSvg(row), 'the same bytes whenever it is drawn').toBe(svg)
})

it('has names of its own for what each paints with, also in rows of rows, and leaves text alone', () => {
  const text = '="zr1-g0"'
  const row = (panels: Panel[]) =>
    rowOfPanels(
      null,
      panels.map(panel => ({ caption: text, panel })),
      look
    )
  const own = headMap.panel(map(1, 2), look, headMap.natural(map(1, 2), look))
  const svg = panelSvg(row([row([own, own]), row([own, own])]))
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  expect(ids.length).toBeGreaterThan(3)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id)
  expect(svg.split('=&quot;zr1-g0&quot;')).toHaveLength(7)
})

it('says signs of a text that replacing gives a meaning as they are', () => {
  const text = "$& $' $` $$ $1"
  const own = headMap.panel({ ...map(1, 2), title: text }, look, headMap.natural(map(1, 2), look))
  const svg = panelSvg(rowOfPanels(null, [{ caption: '', panel: own }], look))
  expect(svg).toContain('>$&amp; $&#39; $` $$ $1<')
  expect(svg.match(/<\/?svg/g)).toHaveLength(2)
})

it('checks the data of each', () => {
  expect(kind.data.safeParse({ title: null, parts }).success).toBe(true)
  const wrong = [{ caption: 'one', data: { ...map(1, 1), heads: 0 } }]
  expect(kind.data.safeParse({ title: null, parts: wrong }).success).toBe(false)
})

it('has one bar of one range on a page, below the first of a row and the last of a column', () => {
  const page = { ...look, still: true, shared: true } as const
  const heads = (count: number) => [
    { caption: 'one', data: map(4, count) },
    { caption: 'other', data: map(4, count) }
  ]
  const named = (count: number, width: number) => {
    const data = { title: null, parts: heads(count) }
    const { parts } = kind.panel(data, page, { width, height: 400, ratio: 1 }) as RowPanel
    const says = parts.map(
      ({ panel }) =>
        panel.kind === 'map' &&
        panel.marks.some(mark => mark.kind === 'text' && mark.text.startsWith('previous'))
    )
    return { isRow: parts[0]!.top === parts[1]!.top, says }
  }
  expect(named(4, 520)).toEqual({ isRow: true, says: [true, false] })
  expect(named(32, 312)).toEqual({ isRow: false, says: [false, true] })
})
