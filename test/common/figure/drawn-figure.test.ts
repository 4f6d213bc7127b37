import { describe, expect, it } from 'vitest'
import { attentionMap, type AttentionMapData } from '#common/figure/attention-map.ts'
import { barChart, type BarChartData } from '#common/figure/bar-chart.ts'
import { drawnFigure, lettersText } from '#common/figure/drawn-figure.ts'
import { drawnInRow } from '#common/figure/drawn-in-row.ts'
import type { FigureKind, MapPanel } from '#common/figure/figure-kind.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { offsetCurve } from '#common/figure/offset-curve.ts'
import { plainWish, presetNames, presets, presetWish } from '#common/figure/presets.ts'
import type { FigurePreset } from '#common/figure/presets.ts'
import { sansWidth, textWidth } from '#common/figure/text-width.ts'
import { weightMap, type WeightMapData } from '#common/figure/weight-map.ts'
import { overlappingTexts, textPlaces } from './text-places.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: false, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}
const tokens = 40
const map: AttentionMapData = {
  title: 'A map',
  pattern: new Float32Array(tokens * tokens).fill(0.5),
  quantity: 'weight',
  unit: null,
  tokens: Array.from({ length: tokens }, (_, i) => ({ piece: `t${i}`, text: `t${i}` }) as never),
  visibility: null,
  firstHidden: false,
  mirrored: false,
  view: null,
  marked: { queries: [], keys: [] },
  profiles: null
}
const numbers: WeightMapData = {
  ...{ title: 'Numbers', name: 'weight' },
  rows: { from: 0, to: 8, each: 1 },
  columns: { from: 0, to: 8, each: 1 },
  values: new Float32Array(64).fill(0.5)
}
function sizesOf({ marks }: MapPanel) {
  const sizes = marks.flatMap(mark => (mark.kind === 'text' ? mark.size : []))
  return { low: Math.min(...sizes), high: Math.max(...sizes) }
}
const long = 'Attention of some head of some layer to all tokens of a text'
const bars: BarChartData = {
  title: 'Bars',
  bars: [{ label: 'a', value: 1, notes: ['1'], color: 0 }]
}

describe('presets', () => {
  // The sizes that instructions to authors give.
  it.each([
    ['icml', [82.55, 171.45], 8],
    ['aistats', [82.55, 171.45], 8],
    ['neurips', [139.7], 9],
    ['iclr', [139.7], 9],
    ['cvpr', [82.55, 174.6], 10],
    ['aaai', [83.8, 177.2], 9],
    ['jmlr', [152.4], 9],
    ['tmlr', [165.1], 9],
    ['eccv', [122], 8],
    ['acl', [77, 160], 8],
    ['ieee', [88.56, 181.35], 8],
    ['tex', [121.25], 10],
    ['nature', [89, 183], 7]
  ] as const)('%s is %s mm wide at %s pt', (name, widths, points) => {
    const preset: FigurePreset = presets[name]
    expect(preset.widths.map(({ mm }) => mm)).toEqual(widths)
    expect(preset.points).toBe(points)
  })

  it('of IEEE fit the columns of IEEEtran, of 252 and 516 pt', () => {
    const points = presets.ieee.widths.map(({ mm }) => (mm / 25.4) * 72.27)
    expect(points.map(own => Math.ceil(own))).toEqual([252, 516])
  })

  it('of a TeX document brings its font, which leaves with it; one that was chosen stays', () => {
    const tex = presetWish('tex', plainWish)
    expect(tex.font).toBe('computer-modern')
    const { panel } = drawnFigure(attentionMap, { ...map, title: 'x' }, look, {
      ...tex,
      title: true
    })
    expect(JSON.stringify(panel)).toContain("'CMU Serif', Tinos")
    expect(presetWish('icml', tex).font).toBe('sans')
    const serif = { ...plainWish, font: 'serif' } as const
    expect(presetWish('icml', serif).font).toBe('serif')
    expect(presetWish('icml', { ...tex, font: 'serif' }).font).toBe('serif')
  })

  it.each(presetNames.filter(name => name !== 'screen'))('%s draws a map in its width', name => {
    const wish = presetWish(name, plainWish)
    const { widthMm, points, panel, faults } = drawnFigure(attentionMap, map, look, wish)
    expect(widthMm).toBeCloseTo(wish.widthMm!, 6)
    expect(points).toBeCloseTo(presets[name].points!, 6)
    // CSS pixels of 1/96 inch.
    expect(panel.width).toBeCloseTo((wish.widthMm! / 25.4) * 96, 6)
    // Nothing is below the map but its colour bar's words, at most.
    const [raster] = panel.kind === 'map' ? panel.rasters : []
    expect(panel.height - raster!.top - raster!.height).toBeLessThan(12)
    expect(faults).toEqual([])
  })
})

