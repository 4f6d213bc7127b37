import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cssColor } from '#common/figure/color-table.ts'
import { darkScreen, lightScreen } from '#common/figure/look.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import type { Panel } from '#common/figure/figure-kind.ts'
import { flowingBoxes } from '#common/figure/flowing-boxes.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import {
  letterInk,
  shadedText,
  shadeMarks,
  type ShadedTextData
} from '#common/figure/shaded-text.ts'
import { textWidth } from '#common/figure/text-width.ts'

const look = {
  ...lightScreen,
  colorMap: 'magma',
  scale: 'linear',
  range: { low: 0, high: 0.5 },
  follows: true,
  pooling: 'mean'
} as const

const box = (x: number, y: number, text: string, group: number) =>
  ({ x, y, width: 20, height: 26, text, kind: 'letters', group }) as const

const data: ShadedTextData = {
  title: 'A model · Head 0.1',
  quantity: 'weight',
  note: 'attention from 2 <c>',
  unit: null,
  ranks: null,
  boxes: [
    box(0, 0, 'a', 0),
    box(20, 0, '<b', 1),
    box(40, 0, '>', 1),
    box(0, 26, 'c', 2),
    { ...box(20, 26, '↵', 3), kind: 'sign' }
  ],
  weights: Float32Array.of(0.5, 0.25, 0, NaN),
  own: 2,
  room: { width: 60, height: 52 }
}
const marks = (own: Partial<ShadedTextData> = {}) =>
  shadeMarks({ ...data, ...own }, look, { x: 100, y: 10 })

describe('shades', () => {
  it('have signs and special tokens in inks of their own only where they are pale', () => {
    const inkOf = (kind: 'sign' | 'special', weight: number) => {
      const own = { ...data, boxes: [{ ...box(0, 0, 'x', 0), kind }] }
      const all = { ...own, weights: Float32Array.of(weight), title: null, note: '' }
      const panel = shadedText.panel(all, look, shadedText.natural(all, look))
      if (panel.kind !== 'map') throw new Error('expected marks')
      return panel.marks.flatMap(mark =>
        mark.kind === 'text' && mark.text === 'x' ? [mark.color] : []
      )
    }
    expect(inkOf('sign', 0.02)).toEqual([look.faint])
    expect(inkOf('special', 0.02)).toEqual([look.accent])
    expect(inkOf('sign', 0.15)).toEqual([look.ink])
    expect(inkOf('special', 0.15)).toEqual([look.ink])
  })

  it('have the colour of their weight, none at zero, and that of emptiness where nothing is defined', () => {
    const fills = marks().flatMap(({ fill }) => (fill === null ? [] : [fill]))
    expect(fills).toEqual([
      cssColor('magma', 1, look.paper),
      cssColor('magma', 0.5, look.paper),
      look.empty
    ])
  })

  it('of a difference tell less from more, and nothing from both', () => {
    const range = { low: -0.5, high: 0.5 }
    const own = {
      ...data,
      quantity: 'difference',
      weights: Float32Array.of(-0.5, 0.25, 0, NaN)
    } as const
    const fills = shadeMarks(own, { ...look, range }, { x: 0, y: 0 }).flatMap(
      ({ fill }) => fill ?? []
    )
    expect(fills).toEqual([
      cssColor('difference', 0, look.paper),
      cssColor('difference', 0.75, look.paper),
      look.empty
    ])
    expect(letterInk(0, 'difference', { ...look, range })).toBeNull()
    expect(letterInk(-0.5, 'difference', { ...look, range })).toBe('rgb(255, 255, 255)')
  })

  it('lie behind what is taken together as one, line by line', () => {
    const [, together] = marks()
    expect(together).toMatchObject({ x: 120.5, y: 12, width: 39, height: 22 })
    const apart = marks({ boxes: [box(0, 0, 'a', 1), box(0, 26, 'b', 1)] })
    expect(apart.filter(({ fill }) => fill !== null)).toHaveLength(2)
    const unseen = marks({
      boxes: [box(0, 0, 'a', 3), box(20, 0, 'b', 4)],
      weights: Float32Array.of(0, 0, 0, NaN, NaN)
    })
    expect(unseen.map(({ width }) => width)).toEqual([39])
  })

  it('have a frame where they are from', () => {
    const frames = marks().filter(({ line }) => line === look.accent)
    expect(frames[0]).toMatchObject({ x: 100.5, y: 38, width: 19, height: 22, fill: null })
  })

  it('turn letters over where they would not be read', () => {
    expect(letterInk(0.5, 'weight', look)).toBe('rgb(255, 255, 255)')
    expect(letterInk(0.01, 'weight', look)).toBeNull()
    expect(letterInk(NaN, 'weight', look)).toBeNull()
    expect(letterInk(0.5, 'weight', { ...look, ...darkScreen })).toBe('rgb(0, 0, 0)')
  })
})

