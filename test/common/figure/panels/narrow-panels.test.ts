import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { drawingOf } from '#common/figure/drawing-of.ts'
import type { MapPanel, Panel } from '#common/figure/figure-kind.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { drawnPanels, type PanelsLayout } from '#common/figure/panels/drawn-panels.ts'
import { panelContent } from '#common/figure/panels/panel-content.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { figureTex } from '#common/figure/tex/figure-tex.ts'
import { textWidth } from '#common/figure/text-width.ts'
import { pillWidth, type Mark } from '#common/figure/mark.ts'
import { exampleLook, kindExamples } from '../kind-examples.ts'

const kept = readFileSync(join(import.meta.dirname, 'kept-figure.json'), 'utf8')
const [figure] = sessionFigures(JSON.parse(kept) as unknown[])
const contents = await Promise.all(figure!.panels.map(({ content }) => panelContent(content)))
const drawings = contents.map(({ drawing }) => ({
  kind: drawing.parts.map(({ kind }) => kind).join(' '),
  drawing: drawingOf(drawing)
}))

interface Words {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly bottom: number
}
interface ChartText {
  readonly type: string
  readonly x: number
  readonly y: number
  readonly style: { readonly text: string; readonly font: string }
}

/** What is written in a panel, and where. */
function wordsOf(panel: Panel): Words[] {
  if (panel.kind === 'map') return panel.marks.flatMap(markWords)
  if (panel.kind === 'row') return panel.parts.flatMap(part => wordsOf(part.panel))
  const { graphic = [] } = panel.option as { readonly graphic?: readonly ChartText[] }
  return graphic.flatMap(({ type, x, y, style }) => {
    if (type !== 'text') return []
    const size = Number(/([\d.]+)px/.exec(style.font)![1])
    const right = x + textWidth(style.text, { font: style.font, size })
    return [{ text: style.text, left: x, right, bottom: y + size / 2 }]
  })
}

function markWords(mark: Mark): Words[] {
  if (mark.kind !== 'text') return []
  const { text, x, y, size, room, align, upright } = mark
  const wide = Math.min(room ?? Infinity, textWidth(text, mark))
  const before = { left: 0, center: wide / 2, right: wide }[align]
  return upright
    ? [{ text, left: x - size / 2, right: x + size / 2, bottom: y + before }]
    : [{ text, left: x - before, right: x - before + wide, bottom: y + size / 2 }]
}

it.each([
  ['neurips', 139.7 / 3 - 3],
  ['acl', 77],
  ['nature', 89 / 2 - 2],
  ['nature', 89]
] as const)('nothing of a panel lies beyond it: %s, %d mm', (preset, widthMm) => {
  const beyond = drawings.flatMap(({ kind, drawing }) => {
    const { panel } = drawing.draw({ ...presetWish(preset, plainWish), widthMm })
    // A pixel or two, for widths of letters are estimated.
    return wordsOf(panel)
      .filter(
        ({ left, right, bottom }) =>
          left < -2 || right > panel.width + 2 || bottom > panel.height + 2
      )
      .map(({ text }) => `${kind}: ${text}`)
  })
  expect(beyond).toEqual([])
})

it('a chart that needs more room than there is is made smaller, in SVG and in TeX, and says so', () => {
  const { drawing } = drawings.find(({ kind }) => kind === 'head-scatter')!
  const layout: PanelsLayout = {
    name: 'Page',
    ...{ preset: 'neurips', widthMm: 139.7, points: null, font: 'sans', background: 'paper' },
    ...{ columns: 3, lettering: '(a)' }
  }
  const panels = [1, 2, 3].map(() => ({ title: '', columns: 1, drawing }))
  const page = drawnPanels(layout, panels)
  const [, points] = /Panel \(a\): Its letters are ([\d.]+) pt, not 9 pt/.exec(
    page.faults.join('\n')
  )!
  const [, scale] = /<g transform="translate\([^)]*\) scale\(([\d.]+)\)">/.exec(figureSvg(page))!
  expect(Number(scale)).toBeLessThan(1)
  expect(9 * Number(scale)).toBeCloseTo(Number(points), 1)
  const sizes = [...figureTex(page, '', []).matchAll(/\\fontsize\{([\d.]+)\}/g)].map(([, own]) =>
    Number(own)
  )
  expect(Math.min(...sizes)).toBeCloseTo(Number(points), 1)
})

