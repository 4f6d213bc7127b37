import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lightScreen, type Look } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import {
  numberSteps,
  pointPalette,
  pointScatter,
  pointSize,
  type PointScatterData
} from '#common/figure/point-scatter.ts'

const look: Look = {
  ...lightScreen,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}
const size = { width: 400, height: 300, ratio: 1 }
const data: PointScatterData = {
  title: 'Tokens',
  axes: { x: 'PC 1 (60.0 %)', y: 'PC 2 (20.0 %)' },
  directions: [],
  joined: false,
  places: Float32Array.of(0, 0, 1, 0.5, -1, -0.5, 9, 9),
  colors: Uint8Array.of(0, 1, 1, 0),
  colored: { by: 'class', name: 'kind', classes: ['letters', 'digits'] },
  labels: [
    { point: 0, text: 'a' },
    { point: 1, text: 'שלום' },
    { point: 3, text: 'beyond' }
  ],
  part: { x: 0, y: 0, width: 2.4, height: 1.4 }
}

/** Of each colour the places of its dots. */
function dotsOf(of: PointScatterData): number[][][] {
  const { option } = pointScatter.panel(of, look, size) as {
    option: { series: { data: (number[] | { name: string; value: number[] })[] }[] }
  }
  return option.series.map(({ data }) => data.map(dot => ('value' in dot ? dot.value : dot)))
}

