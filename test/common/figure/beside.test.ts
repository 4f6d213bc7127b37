import { expect, it } from 'vitest'
import { beside } from '#common/figure/beside.ts'
import { headMap, type HeadMapData } from '#common/figure/head-map.ts'
import { paperLook } from '#common/figure/look.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: true,
  pooling: 'mean'
} as const
const map = (layers: number, heads: number): HeadMapData => ({
  title: null,
  name: 'previous token',
  quantity: 'weight',
  layers: Array.from({ length: layers }, (_, layer) => layer),
  heads,
  values: Array.from({ length: layers * heads }, (_, i) => i / 10)
})
const kind = beside(headMap)
const parts = [
  { caption: 'one', data: map(2, 3) },
  { caption: 'other', data: map(5, 2) }
]

it('has each figure as it is by itself, one after the other', () => {
  const data = { title: 'previous token', parts }
  const size = kind.natural(data, look)
  const own = parts.map(part => headMap.natural(part.data, look))
  expect(size.width).toBe(own[0]!.width + own[1]!.width + 24)
  expect(size.height).toBeGreaterThan(Math.max(own[0]!.height, own[1]!.height))
  const { marks } = kind.panel(data, look, size)
  const alone = parts.map(({ data }, i) => headMap.panel(data, look, own[i]!).marks)
  expect(marks).toHaveLength(1 + 2 + alone[0]!.length + alone[1]!.length)
  const place = (mark: (typeof marks)[number]) => ('x' in mark ? [mark.x, mark.y] : mark.points[0]!)
  // Title, caption, the first figure, caption, the second.
  const down = size.height - Math.max(own[0]!.height, own[1]!.height)
  alone[0]!.forEach((mark, i) => {
    const [x, y] = place(mark)
    expect(place(marks[2 + i]!)).toEqual([x, y + down])
  })
  alone[1]!.forEach((mark, i) => {
    const [x, y] = place(mark)
    expect(place(marks[3 + alone[0]!.length + i]!)).toEqual([x + own[0]!.width + 24, y + down])
  })
  expect(marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))).toEqual(
    expect.arrayContaining(['previous token', 'one', 'other'])
  )
})

it('checks the data of each', () => {
  expect(kind.data.safeParse({ title: null, parts }).success).toBe(true)
  const wrong = [{ caption: 'one', data: { ...map(1, 1), heads: 0 } }]
  expect(kind.data.safeParse({ title: null, parts: wrong }).success).toBe(false)
})
