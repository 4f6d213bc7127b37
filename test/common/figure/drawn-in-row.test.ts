import { describe, expect, it } from 'vitest'
import { attentionMap, type AttentionMapData } from '#common/figure/attention-map.ts'
import { drawing } from '#common/figure/drawing.ts'
import { drawnInRow } from '#common/figure/drawn-in-row.ts'
import type { FigureKind, MapPanel, RowPanel } from '#common/figure/figure-kind.ts'
import { headMap, type HeadMapData } from '#common/figure/head-map.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { plainWish, presetWish, type PresetName } from '#common/figure/presets.ts'
import { shadedText, type ShadedTextData } from '#common/figure/shaded-text.ts'
import { flowingText } from '#common/figure/text-flow.ts'
import { textWidth } from '#common/figure/text-width.ts'
import { tokenGrid, type TokenGridData } from '#common/figure/token-grid.ts'
import { weightMap, type WeightMapData } from '#common/figure/weight-map.ts'
import { overlappingTexts, textPlaces } from './text-places.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'magma', scale: 'sqrt', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 0.982 }
}
const shared: Look = { ...look, shared: true }
const words = 'Before we proceed any further, hear me speak, and then say what you would'.split(' ')
const tokens = words.map(text => ({ piece: text, text, special: false }))
const count = tokens.length

const map: AttentionMapData = {
  ...{ title: null, quantity: 'weight', unit: null, tokens, firstHidden: false, mirrored: false },
  pattern: Float32Array.from({ length: count ** 2 }, (_, i) => (i % 7) / 7),
  visibility: { causal: true, reach: null },
  ...{ view: null, marked: { queries: [], keys: [] }, profiles: null }
}
const scores: HeadMapData = {
  ...{ title: null, name: 'previous token', quantity: 'weight', layers: [0, 1, 2, 3], heads: 4 },
  values: Array.from({ length: 16 }, (_, i) => i / 16)
}
const grid: TokenGridData = {
  ...{ title: null, rows: ['0', '1'], rowsName: 'after block', tokens, from: 0, expected: null },
  ...{ cells: [...tokens, ...tokens], values: new Float32Array(2 * count) },
  ...{ hits: new Uint8Array(2 * count), unit: 'probability', ranks: null, scrolled: null },
  ...{ marked: [], mirrored: false }
}
const text: ShadedTextData = {
  ...{ title: null, quantity: 'weight', note: '', unit: null, ranks: null, own: 0 },
  weights: new Float32Array(count),
  ...flowingText(
    words.map((text, group) => ({ text: `${text} `, group, kind: 'letters', endsLine: false })),
    { width: 400, size: 14, mirrored: false }
  )
}
const numbers: WeightMapData = {
  ...{ title: null, name: 'weight', rows: { from: 0, to: 9, each: 1 } },
  ...{ columns: { from: 0, to: 9, each: 1 }, values: new Float32Array(81) }
}
const names = ['To be, or not to be', 'Whether tis nobler']

function pair<D extends { readonly title: string | null }>(
  kind: FigureKind<D>,
  data: readonly [D, D],
  look: Look,
  preset: PresetName,
  own: { readonly widthMm?: number; readonly heightMm?: number; readonly title?: boolean } = {},
  title: string | null = null
) {
  const draw = data.map(one => drawing(kind, one, look).draw)
  return drawnInRow(draw, names, { ...presetWish(preset, plainWish), ...own }, title)
}

const partsOf = ({ panel }: { readonly panel: unknown }) =>
  (panel as RowPanel).parts.map(({ left, top, panel }) => ({ left, top, panel: panel as MapPanel }))
const saidBy = ({ marks }: MapPanel, name: string) =>
  marks.filter(mark => mark.kind === 'text' && mark.text.startsWith(name)).length
const hasBarBeside = ({ marks }: MapPanel) =>
  marks.some(mark => mark.kind === 'rect' && Array.isArray(mark.fill))