describe('a figure that is drawn for a file', () => {
  it('is as on the screen unless it is wanted otherwise', () => {
    const { panel, faults } = drawnFigure(attentionMap, map, look, plainWish)
    expect(panel).toEqual(attentionMap.panel(map, look, attentionMap.natural(map, look)))
    expect(faults).toEqual([])
  })

  it('fills the width that it is drawn anew in, whatever shape it had on the screen', () => {
    const wish = { ...plainWish, widthMm: 72 }
    const raster = (size?: { width: number; height: number; ratio: number }) => {
      const { panel } = drawnFigure(attentionMap, map, look, wish, size)
      const [own] = (panel as MapPanel).rasters
      return { ...own!, right: panel.width - own!.left - own!.width }
    }
    const own = raster()
    const wide = raster({ width: 1200, height: 600, ratio: 1 })
    expect([wide.width, wide.height]).toEqual([own.width, own.height])
    // Beside it stands its bar alone.
    expect(own.right).toBeLessThan(100)
  })

  it('is no higher than there is room for', () => {
    const wish = { ...presetWish('nature', plainWish), widthMm: 200, letter: 'a' }
    const { heightMm } = drawnFigure(attentionMap, map, look, wish)
    expect(heightMm).toBeGreaterThan(165)
    expect(heightMm).toBeLessThan(170.001)
  })

  it('is as high as is asked with its title, of however many lines', () => {
    for (const title of ['A map', long, `${long} ${long}`])
      for (const heightMm of [60, 110]) {
        const wish = { ...presetWish('icml', plainWish), title: true, heightMm }
        const drawn = drawnFigure(attentionMap, { ...map, title }, look, wish)
        expect(drawn.heightMm).toBeCloseTo(heightMm, 6)
        expect(drawn.faults).toEqual([])
      }
  })

  it('is as high as is asked with its title also where it is printed smaller', () => {
    const still = { ...attentionMap, least: () => ({ width: 560, height: 0 }) }
    const wish = { ...presetWish('icml', plainWish), title: true, heightMm: 110 }
    const drawn = drawnFigure(still, { ...map, title: `${long} ${long}` }, look, wish)
    expect(drawn.panel.width).toBe(560)
    expect(drawn.heightMm).toBeCloseTo(110, 6)
  })

  it('has no more lines of a title than it has room for where it is printed smaller', () => {
    const still = { ...barChart, least: () => ({ width: 560, height: 0 }) }
    const wish = { ...presetWish('icml', plainWish), title: true }
    const { panel } = drawnFigure(still, { ...bars, title: long }, look, wish)
    // 560 pixels have room for some 80 letters, 312 for some 45.
    expect(panel.kind).not.toBe('row')
  })

  it('is as high as its axes need where that is more than is asked', () => {
    const curve = { title: null, quantity: 'weight', values: [0.1, 0.2], uniform: null, best: 1 }
    const at = (heightMm?: number) => {
      const high = heightMm !== undefined && { heightMm }
      const wish = { ...presetWish('icml', plainWish), ...high }
      return drawnFigure(offsetCurve, offsetCurve.data.parse(curve), look, wish)
    }
    expect(at(40).heightMm).toBeCloseTo(40, 6)
    const low = at(5)
    expect(low.heightMm).toBeGreaterThan(15)
    expect(low.heightMm).toBeLessThan(at().heightMm)
    expect(low.faults).toEqual([
      `${low.heightMm.toFixed(1)} mm high, over the 5 mm that it is given: it needs as much in this width`
    ])
  })

  it('keeps its height where rows have a height of their own', () => {
    const wish = { ...plainWish, widthMm: 60 }
    const { panel } = drawnFigure(barChart, bars, look, wish)
    expect(panel.height).toBe(barChart.natural(bars, look).height)
  })

  it('that needs more width is printed smaller, which is said', () => {
    const still = { ...barChart, least: () => ({ width: 560, height: 0 }) }
    const wish = { ...presetWish('icml', plainWish), title: true }
    const drawn = drawnFigure(still, bars, look, wish)
    expect(drawn.panel.width).toBe(560)
    expect(drawn.points).toBeCloseTo((8 * 312) / 560, 6)
    expect(drawn.faults).toEqual([
      'Its letters are 4.5 pt, not 8 pt, smaller than the 5 pt that are read in print: it is made smaller, for it cannot be drawn anew in this width; give it more width, or show a part of it'
    ])
  })

  it('says that its letters are too small for print, where no preset asks for others', () => {
    const still = { ...barChart, least: () => ({ width: 560, height: 0 }) }
    const faultsAt = (widthMm: number | null) =>
      drawnFigure(still, bars, look, { ...plainWish, widthMm }).faults
    expect(faultsAt(60)).toEqual([
      'Its letters are 3.3 pt, smaller than the 5 pt that are read in print: give it more width, or show a part of it'
    ])
    expect(faultsAt(100)).toEqual([])
    expect(faultsAt(null)).toEqual([])
  })

  it('says how large its smallest letters are, and of those too small for print that they are', () => {
    const at = (points: number | null) =>
      drawnFigure(weightMap, numbers, look, { ...presetWish('nature', plainWish), points })
    const usual = at(7)
    expect(usual.faults).toEqual([])
    const { low } = sizesOf(usual.panel as MapPanel)
    expect(lettersText(usual)).toBe(
      `letters 7.0 pt, the smallest ${((low / 96) * 72).toFixed(1)} pt`
    )
    expect(lettersText({ points: 7, smallest: 7 })).toBe('letters 7.0 pt')
    const small = at(5)
    const size = small.smallest.toFixed(1)
    expect(small.smallest).toBeLessThan(4.9)
    expect(small.points).toBeCloseTo(5, 6)
    expect(lettersText(small)).toBe(`letters 5.0 pt, the smallest ${size} pt`)
    expect(small.faults).toEqual([
      `Its smallest letters are ${size} pt, smaller than the 5 pt that are read in print: give it more width, or show a part of it`
    ])
    // Also of one of several beside each other.
    const row = drawnInRow(
      [wish => drawnFigure(weightMap, numbers, look, wish)],
      ['one'],
      small.wish
    )
    expect(row.faults).toEqual(small.faults)
  })

  it('says all of what the colours of a narrow map stand for, in as many lines as it takes', () => {
    const root: Look = { ...look, scale: 'sqrt' }
    const wish = { ...presetWish('icml', plainWish), widthMm: 30 }
    const { panel } = drawnFigure(attentionMap, map, root, wish)
    const marks = (panel as MapPanel).marks.filter(mark => mark.kind === 'text')
    const named = marks.filter(({ text }) => /attention weight|weight|as|√w/.test(text))
    expect(named.map(({ text }) => text).join(' ')).toContain('weight, as √w')
    for (const mark of named)
      if (mark.room !== null) expect(textWidth(mark.text, mark)).toBeLessThanOrEqual(mark.room)
  })

  it.each([
    ['an attention map', attentionMap, map],
    ['a map of weights', weightMap, numbers]
  ] as const)(
    'of %s has its bar of colours below where there is no room beside it, unless another has that',
    (_, kind, data) => {
      const at = (widthMm: number, bar?: false) => {
        const wish = { ...plainWish, widthMm, ...(bar === false && { bar }) }
        const drawn = drawnFigure(kind as FigureKind<typeof data>, data, look, wish)
        const panel = drawn.panel as MapPanel
        const [raster] = panel.rasters
        const rects = panel.marks.filter(mark => mark.kind === 'rect')
        const below = rects.filter(
          ({ y, fill }) => typeof fill === 'string' && y > raster!.top + raster!.height
        )
        return {
          beside: rects.filter(({ fill }) => Array.isArray(fill)).length,
          below: below.length,
          isWhole: below.every(
            ({ x, width, y, height }) =>
              x >= 0 && x + width <= panel.width && y + height <= panel.height
          ),
          faults: drawn.faults
        }
      }
      // 30 mm but for 8 pixels at each side, in steps of 4.
      expect(at(30)).toMatchObject({ beside: 0, below: 24, isWhole: true })
      expect(at(60).faults).toEqual([])
      expect(at(30, false)).toMatchObject({ beside: 0, below: 0 })
      expect(at(100)).toMatchObject({ beside: 1, below: 0 })
    }
  )

  it('has a bar of colours below it begin where its map does, if there is room for it there', () => {
    const at = (widthMm: number) => {
      const wish = { ...presetWish('nature', plainWish), widthMm }
      const { marks, rasters } = drawnFigure(attentionMap, map, look, wish).panel as MapPanel
      const [raster] = rasters
      const below = marks.filter(
        mark => mark.kind === 'text' && mark.y > raster!.top + raster!.height
      )
      return { map: raster!.left, below: below.map(mark => (mark.kind === 'text' ? mark.x : NaN)) }
    }
    const wide = at(58)
    expect(wide.below.length).toBeGreaterThan(2)
    expect(Math.min(...wide.below)).toBe(wide.map)
    const narrow = at(32)
    expect(Math.min(...narrow.below)).toBeLessThan(narrow.map)
  })

  it('says that its letters are larger than a journal allows', () => {
    const faults = (points: number, title = false) => {
      const wish = { ...presetWish('nature', plainWish), points, title }
      return drawnFigure(attentionMap, map, look, wish).faults
    }
    expect(faults(7)).toEqual([])
    expect(faults(8)).toEqual(['Its largest letters are 8.0 pt, over the 7 pt that Nature allows'])
    // Those of a title are larger where they may be.
    expect(faults(7, true)).toEqual([])
    const wish = { ...presetWish('nature', plainWish), points: 6, title: true }
    const { high } = sizesOf(drawnFigure(attentionMap, map, look, wish).panel as MapPanel)
    expect((high / 96) * 72).toBeCloseTo(7, 9)
    expect(faults(8, true)).toEqual(faults(8))
  })

  it.each([
    ['icml', 229],
    ['aistats', 235],
    ['neurips', 229],
    ['iclr', 229],
    ['cvpr', 225],
    ['aaai', 229],
    ['jmlr', 216],
    ['tmlr', 229],
    ['eccv', 193],
    ['acl', 247],
    ['ieee', 235],
    ['nature', 170],
    ['tex', 193]
  ] as const)('says that it is higher than the text of a page: %s, %s mm', (name, mm) => {
    const faultsOf = (count: number) => {
      const high = { ...bars, bars: Array.from({ length: count }, () => bars.bars[0]!) }
      return drawnFigure(barChart, high, look, presetWish(name, plainWish)).faults
    }
    // A row is 6.35 mm high.
    expect(faultsOf(Math.floor(mm / 6.35) - 1)).toEqual([])
    expect(faultsOf(Math.ceil(mm / 6.35) + 1).join()).toContain(`over the ${mm} mm that there are`)
  })

  it('says that it is higher than a page also where no paper is named, but not on the screen', () => {
    const high = { ...bars, bars: Array.from({ length: 60 }, () => bars.bars[0]!) }
    const faultsAt = (widthMm: number | null) =>
      drawnFigure(barChart, high, look, { ...plainWish, widthMm }).faults
    expect(faultsAt(160)).toEqual([
      '389 mm high, over the 247 mm that an A4 page has within its margins: show a part of it'
    ])
    expect(faultsAt(null)).toEqual([])
  })

  it('says that it is too high', () => {
    const high = { ...bars, bars: Array.from({ length: 40 }, () => bars.bars[0]!) }
    const { faults } = drawnFigure(barChart, high, look, presetWish('nature', plainWish))
    expect(faults).toEqual(['255 mm high, over the 170 mm that there are: show a part of it'])
  })
})

