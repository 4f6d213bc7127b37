import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { differenceColor } from '#common/figure/color-table.ts'
import { lightScreen } from '#common/figure/look.ts'
import { modelLines, smallLineMarks, type ModelLinesData } from '#common/figure/model-lines.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'

const look = {
  ...lightScreen,
  colorMap: 'magma',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: true,
  pooling: 'mean'
} as const

const lines = [
  { query: 1, key: 0, weight: 0.25 },
  { query: 1, key: 1, weight: 0.5 }
]
const cell = (layer: number, head: number) => ({ layer, head, rows: 2, lines, high: 0.5 })
const data: ModelLinesData = {
  title: 'A model · attention of all heads',
  note: 'queries → keys',
  heads: 4,
  group: 2,
  cells: [cell(0, 0), cell(0, 3), cell(2, 1)],
  quantity: 'weight',
  mirrored: false
}
const box = { x: 10, y: 20, width: 58, height: 48 }

describe('the lines of one head', () => {
  it('join rows within its box, as opaque as they are high among its own', () => {
    const [weak, strong] = smallLineMarks(
      cell(0, 1),
      box,
      { mirrored: false, quantity: 'weight' },
      look
    )
    expect(weak).toMatchObject({ opacity: 0.5, color: look.heads[1] })
    expect(strong!.opacity).toBe(1)
    expect(weak!.points).toEqual([
      [14, 54],
      [64, 34]
    ])
  })

  it('begin at the right where the text reads from there', () => {
    const [weak] = smallLineMarks(cell(0, 1), box, { mirrored: true, quantity: 'weight' }, look)
    expect(weak!.points).toEqual([
      [64, 54],
      [14, 34]
    ])
  })
})

describe('the lines of a difference', () => {
  it('are as opaque as they are far from zero, in the colours of less and more', () => {
    const signed = { ...cell(0, 1), lines: lines.map(line => ({ ...line, weight: -line.weight })) }
    const of = { mirrored: false, quantity: 'difference' } as const
    const [less] = smallLineMarks(signed, box, of, look)
    const [more] = smallLineMarks(cell(0, 1), box, of, look)
    expect(less).toMatchObject({ opacity: 0.5, color: differenceColor(-1, look.paper) })
    expect(more).toMatchObject({ opacity: 0.5, color: differenceColor(1, look.paper) })
    expect(less!.color).not.toBe(more!.color)
  })
})

describe('modelLines', () => {
  it('is this picture', async () => {
    const panel = modelLines.panel(data, look, modelLines.natural(data, look))
    const svg = panelSvg(panel)
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'model-lines.svg'))
  })

  it('has a row a layer that there is, and brackets over heads that share keys', () => {
    const grouped = modelLines.natural(data, look)
    const alone = modelLines.natural({ ...data, group: 1 }, look)
    expect(grouped.width - alone.width).toBe(8)
    expect(grouped.height).toBeGreaterThan(alone.height)
    const long = 'left out '.repeat(50)
    expect(modelLines.natural({ ...data, note: long }, look).width).toBeGreaterThan(2500)
    const fewer = { ...data, cells: [cell(0, 0)] }
    expect(modelLines.natural(data, look).height - modelLines.natural(fewer, look).height).toBe(148)
    const many = { ...data, heads: 100, group: 1 }
    expect(modelLines.natural(many, look).width).toBeGreaterThan(6000)
    const svg = panelSvg(modelLines.panel(data, look, grouped))
    expect(svg).toContain('>kv 1<')
    expect(panelSvg(modelLines.panel({ ...data, group: 1 }, look, alone))).not.toContain('kv')
  })

  it('has squares of 56 pixels of many heads, and of 140 of few', () => {
    const width = (heads: number) =>
      modelLines.natural({ ...data, note: '', group: 1, heads }, look).width
    expect(width(64) - width(63)).toBe(56 + 8)
    expect(width(3) - width(2)).toBe(140 + 8)
  })
})
