import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headScatter, scatterPlaces, type HeadScatterData } from '#common/figure/head-scatter.ts'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import { lightScreen } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { sansWidth } from '#common/figure/text-width.ts'

const look = {
  ...lightScreen,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
} as const

const data: HeadScatterData = {
  title: 'Heads',
  nLayers: 2,
  x: { name: 'previous token', baselines: [0.05] },
  y: { name: 'induction', baselines: [] },
  points: [
    { layer: 0, head: 1, x: 0.4, y: 0.02, group: null },
    { layer: 1, head: 0, x: 0.01, y: 0.61, group: null }
  ],
  distances: null
}
const size = { width: 400, height: 300, ratio: 1 }

/** Charts are numbered; the first one of a process is as good as any. */
const svg = (own: Partial<HeadScatterData> = {}) =>
  panelSvg(headScatter.panel({ ...data, ...own }, look, size))

describe('headScatter', () => {
  it('is this picture', async () => {
    await expect(svg()).toMatchFileSnapshot(join(import.meta.dirname, 'head-scatter.svg'))
  })

  it.each([data, { ...data, title: null }])('has its points where it says they are', own => {
    const drawn = [
      ...svg(own).matchAll(/transform="matrix\([\d.]+,0,0,[\d.]+,([\d.]+),([\d.]+)\)"/g)
    ].map(([, x, y]) => ({ x: Number(x), y: Number(y) }))
    const places = scatterPlaces(own, size, look)
    expect(places).toHaveLength(2)
    const near = ({ x, y }: (typeof places)[number]) =>
      drawn.filter(own => Math.abs(own.x - x) < 0.01 && Math.abs(own.y - y) < 0.01).length
    expect(places.map(near)).toEqual([1, 1])
  })

  it('names each head, and both scores', () => {
    for (const word of ['0.1', '1.0', 'previous token', 'induction'])
      expect(svg()).toContain(`>${word}<`)
  })

  it.each([1, 0.001, 20])(
    'has its axis’ name beside its numbers, however wide they are: %d',
    scale => {
      const points = data.points.map(point => ({ ...point, y: point.y * scale }))
      const drawn = svg({ points, title: null })
      const axis = Number(
        /transform="translate\(([\d.]+) [\d.]+\)" fill="[^"]*">0\.?\d*</.exec(drawn)![1]
      )
      const name = /transform="matrix\(0,-1,1,0,([\d.]+),[\d.]+\)"[^>]*>induction</.exec(drawn)!
      const widest = [...drawn.matchAll(/text-anchor="end"[^>]*>([\d.]+)</g)].map(([, text]) =>
        sansWidth(text!, look.size)
      )
      const gap = axis - Math.max(...widest) - Number(name[1])
      expect(gap).toBeGreaterThan(2)
      expect(gap).toBeLessThan(14)
      expect(Number(name[1])).toBeLessThan(2 * look.size)
    }
  )

  it('names heads that stand close together, and no point lies on a name', () => {
    const points = [0, 0.02, 0.04].map((step, head) => ({
      ...{ layer: 0, head, x: 0.2 + step, y: 0.3, group: null }
    }))
    const drawn = svg({ points, title: null })
    for (const word of ['0.0', '0.1', '0.2']) expect(drawn).toContain(`>${word}<`)
    const named = [...drawn.matchAll(/text-anchor="(\w+)"[^>]*>(0\.[012])</g)]
    // 0.2 is a tick, too.
    expect(named.map(([, at, name]) => `${at} ${name}`)).toEqual(
      expect.arrayContaining(['end 0.0', 'middle 0.1', 'start 0.2'])
    )
  })

  it('has one scale both ways where distances are what counts, and says it', () => {
    const points = [
      { layer: 0, head: 0, x: 0, y: 0, group: 0 },
      { layer: 0, head: 1, x: 0.3, y: 0, group: 0 },
      { layer: 1, head: 0, x: 0, y: 0.3, group: 9 }
    ]
    const own = { ...data, points, distances: { unit: 'nats', reach: { x: 0, y: 0 } } }
    for (const size of [
      { width: 400, height: 300 },
      { width: 300, height: 700 }
    ]) {
      const [corner, right, up] = scatterPlaces(own, size, look)
      expect(right!.x - corner!.x).toBeGreaterThan(100)
      expect(right!.x - corner!.x).toBeCloseTo(corner!.y - up!.y, 6)
    }
    // One that reaches twice as far leaves half the room.
    const [near, far] = [0, 0.6].map(y => {
      const distances = { unit: 'nats', reach: { x: 0, y } }
      const [corner, right] = scatterPlaces({ ...own, distances }, size, look)
      return right!.x - corner!.x
    })
    expect(near).toBeCloseTo(2 * far!, 6)
    const drawn = svg(own)
    expect(drawn).toContain('>0.1 nats<')
    expect(drawn).not.toContain('>previous token<')
    for (const group of ['1', '10']) expect(drawn).toContain(`>${group}<`)
    // Of so many groups two have one colour, and different signs.
    const triangles = drawn.match(new RegExp(`<polygon [^>]*fill="${look.heads[1]}"`, 'g'))
    expect(triangles).toHaveLength(1)
  })
})

it('has room on its axes for what stands beside it', () => {
  const places = (span?: { low: number; high: number }) =>
    scatterPlaces({ ...data, x: { ...data.x, ...(span && { span }) } }, size, look)
  const [own] = places()
  const [shared] = places({ low: 0, high: 0.8 })
  // Points stand at 48 + x / highest · (width − 48 − 36).
  expect(own!.x).toBeCloseTo(48 + (0.4 / 0.4) * 316, 6)
  expect(shared!.x).toBeCloseTo(48 + (0.4 / 0.8) * 316, 6)
  expect(shared!.y).toBe(own!.y)
})

it('writes names on the paper where a line runs through, and none where others lie', () => {
  const crossed = { x: { name: 'x', baselines: [0.37, 0.4, 0.43] }, points: [data.points[0]!] }
  expect(svg(crossed).match(/<path[^>]*fill="#ffffff"/gi) ?? []).not.toEqual(
    svg({ points: [data.points[0]!] }).match(/<path[^>]*fill="#ffffff"/gi) ?? []
  )
  const near = [0, 0, 0.015, -0.015, 0.03, -0.03].map((step, head) => ({
    ...{ layer: 0, head, x: 0.2 + step, y: 0.3 + (head % 2) * 0.02, group: null }
  }))
  const wish = presetWish('acl', plainWish)
  const { faults } = drawnFigure(headScatter, { ...data, points: near }, look, wish)
  expect(faults).toEqual([expect.stringMatching(/^\d points? without a name/)])
  // On no page there is no width to give.
  const alike = near.map(point => ({ ...point, x: 0.2, y: 0.3 }))
  expect(drawnFigure(headScatter, { ...data, points: alike }, look, plainWish).faults).toEqual([])
})