describe('figures in a row', () => {
  const draw = (wish: typeof plainWish) => drawnFigure(weightMap, wide, look, wish)
  /** It needs some 150 mm for letters of 8 points. */
  const wide: WeightMapData = {
    ...numbers,
    columns: { from: 0, to: 8, each: 1 },
    labels: { rows: Array.from({ length: 8 }, (_, i) => `a row of a long name ${i}`) }
  }
  const names = ['To be, or not to be, that is the question', 'Whether tis nobler in the mind']
  const at = (widthMm: number, heightMm?: number, title: string | null = null) => {
    const high = heightMm !== undefined && { heightMm }
    const wish = { ...presetWish('icml', plainWish), widthMm, title: title !== null, ...high }
    return drawnInRow([draw, draw], names, wish, title)
  }
  const placesOf = ({ panel }: ReturnType<typeof at>) =>
    panel.kind === 'row' ? panel.parts.map(({ left, top }) => ({ left, top })) : []

  it('stand one below the other where a row would make their letters smaller', () => {
    const [first, second] = placesOf(at(171.45))
    expect(second!.top).toBe(first!.top)
    expect(second!.left).toBeGreaterThan(first!.left)
    const narrow = at(82.55)
    const [upper, lower] = placesOf(narrow)
    expect(lower!.left).toBe(upper!.left)
    expect(lower!.top).toBeGreaterThan(upper!.top + 50)
    expect(narrow.points).toBeCloseTo(8, 1)
  })

  it('say whole what tells each from the other, in lines', () => {
    const { panel } = at(82.55)
    const row = at(171.45).panel
    for (const own of [panel, row]) {
      if (own.kind !== 'row') throw new Error('expected a row')
      const said = own.marks.flatMap(mark => (mark.kind === 'text' ? mark.text : []))
      expect(said.join(' ')).toBe(names.join(' '))
      expect(overlappingTexts(textPlaces(own))).toEqual([])
      for (const mark of own.marks)
        if (mark.kind === 'text')
          expect(sansWidth(mark.text, mark.size)).toBeLessThanOrEqual(mark.room! * 1.05)
    }
  })

  it.each([82.55, 171.45])('have the lines of what tells them apart one below the other', mm => {
    const wish = { ...presetWish('icml', plainWish), widthMm: mm }
    const { panel } = drawnInRow([draw, draw], [`${long}, ${long}`, long], wish)
    expect(textPlaces(panel).filter(({ mark }) => mark.weight === 600).length).toBeGreaterThan(3)
    expect(overlappingTexts(textPlaces(panel))).toEqual([])
  })

  it('share the height that is asked for', () => {
    const high = at(82.55, 160)
    expect(placesOf(high)).toHaveLength(2)
    expect(high.heightMm).toBeCloseTo(160, 0)
  })

  it.each([82.55, 171.45])('share it without what stands above all, %s mm wide', widthMm => {
    const high = at(widthMm, 200, `${long} ${long} ${long}`)
    expect(high.heightMm).toBeCloseTo(200, 0)
    expect(overlappingTexts(textPlaces(high.panel))).toEqual([])
  })
})

