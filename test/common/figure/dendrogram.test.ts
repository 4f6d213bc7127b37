import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  dendrogram,
  dendrogramLayout,
  seenDendrogram,
  type DendrogramData
} from '#common/figure/dendrogram.ts'
import { paperLook } from '#common/figure/look.ts'
import type { LineMark, Mark, TextMark } from '#common/figure/mark.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: true,
  pooling: 'mean'
} as const

const data: DendrogramData = {
  title: 'Heads',
  name: 'height, nats',
  leaves: [
    { label: '0.0', group: 0 },
    { label: '0.1', group: 0 },
    { label: '1.0', group: 1 }
  ],
  merges: [
    { first: 0, second: 1, height: 0.2 },
    { first: 2, second: 3, height: 0.8 }
  ],
  cut: 0.5,
  highest: 0.8
}
const size = { width: 400, height: 200, ratio: 1 }
const lines = (marks: readonly Mark[]) =>
  marks.filter((mark): mark is LineMark => mark.kind === 'line')
const texts = (marks: readonly Mark[]) =>
  marks.filter((mark): mark is TextMark => mark.kind === 'text').map(({ text }) => text)
const panel = (own: Partial<DendrogramData> = {}) =>
  dendrogram.panel({ ...data, ...own }, look, size)

describe('dendrogram', () => {
  it('is this picture', async () => {
    const svg = panelSvg(panel())
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'dendrogram.svg'))
  })

  it('joins at their heights, in the colour of a group below the cut', () => {
    const { left, width, top, row } = dendrogramLayout(data, look, size)
    const own = lines(panel().marks).filter(({ width }) => width === 1.25)
    const at = (height: number, leaf: number) => [
      left + (height / 0.8) * width,
      top + (leaf + 0.5) * row
    ]
    const points = own.map(({ points, color }) => ({ points, color }))
    expect(points).toHaveLength(6)
    expect(points).toContainEqual({
      points: [at(0, 1), at(0.2, 1)],
      color: look.heads[0]
    })
    // The pair's own middle goes on to where it meets the third.
    expect(points).toContainEqual({ points: [at(0.2, 0.5), at(0.8, 0.5)], color: look.faint })
    expect(points).toContainEqual({ points: [at(0.8, 2), at(0.8, 0.5)], color: look.faint })
  })

  it('says where groups part, and nothing where there is one', () => {
    expect(texts(panel().marks)).toContain('2 groups')
    const one = panel({ cut: null, leaves: data.leaves.map(leaf => ({ ...leaf, group: 0 })) })
    expect(texts(one.marks).filter(text => text.includes('group'))).toEqual([])
    expect(new Set(lines(one.marks).map(({ color }) => color))).toEqual(
      new Set([look.heads[0], look.empty])
    )
  })

  it('keeps its axis where it is scrolled, and thins labels out', () => {
    const leaves = Array.from({ length: 100 }, (_, i) => ({ label: `0.${i}`, group: 0 }))
    const merges = leaves.slice(1).map((_, i) => ({
      first: i === 0 ? 0 : 99 + i,
      second: i + 1,
      height: (i + 1) / 100
    }))
    const many = { ...data, leaves, merges, cut: null, highest: 1 }
    const thin = texts(dendrogram.panel(many, look, size).marks)
    expect(thin.filter(text => leaves.some(({ label }) => label === text)).length).toBeLessThan(16)
    const scrolled = seenDendrogram(many, look, size, { width: 400, height: 1600 }, 800)
    expect(texts(scrolled.marks)).toContain('0.5')
    const labels = texts(scrolled.marks).filter(text => /^0\.[4-6]\d$/.test(text))
    expect(labels).toContain('0.55')
    expect(labels).not.toContain('0.66')
    for (const { points } of lines(scrolled.marks))
      for (const [, y] of points) {
        expect(y).toBeGreaterThanOrEqual(60)
        expect(y).toBeLessThanOrEqual(204)
      }
  })
})
