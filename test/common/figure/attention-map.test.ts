import { decode } from 'fast-png'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attentionMap, type AttentionMapData } from '#common/figure/attention-map.ts'
import { colorTable, rgbOfCss } from '#common/figure/color-table.ts'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import type { MapPanel, Raster } from '#common/figure/figure-kind.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { monoWidth } from '#common/figure/text-width.ts'

const token = (text: string, special = false) => ({ piece: text, text, special })
const plain: Look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
}

/** Three tokens; the weights are their own colour-map positions. */
const small: AttentionMapData = {
  title: 'a model · Head 0.1 · attention',
  quantity: 'weight',
  unit: null,
  pattern: Float32Array.of(1, 0, 0, 0.25, 0.75, 0, 0.5, 0.3, 0.2),
  tokens: [token('[CLS]', true), token('Hello'), token(' ')],
  visibility: { causal: true, reach: null },
  firstHidden: false,
  mirrored: false,
  view: null,
  marked: { queries: [], keys: [] },
  profiles: null
}

function svg(own: Partial<AttentionMapData> = {}, look: Partial<Look> = {}): string {
  const data = { ...small, ...own }
  const all = { ...plain, ...look }
  return panelSvg(attentionMap.panel(data, all, attentionMap.natural(data, all)))
}

/** The colour in the middle of a cell of the map; null where it is empty. */
function colorAt(document: string, row: number, column: number): number[] | null {
  const [, base64] = /href="data:image\/png;base64,([^"]+)"/.exec(document)!
  const { width, data } = decode(Buffer.from(base64!, 'base64'))
  const cell = width / 3
  const at = 3 * (Math.floor((row + 0.5) * cell) * width + Math.floor((column + 0.5) * cell))
  const color = [...data.subarray(at, at + 3)]
  return color.join() === rgbOfCss(paperLook.empty).join() ? null : color
}

function color(weight: number): number[] {
  const at = 3 * Math.round(255 * weight)
  return [...colorTable('viridis', plain.paper).subarray(at, at + 3)]
}

/** The texts of a figure, with their tags. */
function labels(document: string): { text: string; tag: string }[] {
  return [...document.matchAll(/(<text[^>]*>)([^<]*)<\/text>/g)].map(([, tag, text]) => ({
    tag: tag!,
    text: text!.replaceAll(/[\u2068\u2069]/g, '')
  }))
}

const words = (document: string) => labels(document).map(({ text }) => text)