describe('a scatter of points', () => {
  it('is the picture that it was', async () => {
    const svg = panelSvg(pointScatter.panel(data, look, size))
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'point-scatter.svg'))
    expect(svg).toContain('שלום')
    expect(svg).not.toContain('beyond')
    // It is drawn in a thread.
    expect(structuredClone(pointScatter.panel(data, look, size))).toBeDefined()
  })

  it('shows where the axes of a space point to', () => {
    const directions = [
      { text: 'PC 1', x: 1, y: 0 },
      { text: 'PC 3', x: 0, y: -1 }
    ]
    const { option } = pointScatter.panel({ ...data, axes: null, directions }, look, size) as {
      option: { graphic: { type: string; shape?: object; style: { text?: string } }[] }
    }
    const lines = option.graphic.filter(({ type }) => type === 'line')
    expect(lines.map(({ shape }) => shape)).toEqual([
      { x1: 64, y1: 236, x2: 94, y2: 236 },
      { x1: 64, y1: 236, x2: 64, y2: 266 }
    ])
    expect(option.graphic.some(({ style }) => style.text === 'PC 3')).toBe(true)
    // What was kept before spaces were shown has none.
    const before = { ...data, directions: undefined }
    expect(pointScatter.data.parse(before)).toMatchObject({ directions: [] })
  })

  it('has a line from each point to the next, seen or not, where their order says something', () => {
    const { option } = pointScatter.panel({ ...data, joined: true }, look, size) as {
      option: { series: { type: string; data: unknown[] }[] }
    }
    expect(option.series.map(({ type }) => type)).toEqual(['line', 'scatter', 'scatter'])
    expect(option.series[0]!.data).toEqual([
      [0, 0],
      [1, 0.5],
      [-1, -0.5],
      [9, 9]
    ])
  })

  it('has a dot for every point that is seen, in the colour of its class', () => {
    expect(dotsOf(data)).toEqual([
      [[0, 0]],
      [
        [1, 0.5],
        [-1, -0.5]
      ]
    ])
    const all = { ...data, part: { x: 4, y: 4, width: 12, height: 12 } }
    expect(dotsOf(all).flat()).toHaveLength(4)
  })

  it('is of a place and a colour for each point', () => {
    const isWhole = (of: unknown) => pointScatter.data.safeParse(of).success
    expect(isWhole(data)).toBe(true)
    expect(isWhole({ ...data, places: data.places.slice(2) })).toBe(false)
    expect(isWhole({ ...data, colors: Uint8Array.of(0, 1, 2, 0) })).toBe(false)
    expect(isWhole({ ...data, labels: [{ point: 4, text: 'x' }] })).toBe(false)
  })

  it('has one scale both ways', () => {
    const { option } = pointScatter.panel(data, look, size) as {
      option: { xAxis: { min: number; max: number }; yAxis: { min: number; max: number } } & {
        grid: Record<'left' | 'right' | 'top' | 'bottom', number>
      }
    }
    const { grid, xAxis, yAxis } = option
    const across = (size.width - grid.left - grid.right) / (xAxis.max - xAxis.min)
    const upwards = (size.height - grid.top - grid.bottom) / (yAxis.max - yAxis.min)
    expect(across).toBeCloseTo(upwards, 9)
    expect(xAxis.max - xAxis.min).toBeGreaterThanOrEqual(2.4)
    expect(yAxis.max - yAxis.min).toBeGreaterThanOrEqual(1.4)
  })

  /** Of each name, where it begins and in which line it stands. */
  function namesOf(own: PointScatterData) {
    const { option } = pointScatter.panel({ ...own, title: null }, look, size) as {
      option: { graphic: { x: number; y: number; style: { text: string; font: string } }[] }
    }
    return option.graphic.filter(({ style }) => style.font.includes(look.mono))
  }

  it('has names where they cover no point, and all of some that stand close', () => {
    const own: PointScatterData = {
      ...data,
      // Three in a row, the middle one with a point above it.
      places: Float32Array.of(0, 0, 0.12, 0, 0.24, 0, 0.12, 0.08),
      ...{ colors: new Uint8Array(4), colored: { by: 'nothing' }, axes: null },
      labels: [0, 1, 2].map(point => ({ point, text: `name${point}` }))
    }
    const names = namesOf(own)
    expect(names.map(({ style }) => style.text)).toEqual(['name0', 'name1', 'name2'])
    const unit = 2.4 / (size.width - 20)
    const at = (point: number) => ({
      x: size.width / 2 + own.places[2 * point]! / unit,
      y: 8 + (size.height - 18) / 2 - own.places[2 * point + 1]! / unit
    })
    const [radius, width] = [pointSize(4) / 2, 5 * 0.6 * look.size]
    for (const { x, y } of names)
      for (let point = 0; point < 4; point++) {
        const other = at(point)
        const isOver =
          other.x + radius > x &&
          other.x - radius < x + width &&
          Math.abs(other.y - y) < radius + look.size / 2
        expect(isOver).toBe(false)
      }
  })

  it('has names in a crowd, where no side is free', () => {
    const own: PointScatterData = {
      ...data,
      places: Float32Array.from({ length: 8000 }, (_, i) =>
        i % 2 === 0 ? (i % 200) / 100 - 1 : Math.floor(i / 200) / 40 - 0.5
      ),
      ...{ colors: new Uint8Array(4000), colored: { by: 'nothing' }, axes: null },
      labels: [
        { point: 2050, text: 'one' },
        { point: 2051, text: 'two' }
      ]
    }
    expect(namesOf(own).map(({ style }) => style.text)).toContain('one')
  })

  it('holds 20,000 dots in one path a colour', () => {
    const count = 20_000
    const many = {
      ...data,
      places: Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(i) / 2),
      colors: Uint8Array.from({ length: count }, (_, i) => i % 2),
      labels: []
    }
    const svg = panelSvg(pointScatter.panel(many, look, size))
    const large = svg.split('<path').filter(path => path.length > 100_000)
    expect(large).toHaveLength(2)
    expect(svg.length).toBeLessThan(100 * count)
  })

  it('is smaller dots where there are more, and steps of a map for a number', () => {
    const sizes = [10, 1000, 10_000, 100_000].map(pointSize)
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    const palette = pointPalette({ by: 'number', name: 'norm', low: 0, high: 1 }, look)
    expect(new Set(palette).size).toBe(numberSteps)
    expect(pointPalette({ by: 'nothing' }, look)).toEqual([look.accent])
  })
})