describe('two of one range on a page', () => {
  it.each([
    ['attention maps', attentionMap, map, 'attention weight'],
    ['maps of heads', headMap, scores, 'previous token'],
    ['grids of tokens', tokenGrid, grid, 'probability'],
    ['shaded texts', shadedText, text, 'attention weight'],
    ['maps of weights', weightMap, numbers, 'weight']
  ] as const)(
    '%s have one bar, below the first of a row and the last of a column',
    (_, kind, data, name) => {
      const drawn = (look: Look, preset: PresetName) =>
        partsOf(pair(kind as FigureKind<typeof data>, [data, data], look, preset))
      const first = name.split(' ')[0]!
      for (const preset of ['neurips', 'icml', 'nature', 'tex'] as const) {
        const parts = drawn(shared, preset)
        const isRow = parts[0]!.top === parts[1]!.top
        expect(parts.map(({ panel }) => saidBy(panel, first))).toEqual(isRow ? [1, 0] : [0, 1])
        expect(parts.map(({ panel }) => hasBarBeside(panel))).toEqual([false, false])
      }
      expect(drawn(look, 'neurips').map(({ panel }) => saidBy(panel, first))).toEqual([1, 1])
    }
  )

  it('have it where they were kept with that of the last, as parts of one tensor are', () => {
    const draw = [{ ...look, bar: false } as const, look].map(
      own => drawing(weightMap, numbers, own).draw
    )
    for (const preset of ['neurips', 'icml'] as const) {
      const parts = partsOf(drawnInRow(draw, ['one', 'other'], presetWish(preset, plainWish)))
      const isRow = parts[0]!.top === parts[1]!.top
      expect(parts.map(({ panel }) => saidBy(panel, 'weight'))).toEqual(isRow ? [1, 0] : [0, 1])
      expect(parts.map(({ panel }) => hasBarBeside(panel))).toEqual([false, false])
    }
  })

  it('have a bar each where these are of unlike colours', () => {
    const other: AttentionMapData = { ...map, unit: 'gradient' }
    const [first, second] = partsOf(pair(attentionMap, [map, other], shared, 'neurips'))
    expect(saidBy(first!.panel, 'attention weight')).toBe(1)
    expect(saidBy(second!.panel, 'gradient')).toBe(1)
  })

  it.each([undefined, 70, 90])('have maps as large as each other, %s mm high', heightMm => {
    for (const [preset, widthMm] of [
      ['icml', 82.55],
      ['neurips', 139.7]
    ] as const) {
      const high = heightMm !== undefined && { heightMm }
      const drawn = pair(attentionMap, [map, map], shared, preset, { widthMm, ...high })
      const [one, other] = partsOf(drawn).map(({ panel }) => panel.rasters[0]!)
      expect(Math.abs(one!.width - other!.width)).toBeLessThan(3)
      if (heightMm !== undefined) expect(drawn.heightMm).toBeCloseTo(heightMm, 0)
      expect(drawn.faults).toEqual([])
      expect(overlappingTexts(textPlaces(drawn.panel))).toEqual([])
    }
  })
})