/** Where the label of a key stands. */
function keyLeft(document: string, text: string): number {
  const label = labels(document).find(
    label => label.text === text && label.tag.includes('text-anchor="middle"')
  )
  return Number(/translate\(([\d.]+) /.exec(label!.tag)![1])
}

const fill = (document: string, text: string) =>
  labels(document).flatMap(label =>
    label.text === text ? [/fill="(#\w+)"/.exec(label.tag)![1]!] : []
  )

describe('attentionMap', () => {
  it('is this picture', async () => {
    // Charts are numbered; the first one of a process is as good as any.
    const document = svg()
    await expect(document).toMatchFileSnapshot(join(import.meta.dirname, 'attention-map.svg'))
  })

  it('says beside its colours what its values are', () => {
    expect(words(svg())).toContain('attention weight')
    expect(words(svg({ unit: 'mean weight' }))).toContain('mean weight')
    expect(words(svg({ unit: 'mean weight', quantity: 'difference' }))).toContain(
      'difference of mean weight'
    )
  })

  it('says what of its values an own range leaves out', () => {
    const shown = (own: Partial<AttentionMapData>) => attentionMap.shows({ ...small, ...own })
    const grey = 'grey: keys that a query does not see'
    expect(shown({})).toBe(
      `Colour: attention weight; ${grey}; the first query, which sees one key alone, gives it all`
    )
    expect(shown({ visibility: { causal: false, reach: null } })).toBe('Colour: attention weight')
    // A sink takes some of it.
    const pattern = small.pattern.map(weight => weight / 2)
    expect(shown({ pattern })).toBe(`Colour: attention weight; ${grey}`)
    expect(shown({ firstHidden: true })).toBe(`Colour: renormalised weight; ${grey}`)
    expect(shown({ unit: 'mean weight' })).toBe(`Colour: mean weight; ${grey}`)
  })

  it('says which cells are drawn, and of these alone why some hold no value', () => {
    const of = (row: number, column: number, rows: number, columns: number, own = {}) =>
      attentionMap
        .shows({ ...small, ...own, part: { row, column, rows, columns, cell: 20 } })
        .replace('Colour: attention weight; ', '')
    const grey = 'grey: keys that a query does not see'
    const all = 'the first query, which sees one key alone, gives it all'
    expect(of(0, 0, 2, 2)).toBe(`queries 0 to 1 and keys 0 to 1 of 3; ${grey}; ${all}`)
    expect(of(1, 0, 2, 1)).toBe('queries 1 to 2 and keys 0 to 0 of 3')
    expect(of(1.5, 0.5, 1.5, 1.5)).toBe('queries 1 to 2 and keys 0 to 1 of 3')
    expect(of(1, 0, 1, 3)).toBe(`queries 1 to 1 and keys 0 to 2 of 3; ${grey}`)
    // Of a window it is the early keys.
    const visibility = { causal: true, reach: 0 }
    expect(of(2, 0, 1, 2, { visibility })).toContain(grey)
    expect(of(2, 2, 1, 1, { visibility })).not.toContain('grey')
    expect(of(0, 0, 3, 3, { visibility: null })).not.toContain('grey')
    expect(of(0, 0, 3, 3, { visibility: null, firstHidden: true })).toContain('grey: the first key')
  })

  it('draws a part as large as there is room, and nothing beside it, in any width', () => {
    const part = { row: 1, column: 0.5, rows: 2, columns: 2.5, cell: 60 }
    const data = { ...small, part }
    const mapOf = (size: { width: number; height: number }) => {
      const panel = attentionMap.panel(data, plain, { ...size, ratio: 1 })
      const [{ width, height, scene }] = (panel as MapPanel).rasters as [Raster]
      return { width, height, row: scene.view.row, column: scene.view.column }
    }
    expect(mapOf(attentionMap.natural(data, plain))).toEqual({
      width: 150,
      height: 120,
      row: 1,
      column: 0.5
    })
    const width = 620
    const wide = mapOf({ width, height: attentionMap.high!(data, plain, width)! })
    expect(wide).toMatchObject({ row: 1, column: 0.5 })
    expect(wide.width).toBeGreaterThan(380)
    expect(wide.height / wide.width).toBeCloseTo(2 / 2.5, 6)
  })

  it('says how its colours are reckoned, and which way it runs', () => {
    const half = { ...small, visibility: null, unit: 'mean weight', mirrored: true }
    const range = { low: 0, high: 0.982 }
    expect(attentionMap.shows(half, { scale: 'sqrt', range })).toBe(
      'Colour: mean weight, as √w, from 0 to 0.982; keys run from right to left'
    )
    expect(attentionMap.shows({ ...half, mirrored: false }, { scale: 'linear', range })).toBe(
      'Colour: mean weight, from 0 to 0.982'
    )
  })

  it('has each weight at its query and key', () => {
    const document = svg()
    expect(colorAt(document, 0, 0)).toEqual(color(1))
    expect(colorAt(document, 1, 0)).toEqual(color(0.25))
    expect(colorAt(document, 2, 1)).toEqual(color(0.3))
    expect(colorAt(document, 0, 2)).toBeNull()
  })

  it('runs keys from right to left when it is mirrored, labels too', () => {
    const document = svg({ mirrored: true })
    expect(colorAt(document, 1, 2)).toEqual(color(0.25))
    expect(colorAt(document, 0, 0)).toBeNull()
    expect(keyLeft(document, '[CLS]')).toBeGreaterThan(keyLeft(document, '·'))
    expect(keyLeft(svg(), '[CLS]')).toBeLessThan(keyLeft(svg(), '·'))
  })

  it('names scale, range and both axes', () => {
    const text = words(svg({}, { scale: 'log1p', range: { low: 0, high: 0.4 } }))
    expect(text).toEqual(expect.arrayContaining(['← query', 'key, attended to →', '0', '0.4']))
    expect(text.join(' ')).toContain('attention weight, as ln(1 + 100 w)')
    expect(text).toContain('fixed range')
    expect(words(svg({}, { follows: true }))).toContain('own range')
    expect(words(svg({}, { follows: true, shared: true }))).toContain('shared range')
  })

  it('thins out the labels of a long text and says their positions', () => {
    const tokens = Array.from({ length: 200 }, (_, i) => token(`t${i}`))
    const text = words(svg({ tokens, pattern: new Float32Array(200 * 200) }))
    expect(text).toContain('10 t10')
    expect(text.filter(word => /^\d+ t\d+$/.test(word))).toHaveLength(2 * 40)
  })

  it('says positions beside more tokens than are counted at a glance, where there is room', () => {
    const letters = (count: number) => {
      const tokens = Array.from({ length: count }, () => token('a'))
      return words(svg({ tokens, pattern: new Float32Array(count * count) }))
    }
    expect(letters(30).filter(word => /^\d+ a$/.test(word))).toHaveLength(30)
    expect(letters(30).filter(word => word === 'a')).toHaveLength(30)
    expect(letters(10).filter(word => word === 'a')).toHaveLength(20)
  })

  it('has no letters of keys smaller than they need be, nor of queries too small to read', () => {
    const tokens = Array.from({ length: 50 }, () => token('a'))
    const data = { ...small, tokens, pattern: new Float32Array(2500) }
    const document = panelSvg(
      attentionMap.panel(data, plain, { width: 620, height: 500, ratio: 1 })
    )
    const sizes = labels(document)
      .filter(({ text }) => /^(\d+ )?a$/.test(text))
      .map(({ tag }) => / (\d+)px/.exec(tag)![1])
    expect(new Set(sizes)).toEqual(new Set(['11']))
  })

  it('colours the labels of special tokens and signs, also where others are thinned out', () => {
    const [ink] = fill(svg(), 'Hello')
    expect(new Set([ink, fill(svg(), '[CLS]')[0], fill(svg(), '·')[0]]).size).toBe(3)
    const tokens = Array.from({ length: 200 }, (_, i) => token(i === 50 ? ' ' : `t${i}`))
    const long = svg({ tokens, pattern: new Float32Array(200 * 200) })
    expect(fill(long, '50 ·')).toEqual([plain.faint, plain.faint])
    expect(fill(long, '55 t55')).toEqual([ink, ink])
  })

  it('colours each label by its own token, also where two read alike', () => {
    const tokens = [token('[SEP]', true), token('[SEP]'), token('·'), token(' ')]
    const document = svg({ tokens, pattern: new Float32Array(16) })
    expect(fill(document, '[SEP]')).toEqual([plain.accent, plain.ink, plain.accent, plain.ink])
    expect(fill(document, '·')).toEqual([plain.ink, plain.faint, plain.ink, plain.faint])
  })

  it('draws what lies before a window as masked, too', () => {
    const document = svg({ visibility: { causal: true, reach: 1 } })
    expect(colorAt(document, 2, 0)).toBeNull()
    expect(colorAt(document, 2, 1)).toEqual(color(0.3))
    expect(words(document)).not.toContain('0.500')
  })

  it('leaves the column of a first token that is hidden empty, and says what weights are then of', () => {
    const document = svg({ firstHidden: true, visibility: null })
    expect(colorAt(document, 1, 0)).toBeNull()
    expect(colorAt(document, 1, 1)).toEqual(color(0.75))
    expect(words(document)).not.toContain('0.500')
    expect(words(document)).toContain('renormalised weight')
  })

  it('masks nothing where it is not known what a query sees', () => {
    expect(colorAt(svg({ visibility: null }), 0, 2)).toEqual(color(0))
  })

  it('writes values into cells that have room, but for masked ones', () => {
    expect(words(svg())).toEqual(
      expect.arrayContaining(['1.00', '0.250', '0.750', '0.500', '0.300', '0.200'])
    )
    const masked = words(svg()).filter(word => word === '0')
    // The low end of the colour bar.
    expect(masked).toHaveLength(1)
  })

  it('shows a part of a map with the positions of that part', () => {
    const tokens = Array.from({ length: 40 }, (_, i) => token(`t${i}`))
    const view = { cell: 40, row: 20, column: 10 }
    const text = words(svg({ tokens, pattern: new Float32Array(1600), view }))
    expect(text).toContain('21 t21')
    expect(text.filter(word => word.endsWith('t5'))).toEqual([])
  })

  it('draws nothing in the colour of the paper, and differences away from it on both sides', () => {
    const pattern = Float32Array.of(0, 0, 0, -0.5, 0.5, 0, 0.25, 0, 0)
    const own = { pattern, quantity: 'difference' } as const
    const document = svg(own, { range: { low: -0.5, high: 0.5 } })
    expect(colorAt(document, 0, 0)).toEqual([255, 255, 255])
    const [less, more, half] = [
      [1, 0],
      [1, 1],
      [2, 0]
    ].map(([row, column]) => colorAt(document, row!, column!)!)
    expect(less![2]).toBeGreaterThan(less![0]!)
    expect(more![0]).toBeGreaterThan(more![2]!)
    expect(half![1]).toBeGreaterThan(more![1]!)
    expect(words(document)).toContain('difference of weights')
    expect(words(document)).toEqual(expect.arrayContaining(['−0.5', '−0.500', '0.250']))
  })

  it('writes no value beyond the edge of the map', () => {
    const tokens = Array.from({ length: 40 }, (_, i) => token(`t${i}`))
    const pattern = new Float32Array(1600).fill(0.125)
    const numbers = (column: number) =>
      words(svg({ tokens, pattern, visibility: null, view: { cell: 80, row: 20, column } })).filter(
        word => word === '0.125'
      ).length
    expect(numbers(20)).toBeGreaterThan(numbers(20.45))
  })

  it('marks positions whose labels are thinned out, and no neighbour over them', () => {
    const tokens = Array.from({ length: 200 }, (_, i) => token(`t${i}`))
    const marked = { queries: [51], keys: [] }
    const text = words(svg({ tokens, pattern: new Float32Array(200 * 200), marked }))
    expect(text).toContain('51 t51')
    expect(text.filter(word => word === '50 t50')).toHaveLength(1)
  })

  it('shows spaces by a sign, and names and tokens that are markup as text', () => {
    const markup = '<img src=x onerror="1">'
    const document = svg({
      title: `${markup} & ]]>`,
      tokens: [token(markup, true), token('</text><script>'), token('a\u202eb\0')]
    })
    expect(document).not.toMatch(/<(img|script)/)
    expect(document).not.toMatch(/[\0-\x08\x0b-\x1f\u202a-\u202e]/)
    expect(words(document)).toContain('a⟨202E⟩b⟨00⟩')
    expect(words(svg())).toContain('·')
  })

  it('is as large as ever beside its profiles, which have room of their own', () => {
    const profiles = { queries: [1], keys: [0] }
    const [alone, profiled] = [small, { ...small, profiles }].map(data => {
      const panel = attentionMap.panel(data, plain, attentionMap.natural(data, plain))
      return panel.kind === 'map' ? panel : null
    })
    const [first, second] = [alone!.rasters[0]!, profiled!.rasters[0]!]
    expect([second.width, second.height]).toEqual([first.width, first.height])
    expect(profiled!.height - alone!.height).toBe(42)
    expect(profiled!.width - alone!.width).toBe(42)
    expect(words(svg({ profiles }))).toContain('1 Hello')
  })

  it('fetches nothing', () => {
    const addresses = [...svg().matchAll(/(?:href=["']|src=["']|url\()([^"')]+)/g)]
    expect(addresses.length).toBeGreaterThan(1)
    for (const [, address] of addresses) expect(address).toMatch(/^(data:image\/png;|#)/)
  })
})

describe('a map on a page', () => {
  /** Words of which every fifth has room for its label, one of the others far longer. */
  const tokens = Array.from({ length: 60 }, (_, i) => token(i === 33 ? 'incomprehensible' : 'to'))
  const words = {
    ...small,
    ...{ tokens, pattern: new Float32Array(60 * 60) }
  }
  const panelOf = (own: AttentionMapData, preset: 'ieee' | 'screen') => {
    const { panel } = drawnFigure(attentionMap, own, plain, presetWish(preset, plainWish))
    if (panel.kind !== 'map') throw new Error('expected a map')
    const texts = panel.marks.filter(mark => mark.kind === 'text' && mark.font === plain.mono)
    return { panel, texts: texts.flatMap(mark => (mark.kind === 'text' ? [mark] : [])) }
  }
  /** From the axes' names to the labels. */
  const gaps = (own: AttentionMapData, preset: 'ieee' | 'screen') => {
    const { texts } = panelOf(own, preset)
    const width = ({ text, size }: { text: string; size: number }) => monoWidth(text, size)
    const beside = texts.filter(({ upright }) => !upright).map(one => one.x - width(one))
    const above = texts.filter(({ upright }) => upright).map(one => one.y - width(one))
    return [Math.min(...beside) - 8 - plain.size / 2, Math.min(...above) - 8 - plain.size / 2]
  }

  it('has room for the labels that show, and none for others', () => {
    for (const gap of gaps(words, 'ieee')) {
      expect(gap).toBeGreaterThan(2)
      expect(gap).toBeLessThan(10)
    }
    const alike = { ...words, tokens: tokens.with(33, token('to')) }
    const [own, other] = [words, alike].map(one => panelOf(one, 'ieee').panel.rasters[0]!)
    expect(own!.width).toBe(other!.width)
  })

  it('has room for one that is marked', () => {
    const marked = { queries: [33], keys: [33] }
    const own = { ...words, marked }
    for (const gap of gaps(own, 'ieee')) expect(gap).toBeGreaterThan(2)
    const { panel, texts } = panelOf(own, 'ieee')
    expect(texts.filter(({ text }) => text.includes('incomp'))).toHaveLength(2)
    expect(panel.rasters[0]!.left).toBeGreaterThan(panelOf(words, 'ieee').panel.rasters[0]!.left)
  })

  it.each(['queries', 'keys'] as const)('cuts no label where only %s are marked', side => {
    const some = Array.from({ length: 20 }, (_, i) => i)
    for (const at of some) {
      const tokens = some.map(i => token(i === at ? 'incomprehensible' : 'to'))
      const marked = { queries: [], keys: [], [side]: [at] }
      const own = { ...small, tokens, marked, pattern: new Float32Array(400) }
      for (const width of [250, 350, 400]) {
        const size = { width, height: width, ratio: 1 }
        const { marks } = attentionMap.panel(own, { ...plain, still: true }, size) as MapPanel
        for (const mark of marks)
          if (mark.kind === 'text' && mark.font === plain.mono) {
            const end = mark.upright ? mark.y : mark.x
            expect(end - monoWidth(mark.text, mark.size)).toBeGreaterThan(8)
          }
      }
    }
  })

  it('keeps room for all as on the screen, where any may come to show', () => {
    for (const gap of gaps(words, 'screen')) expect(gap).toBeGreaterThan(60)
  })
})