interface Reach {
  readonly what: string
  readonly left: number
  readonly right: number
  readonly bottom: number
  /** Widths of letters are estimated, and half of a line lies beyond what it is around. */
  readonly slack: number
}

function reachesOf({ rasters, marks }: MapPanel): Reach[] {
  const rect = (x: number, y: number, width: number, height: number) => ({
    ...{ left: x, right: x + width, bottom: y + height }
  })
  return [
    ...rasters.map(({ left, top, width, height }) => ({
      ...{ what: 'raster', slack: 0.6, ...rect(left, top, width, height) }
    })),
    ...marks.flatMap((mark): Reach[] => {
      const { kind: what } = mark
      if (mark.kind === 'text') {
        if (mark.pill !== null && !mark.upright) {
          const wide = pillWidth(mark.text, mark.size)
          const left = mark.x - { left: 0, center: 0.5, right: 1 }[mark.align] * wide
          return [{ what: mark.text, slack: 2, ...rect(left, mark.y, wide, 8) }]
        }
        return markWords(mark).map(({ text, ...own }) => ({ what: text, slack: 2, ...own }))
      }
      if (mark.kind === 'line') {
        const [xs, ys] = [mark.points.map(([x]) => x), mark.points.map(([, y]) => y)]
        const ends = { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.max(...ys) }
        return [{ what, slack: 1, ...ends }]
      }
      // A frame is seen as a whole: half of its line lies beyond what it is around.
      const line = mark.kind === 'rect' && mark.line !== null ? 0.5 : 0
      const around = rect(
        mark.x - line,
        mark.y - line,
        mark.width + 2 * line,
        mark.height + 2 * line
      )
      return [{ what, slack: line === 0 ? 1 : 0.01, ...around }]
    })
  ]
}

function mapsOf(panel: Panel): MapPanel[] {
  if (panel.kind === 'row') return panel.parts.flatMap(part => mapsOf(part.panel))
  return panel.kind === 'map' ? [panel] : []
}

const words = 'One day, a boy & a girl_1 went 50% to the park on the hill there too .'.split(' ')
const tokenMap = {
  ...{ title: null, quantity: 'weight', unit: null, firstHidden: false, mirrored: false },
  ...{ view: null, marked: { queries: [], keys: [] }, profiles: null, visibility: null },
  tokens: words.map(text => ({ piece: text, text: ` ${text}`, special: false })),
  pattern: new Float32Array(words.length ** 2).fill(0.25)
}
const allHeads = {
  ...{ title: null, name: 'attention weight', layers: [0, 1, 2, 3], heads: 12, tokens: 8 },
  ...{
    cells: 8,
    maps: new Float32Array(4 * 12 * 64).fill(0.25),
    visibility: [null, null, null, null]
  },
  ...{ firstHidden: false, mirrored: false }
}
const manyHeads = (count: number) => ({
  ...{ title: null, name: 'entropy', quantity: 'weight', heads: count },
  layers: Array.from({ length: count }, (_, layer) => layer),
  values: Array.from({ length: count ** 2 }, (_, i) => (i % 7) / 7)
})
const manyLines = {
  ...{ title: null, note: 'The strongest lines of each query, so many a head', heads: 12 },
  ...{ group: 4, quantity: 'weight', mirrored: false },
  cells: Array.from({ length: 144 }, (_, i) => ({
    ...{ layer: Math.floor(i / 12), head: i % 12, rows: 4, high: 1 },
    lines: [{ query: 3, key: 0, weight: 0.5 }]
  }))
}
const columns = [
  { kind: 'head-map', data: manyHeads(12) },
  { kind: 'head-map', data: manyHeads(32) },
  {
    kind: 'head-map-beside',
    data: {
      title: null,
      parts: ['one', 'other'].map(caption => ({ caption, data: manyHeads(12) }))
    }
  },
  {
    kind: 'head-map-beside',
    data: {
      title: null,
      parts: ['one', 'other'].map(caption => ({ caption, data: manyHeads(32) }))
    }
  },
  { kind: 'model-lines', data: manyLines }
]
const examples = [
  ...columns,
  ...kindExamples.flatMap(([kind, data]) => (data === null ? [] : [{ kind, data }])),
  { kind: 'attention-map', data: tokenMap },
  { kind: 'attention-map', data: { ...tokenMap, mirrored: true } },
  { kind: 'head-grid', data: allHeads }
].map(({ kind, data }) => ({
  kind,
  drawing: drawingOf({
    parts: [{ kind, data, look: { ...exampleLook, scale: 'sqrt' }, size: null }],
    names: []
  })
}))