it('figures in a row keep their own gradients', () => {
  const draw = (wish: typeof plainWish) => drawnFigure(attentionMap, map, look, wish)
  const svg = figureSvg(drawnInRow([draw, draw], ['one', 'other'], plainWish))
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  expect(ids).toHaveLength(2)
  expect(new Set(ids).size).toBe(2)
  for (const id of ids) expect(svg).toContain(`url(#${id})`)
})

describe('its document', () => {
  const svgOf = (wish: Partial<typeof plainWish>) =>
    figureSvg(drawnFigure(barChart, bars, look, { ...plainWish, ...wish }))

  it('has its title or none', () => {
    expect(svgOf({})).toContain('>Bars</text>')
    expect(svgOf({ title: false })).not.toContain('>Bars</text>')
  })

  it('has no ground where none is wanted', () => {
    expect(svgOf({})).toMatch(/<rect width="560" height="54" x="0" y="0" fill="#ffffff">/)
    expect(svgOf({ background: 'none' })).not.toContain('fill="#ffffff"')
  })

  it('has a letter above it', () => {
    const svg = svgOf({ letter: 'a' })
    expect(svg).toMatch(/^<svg width="560" height="74"[^>]* viewBox="0 0 560 74"/)
    expect(svg).toContain('>(a)</text>')
    expect(svg).toContain('<g transform="translate(0 20)">')
  })

  it('has lines as thin as a preset asks', () => {
    const drawn = drawnFigure(attentionMap, map, look, presetWish('icml', plainWish))
    const widths = [...figureSvg(drawn).matchAll(/stroke-width="([\d.]+)"/g)].map(([, w]) => w)
    // Half a point.
    expect(new Set(widths)).toEqual(new Set(['0.667']))
  })
})
