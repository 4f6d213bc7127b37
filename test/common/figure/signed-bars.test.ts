import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawing, drawingsInRow } from '#common/figure/drawing.ts'
import type { MapPanel, RowPanel } from '#common/figure/figure-kind.ts'
import { lightScreen } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import {
  signedBars,
  signedExtent,
  signedText,
  type SignedBarsData
} from '#common/figure/signed-bars.ts'

const look = {
  ...lightScreen,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
} as const

const bar = (label: string, value: number) => ({ label, value, spread: null, isSum: false })
const data: SignedBarsData = {
  title: 'What it is made of',
  name: 'logits',
  bars: [
    bar('heads', 3),
    { ...bar('<b>', -1), spread: 0.5 },
    bar('none', NaN),
    { ...bar('all', 2), isSum: true }
  ]
}

function panelOf(own: Partial<SignedBarsData> = {}, width = 300) {
  const all = { ...data, ...own }
  const panel = signedBars.panel(all, look, { ...signedBars.natural(all, look), width })
  if (panel.kind !== 'map') throw new Error('expected marks')
  return panel
}
const rects = (panel: MapPanel) => panel.marks.filter(mark => mark.kind === 'rect')

describe('signedBars', () => {
  it('is this picture', async () => {
    const svg = panelSvg(panelOf())
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'signed-bars.svg'))
  })

  it('has its labels whole in a file, also those that a script is kept apart in', () => {
    const labels = ['\u2068110\u2069', '\u2068a\u2069', '\u2068ש\u2069', '4', 'W_out']
    const svg = panelSvg(panelOf({ title: null, bars: labels.map(label => bar(label, 1)) }))
    for (const label of labels) expect(svg).toContain(`>${label}<`)
    expect(svg).not.toContain('...')
  })

  it('has its bars as long for as much beside another that has room for the same', () => {
    const span = { low: -2, high: 8 }
    const [own, other, alone] = [
      { bars: [bar('a', 1)], span },
      { bars: [bar('a', 2), bar('b', -1)], span },
      { bars: [bar('a', 1)] }
    ].map(own => rects(panelOf({ title: null, ...own }))[0]!.width) as [number, number, number]
    expect(other).toBeCloseTo(2 * own, 6)
    expect(alone).toBeGreaterThan(6 * own)
    // Bars that reach further have as much room as they ask for.
    const [far] = rects(panelOf({ bars: [bar('a', 40)], span }))
    expect(far!.x + far!.width).toBeLessThan(300)
  })

  it('stands one below the other in a column where a row would leave no bars', () => {
    const heads = [bar('Head 0.0', 0.447), bar('Head 2.1', 0.362)]
    const one = drawing(signedBars, { ...data, title: null, bars: heads }, look)
    const longest = (widthMm: number) => {
      const wish = { ...presetWish('icml', plainWish), widthMm }
      const { panel, faults } = drawingsInRow([one, one], ['a', 'b']).draw(wish)
      expect(faults).toEqual([])
      const parts = (panel as RowPanel).parts.map(({ top, panel }) => ({
        top,
        bars: rects(panel as MapPanel).map(({ width }) => width)
      }))
      return { isRow: parts[0]!.top === parts[1]!.top, bars: Math.max(...parts[0]!.bars) }
    }
    // In 82.55 mm, which are 312 pixels, a bar in a row of two would have 20.
    expect(longest(82.55)).toMatchObject({ isRow: false })
    expect(longest(171.45)).toMatchObject({ isRow: true })
    for (const mm of [82.55, 171.45]) expect(longest(mm).bars).toBeGreaterThan(50)
  })

  it.each([
    [-0.08, -0.05],
    [0.05, 0.08],
    [-0.03, 0.08]
  ])('has an axis that is no longer than its values ask: %d and %d', (one, other) => {
    const widths = rects(panelOf({ bars: [bar('a', one), bar('b', other)] }, 600)).map(
      ({ width }) => width
    )
    expect(Math.max(...widths)).toBeGreaterThan(600 / 4)
  })

  it('has room for what lies around a bar, to either side', () => {
    const ends = (value: number) => signedExtent([{ value, spread: 0.5 }, { ...bar('none', NaN) }])
    expect([ends(-1), ends(1)]).toEqual([
      { low: -1.5, high: 0 },
      { low: 0, high: 1.5 }
    ])
  })

  it('labels as many ticks as do not touch, 0 among them', () => {
    const bars = [bar('heads', 2.83), bar('MLPs', -2.02)]
    const ticksOf = (width: number) => {
      const { marks } = panelOf({ bars }, width)
      const texts = marks.filter(mark => mark.kind === 'text')
      const below = Math.max(...texts.filter(({ text }) => text === '0').map(({ y }) => y))
      return texts.filter(({ y }) => y === below).map(({ text }) => text)
    }
    expect(ticksOf(150)).toEqual(['0'])
    expect(ticksOf(300)).toEqual(['−4.0', '−2.0', '0', '2.0', '4.0'])
  })

  it('has bars to either side of one line, as long as their values', () => {
    const [heads, less, all] = rects(panelOf()) as [
      ReturnType<typeof rects>[number],
      ReturnType<typeof rects>[number],
      ReturnType<typeof rects>[number]
    ]
    expect(less.x + less.width).toBeCloseTo(heads.x, 6)
    expect(heads.x).toBeCloseTo(all.x, 6)
    expect(heads.width / less.width).toBeCloseTo(3, 6)
    expect(less.fill).not.toBe(heads.fill)
  })

  it('draws all of one sign, and none at all', () => {
    for (const values of [[-2, -1], [0, 0], [NaN]]) {
      const panel = panelOf({ bars: values.map(value => bar('x', value)) })
      for (const { x, width } of rects(panel)) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x + width).toBeLessThanOrEqual(300)
      }
    }
  })

  it.each([
    [1.5, '+1.50'],
    [-1.5, '−1.50'],
    [0, '0']
  ])('writes %f as %s', (value, text) => {
    expect(signedText(value)).toBe(text)
  })
})