it.each([30, 36, 40, 41, 42, 46, 50, 60, 75, 90])(
  'every map and mark of any kind lies within its panel: %d mm',
  widthMm => {
    for (const preset of ['icml', 'cvpr'] as const) {
      const beyond = [...drawings, ...examples].flatMap(({ kind, drawing }) => {
        const { panel } = drawing.draw({ ...presetWish(preset, plainWish), widthMm })
        return mapsOf(panel).flatMap(map =>
          reachesOf(map)
            .filter(
              ({ left, right, bottom, slack }) =>
                left < -slack || right > map.width + slack || bottom > map.height + slack
            )
            .map(({ what }) => `${kind}: ${what}`)
        )
      })
      expect(beyond).toEqual([])
    }
  }
)

it.each(examples.slice(0, columns.length))(
  'is drawn anew in a column of 82.55 mm, its letters as large as they are asked to be: $kind',
  ({ drawing }) => {
    const drawn = drawing.draw(presetWish('icml', plainWish))
    // Of 96 CSS pixels an inch.
    expect(drawn.panel.width).toBeCloseTo((82.55 / 25.4) * 96, 6)
    expect(drawn.faults.filter(fault => !fault.includes('mm high'))).toEqual([])
    expect([drawn.points, drawn.smallest].map(own => own.toFixed(2))).toEqual(['8.00', '8.00'])
  }
)

it('figures beside each other stand one below the other where a column has less than each needs', () => {
  const tops = (heads: number) => {
    const data = {
      title: null,
      parts: ['one', 'other'].map(caption => ({ caption, data: manyHeads(heads) }))
    }
    const own = { kind: 'head-map-beside', data, look: exampleLook, size: null }
    const { panel } = drawingOf({ parts: [own], names: [] }).draw(presetWish('icml', plainWish))
    return panel.kind === 'row' ? panel.parts.map(({ left, top }) => [left > 0, top > 22]) : []
  }
  expect(tops(12)).toEqual([
    [false, false],
    [true, false]
  ])
  expect(tops(32)).toEqual([
    [false, false],
    [false, true]
  ])
})

it.each([
  ['head-map', manyHeads(32)],
  ['model-lines', manyLines]
])('what stands above columns of %s lies over nothing else', (kind, data) => {
  const part = { kind, data, look: exampleLook, size: null }
  const { panel } = drawingOf({ parts: [part], names: [] }).draw(presetWish('icml', plainWish))
  const [{ marks }] = mapsOf(panel) as [MapPanel]
  const heads = marks.filter(
    mark => mark.kind === 'text' && mark.align === 'center' && /^\d+$/.test(mark.text)
  )
  const all = heads.flatMap(markWords).toSorted((a, b) => a.left - b.left)
  expect(all.length).toBeGreaterThan(5)
  all.slice(1).forEach(({ left }, i) => expect(left).toBeGreaterThan(all[i]!.right))
})

it('a map or a grid of maps that has no room is made smaller as a whole, and says so', () => {
  const faultsAt = (kind: string, widthMm: number) => {
    const own = examples.findLast(example => example.kind === kind)!
    return own.drawing.draw({ ...presetWish('icml', plainWish), widthMm }).faults.join('\n')
  }
  const said = /^Its letters are [\d.]+ pt, not 8 pt: it is made smaller/m
  expect(faultsAt('attention-map', 30)).toMatch(said)
  expect(faultsAt('head-grid', 40)).toMatch(said)
  // In one sentence with why it is, and what helps.
  expect(faultsAt('head-grid', 30)).toMatch(
    /^Its letters are [\d.]+ pt, not 8 pt, smaller than [^\n]* it is made smaller, .*; give it more width[^\n]*$/
  )
  expect(faultsAt('attention-map', 82.55)).toBe('')
  expect(faultsAt('head-grid', 171.45)).toBe('')
})