function without<T extends object, K extends keyof T>(one: T, key: K): Omit<T, K> {
  const others = Object.entries(one).filter(([name]) => name !== key)
  return Object.fromEntries(others) as Omit<T, K>
}

/** The texts of a panel. */
function marksOf(panel: Panel) {
  if (panel.kind !== 'map') throw new Error('expected marks')
  return panel.marks.flatMap(mark => (mark.kind === 'text' ? [mark] : []))
}

describe('shadedText', () => {
  it('is this picture', async () => {
    const panel = shadedText.panel(data, look, shadedText.natural(data, look))
    const svg = panelSvg(panel)
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'shaded-text.svg'))
  })

  it('has room for the text and what stands beside and above it', () => {
    const [small, large] = [200, 400].map(height =>
      shadedText.natural({ ...data, room: { width: 500, height } }, look)
    )
    expect(large!.height - small!.height).toBe(200)
    expect(large!.width).toBeGreaterThan(500 + 90)
  })

  const words = 'To be, or not to be, that is the question:\n'.repeat(3)
  const tokensOf = (words: string) =>
    words.split(/(?=\s)|(?<=\n)/).map((text, id, all) => {
      const start = all.slice(0, id).join('').length
      return {
        id,
        piece: text,
        text,
        start,
        end: start + text.length,
        special: false,
        readAs: null
      }
    })
  const tokens = tokensOf(words)
  const flowing: ShadedTextData = {
    ...data,
    ...flowingBoxes(tokens, [...tokens.keys()], words, 480, false),
    note: 'attention from 2 be, words: sum over keys, mean over queries',
    weights: new Float32Array(tokens.length)
  }

  it.each(['acl', 'ieee', 'neurips'] as const)('flows anew in the width of %s', preset => {
    const wish = presetWish(preset, plainWish)
    const { panel, points, faults } = drawnFigure(shadedText, flowing, look, wish)
    expect(faults).toEqual([])
    expect(points).toBeCloseTo(wish.points!, 6)
    if (panel.kind !== 'map') throw new Error('expected marks')
    const letters = panel.marks.filter(mark => mark.kind === 'text' && mark.font === look.mono)
    expect(letters.map(mark => mark.kind === 'text' && mark.text.trim())).toEqual(
      tokens.map(({ text }) => (text === '\n' ? '↵' : text.trim()))
    )
    const lines = new Map<number, number>()
    for (const mark of panel.marks) {
      const widthOf = (text: string) =>
        mark.kind === 'text' ? textWidth(text, { font: mark.font, size: mark.size }) : 0
      if (mark.kind !== 'text' || mark.upright) continue
      const half = mark.align === 'center' ? widthOf(mark.text) / 2 : widthOf(mark.text)
      expect(mark.x + half).toBeLessThan(panel.width)
      if (mark.font === look.mono) {
        expect(mark.size).toBeCloseTo((wish.points! / 72) * 96, 6)
        // None lies over the one before it.
        expect(mark.x - half).toBeGreaterThan((lines.get(mark.y) ?? 0) - 0.01)
        lines.set(mark.y, mark.x + half)
        expect(mark.y).toBeLessThan(panel.height - 10)
      }
    }
    expect(lines.size).toBeGreaterThanOrEqual(3)
  })

  it('has all of its note, in more lines where it is long', () => {
    const { panel } = drawnFigure(shadedText, flowing, look, presetWish('acl', plainWish))
    const notes =
      panel.kind === 'map'
        ? panel.marks.filter(
            mark =>
              mark.kind === 'text' &&
              mark.font === look.sans &&
              !mark.upright &&
              mark.align === 'left' &&
              mark.y < 50
          )
        : []
    expect(
      notes
        .map(mark => mark.kind === 'text' && mark.text)
        .slice(0, 2)
        .join(' ')
    ).toBe(flowing.note)
  })

  /** Letters as they are printed in a column, line by line, each from left to right. */
  const printed = (own: ShadedTextData) => {
    const wish = presetWish('acl', plainWish)
    const { panel, points, faults } = drawnFigure(shadedText, own, look, wish)
    expect(faults).toEqual([])
    expect(points).toBeCloseTo(wish.points!, 6)
    return marksOf(panel).flatMap(({ text, x, y, font }) =>
      font === look.mono ? `${text}@${x.toFixed(2)},${y.toFixed(2)}` : []
    )
  }

  it.each([
    [words, false],
    ['בראשית ברא אלהים את השמים ואת הארץ\n'.repeat(3), true]
  ])('is read as it runs where it was kept without its direction: %j', (words, mirrored) => {
    const tokens = tokensOf(words)
    const all = flowingBoxes(tokens, [...tokens.keys()], words, 480, mirrored)
    const own = { ...data, ...all, title: null, note: '', weights: new Float32Array(tokens.length) }
    expect(printed(without(own, 'mirrored'))).toEqual(printed(own))
  })

  it('keeps words apart that were kept without the white space between them', () => {
    const words = ['To', 'be', 'or', 'not'].map((text, id) => {
      return { id, piece: text, text, start: 4 * id, end: 4 * id + text.length }
    })
    const tokens = words.map(word => ({ ...word, special: false, readAs: null }))
    const all = flowingBoxes(tokens, [0, 1, 2, 3], 'To  be  or  not', 100, false)
    const own = { ...data, ...all, title: null, note: '', weights: new Float32Array(4) }
    const { boxes } = own
    const kept = { ...without(own, 'mirrored'), boxes: boxes.map(box => without(box, 'gap')) }
    const at = (one: ShadedTextData) => printed(one).map(text => text.split('@')[0])
    expect(boxes[1]!.gap).toBe('  ')
    expect(at(kept)).toEqual(['To', 'be', 'or', 'not'])
    const [, be, or] = printed(kept).map(text => Number(/@([\d.]+)/.exec(text)![1]))
    const letter = 0.6 * (presetWish('acl', plainWish).points! / 72) * 96
    expect(or! - be!).toBeCloseTo(3 * letter, 1)
  })

  it('says once what its shades are of where its bar says it', () => {
    const said = (note: string) => {
      const own = { ...data, title: null, note, unit: 'surprisal, nats' }
      const panel = shadedText.panel(own, look, shadedText.natural(own, look))
      return { height: panel.height, texts: marksOf(panel).map(({ text }) => text) }
    }
    const [alone, more] = [said('surprisal, nats'), said('surprisal, nats, hidden: 2 c')]
    expect(alone.texts.filter(text => text.includes('surprisal'))).toHaveLength(1)
    expect(more.texts.join(' ')).toContain('hidden: 2 c')
    expect(alone.height).toBeLessThan(more.height)
  })

  it('is as high as what it holds: its bar is no higher than its name and its numbers take', () => {
    const own = { ...data, title: null, note: '', unit: 'surprisal, nats' }
    const panel = shadedText.panel(own, look, shadedText.natural(own, look))
    const bar = panel.kind === 'map' ? panel.marks.find(mark => mark.kind === 'rect' && Array.isArray(mark.fill)) : undefined // prettier-ignore
    if (bar?.kind !== 'rect') throw new Error('expected a bar')
    expect(bar.height).toBeLessThan(80)
    const name = marksOf(panel).filter(({ upright }) => upright)
    expect(name.map(({ text }) => text).join(' ')).toBe('surprisal, nats')
    for (const mark of name) {
      expect(mark.size).toBe(look.size)
      expect(textWidth(mark.text, mark)).toBeLessThanOrEqual(bar.height)
    }
    // Ranks lie closer together: their bar stays as high.
    const ranked = { ...own, ranks: 50_000 }
    expect(shadedText.natural(ranked, look).height).toBeGreaterThan(130)
    expect(panel.height).toBeLessThan(130)
  })

  it('has letters where they stand beside the white space of their token', () => {
    const at = (text: string) => {
      const own = { ...data, boxes: [{ ...box(0, 0, text, 0), width: 60 }], note: '' }
      const panel = shadedText.panel(own, look, shadedText.natural(own, look))
      const marks = panel.kind === 'map' ? panel.marks : []
      return marks.flatMap(mark => (mark.kind === 'text' && mark.font === look.mono ? mark.x : []))
    }
    const [middle] = at('abc')
    expect(at(' bc')).toEqual([middle! + 10])
    expect(at('ab ')).toEqual([middle! - 10])
    expect(at(' של')).toEqual([middle! - 10])
  })
})

it.each([false, 'below'] as const)(
  'has its own bar of ranks, for they are of its own vocabulary, where others have one bar: %s',
  bar => {
    const hasBar = (own: Partial<ShadedTextData>) => {
      const all = { ...data, ...own }
      const size = shadedText.natural(all, { ...look, bar })
      const panel = shadedText.panel(all, { ...look, bar }, { ...size, width: 320 })
      if (panel.kind !== 'map') throw new Error('expected marks')
      return panel.marks.some(mark => mark.kind === 'rect' && Array.isArray(mark.fill))
    }
    expect(hasBar({ ranks: 100, unit: 'rank' })).toBe(true)
    expect(hasBar({})).toBe(false)
  }
)
