import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cssColor } from '#common/figure/color-table.ts'
import { darkScreen, lightScreen } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import {
  letterInk,
  shadedText,
  shadeMarks,
  type ShadedTextData
} from '#common/figure/shaded-text.ts'

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
})