describe('two in a height', () => {
  const isRow = (drawn: { readonly panel: unknown }) => {
    const [one, other] = partsOf(drawn)
    return one!.top === other!.top
  }
  const few = words
    .slice(0, 12)
    .map(word => ({ piece: word, text: word.slice(0, 3), special: false }))
  const own: AttentionMapData = { ...map, tokens: few, pattern: new Float32Array(144) }

  it('stand beside each other where their maps are larger so, and else one below the other', () => {
    const at = (heightMm: number) => pair(attentionMap, [own, own], look, 'icml', { heightMm })
    const sideOf = (drawn: ReturnType<typeof at>) => partsOf(drawn)[0]!.panel.rasters[0]!.width
    const [low, high] = [at(60), at(110)]
    expect([low, high].map(isRow)).toEqual([true, false])
    for (const [drawn, heightMm] of [
      [low, 60],
      [high, 110]
    ] as const) {
      expect(drawn.heightMm).toBeCloseTo(heightMm, 0)
      expect(drawn.faults).toEqual([])
    }
    // 17 mm, and more than in a row, whose parts have 38 mm each.
    expect(sideOf(low)).toBeGreaterThan((17 / 25.4) * 96)
    expect(sideOf(high)).toBeGreaterThan(sideOf(low))
  })

  it('keep it, though their maps would be larger one below the other in more', () => {
    const own: HeadMapData = { ...scores, name: 'x' }
    const plain: Look = { ...look, scale: 'linear', range: { low: 0, high: 0.8 } }
    for (const [widthMm, heightMm] of [
      [82.55, 50],
      [139.7, 40]
    ] as const) {
      const drawn = pair(headMap, [own, own], plain, 'icml', { widthMm, heightMm })
      expect(drawn.heightMm).toBeCloseTo(heightMm, 0)
      expect(isRow(drawn)).toBe(true)
      expect(drawn.faults).toEqual([])
    }
  })

  it('keep it with a title, where they are printed smaller', () => {
    const wide: HeadMapData = {
      ...{ ...scores, heads: 16, layers: [0, 1, 2, 3, 4, 5, 6, 7] },
      values: Array.from({ length: 128 }, (_, i) => i / 128)
    }
    const title = 'A title that takes several lines in a width as narrow as this, if not more'
    const asked = { widthMm: 30, heightMm: 120, title: true }
    for (const own of [look, shared]) {
      const drawn = pair(headMap, [wide, wide], own, 'icml', asked, title)
      expect(drawn.points).toBeLessThan(7)
      expect(drawn.heightMm).toBeCloseTo(120, 0)
      const places = textPlaces(drawn.panel)
      expect(overlappingTexts(places)).toEqual([])
      const end = Math.max(...places.map(({ bottom }) => bottom))
      expect(end).toBeGreaterThan(0.85 * drawn.panel.height)
      const said = places.flatMap(({ mark }) => (mark.weight === 600 ? [mark.text] : []))
      expect(said.join(' ')).toContain(title)
    }
  })
})

it('a bar of a low map on a page is as high as its name takes, beside the labels of keys', () => {
  const wish = { ...presetWish('icml', plainWish), heightMm: 42 }
  const drawn = drawing(attentionMap, { ...map, tokens: [...tokens] }, look).draw(wish)
  expect(drawn.heightMm).toBeCloseTo(42, 0)
  const { marks, rasters } = drawn.panel as MapPanel
  const bar = marks.find(mark => mark.kind === 'rect' && Array.isArray(mark.fill))
  if (bar?.kind !== 'rect') throw new Error('expected a bar')
  const [{ top, height }] = rasters as [MapPanel['rasters'][0]]
  expect(bar.height).toBeGreaterThan(height)
  expect(bar.y).toBeLessThan(top)
  expect(bar.y + bar.height).toBeCloseTo(top + height, 6)
  for (const mark of marks)
    if (mark.kind === 'text' && /attention|weight/.test(mark.text))
      expect(textWidth(mark.text, mark)).toBeLessThanOrEqual(bar.height)
  expect(overlappingTexts(textPlaces(drawn.panel))).toEqual([])
})

it.each(['neurips', 'icml', 'nature', 'tex'] as const)(
  'letters of a bar on a page of %s are as large as all others, however low its map is',
  preset => {
    const low = { ...look, range: { low: -0.0834, high: 0.0834 } }
    const few: HeadMapData = { ...scores, name: 'difference of previous token', layers: [0, 1] }
    const wish = { ...presetWish(preset, plainWish), heightMm: 30 }
    for (const draw of [
      drawing(
        headMap,
        few.layers.length === 2 ? { ...few, values: few.values.slice(0, 8) } : few,
        low
      ).draw,
      drawing(attentionMap, map, look).draw
    ]) {
      const sizes = textPlaces(draw(wish).panel).map(({ mark }) => mark)
      const name = sizes.find(({ text }) => /previous|attention/.test(text))!
      expect((name.size / 96) * 72).toBeCloseTo(wish.points!, 6)
    }
  }
)
