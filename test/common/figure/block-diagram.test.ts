import { describe, expect, it } from 'vitest'
import {
  blockDiagram,
  blockDiagramLayout,
  boxWords,
  type BlockDiagramData
} from '#common/figure/block-diagram.ts'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import { paperLook } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { textWidth } from '#common/figure/text-width.ts'
import type { ArchitectureBox } from '#common/model/architecture.ts'
import { overlappingTexts, textPlaces } from './text-places.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: true,
  pooling: 'mean'
} as const

const box = (name: string, shape: number[] | null = [4, 8]): ArchitectureBox => ({
  ...{ part: 'mlp', name, note: '', shape },
  parameters: shape === null ? 0 : shape.reduce((product, size) => product * size, 1),
  tensors: shape === null ? [] : [`${name}.weight`]
})

const data: BlockDiagramData = {
  title: 'tiny · architecture',
  sections: [
    {
      ...{ name: 'Embedding', note: '', layers: [], parameters: 32 },
      steps: [{ adds: false, scale: 1, branches: [[[box('W_E')]]] }]
    },
    {
      ...{ name: 'Layers 0–1', note: '2 alike', layers: [0, 1], parameters: 64 },
      steps: [
        {
          ...{ adds: true, scale: 0.5 },
          branches: [[[box('W_Q'), box('W_K')], [box('Attention', null)]], [[box('W_in')]]]
        }
      ]
    }
  ]
}

describe('the diagram of a block', () => {
  it('has boxes of a row beside each other, rows below each other, branches side by side', () => {
    const { boxes, width, height } = blockDiagramLayout(data, look)
    const at = (name: string) => boxes.find(({ box }) => box.name === name)!
    expect(at('W_K').y).toBe(at('W_Q').y)
    expect(at('W_K').x).toBeGreaterThan(at('W_Q').x + at('W_Q').width)
    expect(at('Attention').y).toBeGreaterThan(at('W_Q').y + at('W_Q').height)
    expect(at('W_in').y).toBe(at('W_Q').y)
    expect(at('W_in').x).toBeGreaterThan(at('Attention').x + at('Attention').width)
    for (const { x, y, ...own } of boxes) {
      expect(x + own.width).toBeLessThanOrEqual(width)
      expect(y + own.height).toBeLessThanOrEqual(height)
    }
  })

  it('has many boxes of a row in two lines', () => {
    const row = ['a', 'b', 'c', 'd', 'e'].map(name => box(name))
    const sections = [
      { ...data.sections[0]!, steps: [{ adds: true, scale: 1, branches: [[row]] }] }
    ]
    const { boxes } = blockDiagramLayout({ title: null, sections }, look)
    const lines = [...new Set(boxes.map(({ y }) => y))]
    expect(lines.map(line => boxes.filter(({ y }) => y === line).length)).toEqual([2, 3])
  })

  it.each([82.55, 171.45])(
    'is drawn anew %d mm wide, with letters of 8 pt and all that boxes say',
    mm => {
      const noted = { ...box('W_pos', [192, 128]), note: 'learned positions, added' }
      const row = { adds: false, scale: 1, branches: [[[box('W_E', [65, 128]), noted]]] }
      const attention = { ...box('W_Q W_K W_V', [128, 384]), note: 'one matrix: 4 heads of 32' }
      const sections = [
        { ...data.sections[0]!, steps: [row] },
        { ...data.sections[1]!, steps: [{ adds: true, scale: 1, branches: [[[attention]]] }] }
      ]
      const wish = { ...presetWish('icml', plainWish), widthMm: mm }
      const { panel, points, faults } = drawnFigure(
        blockDiagram,
        { title: null, sections },
        look,
        wish
      )
      expect(points).toBeCloseTo(8, 1)
      expect(faults).toEqual([])
      if (panel.kind !== 'map') throw new Error('expected marks')
      const said = panel.marks.filter(mark => mark.kind === 'text')
      expect(said.map(({ text }) => text)).toContain('one matrix: 4 heads of 32')
      for (const mark of said)
        if (mark.room !== null) expect(textWidth(mark.text, mark)).toBeLessThanOrEqual(mark.room)
      const placed = blockDiagramLayout({ title: null, sections }, look, panel.width).boxes
      const [tokens, positions] = placed
      // Beside each other where both have room.
      if (mm > 100) expect(positions!.y).toBe(tokens!.y)
      else expect(positions!.y).toBeGreaterThan(tokens!.y)
      for (const { x, width } of placed) expect(x + width).toBeLessThanOrEqual(panel.width)
    }
  )

  it.each([82.55, 100, 120, 140, 171.45])(
    'has no text over another %d mm wide, however long what a section is of',
    widthMm => {
      for (let count = 1; count < 60; count++) {
        const note = 'x'.repeat(count)
        const sections = data.sections.map(section => ({
          ...section,
          note,
          parameters: 85_056_000
        }))
        const wish = { ...presetWish('icml', plainWish), widthMm }
        const { panel } = drawnFigure(blockDiagram, { title: null, sections }, look, wish)
        expect(overlappingTexts(textPlaces(panel)), note).toEqual([])
      }
    }
  )

  it.each([null, 8, 12])('keeps the lines of a box apart, in letters of %s pt', points => {
    const noted = { ...box('W_pos', [192, 128]), note: 'learned positions, added' }
    const row = { adds: false, scale: 1, branches: [[[noted]]] }
    const sections = [{ ...data.sections[0]!, steps: [row] }]
    const wish = { ...plainWish, points, widthMm: 120 }
    const { panel } = drawnFigure(blockDiagram, { title: null, sections }, look, wish)
    const lines = textPlaces(panel).filter(({ mark }) => /W_pos|learned|192/.test(mark.text))
    expect(lines).toHaveLength(3)
    lines.slice(1).forEach(({ top, mark }, i) => {
      expect(top - lines[i]!.bottom).toBeGreaterThan(mark.size / 6)
    })
  })

  it('is printed smaller where branches beside each other have no room in a column', () => {
    const wide = { ...box('W_in', [4096, 16384]), note: 'a note that says what this one is of' }
    const sections = [
      {
        ...data.sections[1]!,
        steps: [{ adds: true, scale: 1, branches: [[[wide]], [[wide]], [[wide]]] }]
      }
    ]
    const wish = presetWish('icml', plainWish)
    const { panel, points } = drawnFigure(blockDiagram, { title: null, sections }, look, wish)
    expect(points).toBeLessThan(8)
    expect(panel.width).toBeLessThan(blockDiagramLayout({ title: null, sections }, look).width)
  })

  it('says what a section is of, shapes, and what is multiplied before it is added', () => {
    const svg = panelSvg(blockDiagram.panel(data, look, blockDiagram.natural(data, look)))
    for (const text of ['Layers 0–1 · 2 alike', '64 parameters each', '4 × 8 · 32', '× 0.500', '+'])
      expect(svg).toContain(`>${text}<`)
    expect(boxWords(box('W_Q'))).toBe('W_Q, 4 × 8, 32 parameters')
    expect(boxWords(box('Attention', null))).toBe('Attention, no weights')
  })
})

it('is of no more parts than are drawn in a moment', () => {
  const many = (count: number) => Array<unknown>(count).fill(data.sections[0])
  const parsed = (sections: unknown[]) => blockDiagram.data.safeParse({ ...data, sections })
  // A section, its step and the box of that.
  expect(parsed(many(1666)).success).toBe(true)
  expect(parsed(many(1667)).error?.issues[0]?.message).toBe(
    'expected at most 5000 sections, steps and boxes'
  )
})
