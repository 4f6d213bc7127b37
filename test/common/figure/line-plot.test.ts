import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linePlot, linePlotLayout, type LinePlotData } from '#common/figure/line-plot.ts'
import { paperLook } from '#common/figure/look.ts'
import type { LineMark, RectMark } from '#common/figure/mark.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'

const look = {
  ...paperLook,
  colorMap: 'magma',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: true,
  pooling: 'mean'
} as const
const numbers = (...all: number[]) => Float64Array.from(all)
const axis = { log: false, span: null }
const data: LinePlotData = {
  title: 'gpt2 · wte',
  x: { ...axis, name: 'weight' },
  y: { ...axis, name: 'weights' },
  series: [
    { name: 'weights', shape: 'bars', color: 'bar', x: numbers(-1, 0, 1), y: numbers(2, 8, 4), width: 1 }, // prettier-ignore
    { name: 'normal', shape: 'line', color: 'accent', x: numbers(-0.5, 0.5, 1.5), y: numbers(2.5, 7, NaN), width: 0 } // prettier-ignore
  ],
  lines: [{ name: 'mean', axis: 'x', at: 0.4 }]
}
const size = { width: 420, height: 240, ratio: 1 }
function panel(own: Partial<LinePlotData> = {}, width = size.width) {
  const drawn = linePlot.panel({ ...data, ...own }, look, { ...size, width })
  if (drawn.kind !== 'map') throw new Error('expected marks')
  return drawn
}

describe('a plot', () => {
  it('is this picture', async () => {
    const svg = panelSvg(panel())
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'line-plot.svg'))
  })

  it('leaves out what has no place along it', () => {
    const spread = { min: numbers(0, 0), q1: numbers(1, 1), q3: numbers(3, 3), max: numbers(4, 4) }
    for (const shape of ['line', 'dots', 'bars', 'boxes'] as const) {
      const own = { name: null, shape, color: 'accent', width: 0.5, spread } as const
      const x = numbers(1, Infinity)
      const svg = panelSvg(panel({ lines: [], series: [{ ...own, x, y: numbers(2, 2) }] }))
      expect(svg).not.toMatch(/NaN|Infinity/)
    }
  })

  it('has names in rows where one has no room for them, none cut', () => {
    const line = {
      shape: 'line',
      color: 'accent',
      width: 0,
      x: numbers(0, 1),
      y: numbers(0, 1)
    } as const
    const names = ['others', 'self_attn.v_proj.weight', 'mlp.down_proj.weight']
    const series = names.map(name => ({ ...line, name }))
    const placed = (width: number) =>
      panel({ title: null, lines: [], series }, width).marks.flatMap(mark =>
        mark.kind === 'text' && names.includes(mark.text) ? [{ x: mark.x, y: mark.y }] : []
      )
    expect(new Set(placed(700).map(({ y }) => y)).size).toBe(1)
    const narrow = placed(340)
    expect(narrow.map(({ y }) => y)).toEqual([9, 9, 25])
    for (const { x } of narrow) expect(x).toBeGreaterThan(12)
    expect(narrow[1]!.x - narrow[0]!.x).toBeGreaterThan(50)
  })

  it('names a value on the side of its line that has room for the name, cut where none has', () => {
    const named = (at: number, name: string) => {
      const own = { title: null, lines: [{ name, axis: 'x', at }] } as const
      const wide = { ...size, width: 300 }
      const { across, left, width } = linePlotLayout({ ...data, ...own }, look, wide)
      const text = panel(own, wide.width).marks.find(
        mark => mark.kind === 'text' && mark.text === name
      )
      if (text?.kind !== 'text') throw new Error('expected a name')
      const { align, x, room } = text
      return {
        align,
        from: x - across(at),
        room,
        before: across(at) - left,
        after: left + width - across(at)
      }
    }
    expect(named(-0.9, 'short')).toMatchObject({ align: 'left', from: 5 })
    expect(named(1.9, 'short')).toMatchObject({ align: 'right', from: -5 })
    const long = 'a name that is much longer than all of the plot is wide, by far'
    const early = named(-0.5, long)
    expect(early).toMatchObject({ align: 'left', room: early.after - 5 })
    const late = named(1.5, long)
    expect(late).toMatchObject({ align: 'right', room: late.before - 5 })
  })

  it('has smaller dots where they are many', () => {
    const dots = (count: number) => {
      const all = Float64Array.from({ length: count }, (_, i) => i)
      const series = [
        { name: null, shape: 'dots', color: 'accent', width: 0, x: all, y: all } as const
      ]
      const [first] = panel({ title: null, lines: [], series }).marks.filter(
        (mark): mark is RectMark => mark.kind === 'rect'
      )
      return first!.width
    }
    expect(dots(400)).toBe(4)
    expect(dots(1600)).toBe(2)
    expect(dots(4000)).toBe(1.5)
  })

  it('has bars from zero on, as high as their numbers', () => {
    const bars = panel().marks.filter(
      (mark): mark is RectMark => mark.kind === 'rect' && mark.fill === look.series[1]
    )
    // And the sign of the legend.
    expect(bars).toHaveLength(4)
    const [first, second, third] = bars.slice(-3)
    expect(second!.height / first!.height).toBeCloseTo(4, 6)
    expect(third!.x - second!.x).toBeCloseTo(second!.x - first!.x, 6)
    expect(first!.y + first!.height).toBeCloseTo(second!.y + second!.height, 6)
  })

  it('has ticks at round numbers, of a whole axis at whole ones', () => {
    const line = { name: null, shape: 'line', color: 'accent', width: 0 } as const
    const series = [{ ...line, x: numbers(0, 1, 2), y: numbers(-0.3, 0.2, 0.1) }]
    const words = (whole: boolean) =>
      panel({ title: null, lines: [], series, x: { ...axis, name: 'head', whole } }).marks.flatMap(
        mark => (mark.kind === 'text' ? [mark.text] : [])
      )
    // Zero is zero, not what is left of steps that are added up.
    expect(words(false)).toContain('0')
    expect(words(false).filter(text => /\de/.test(text))).toEqual([])
    expect(words(false)).toContain('0.2')
    expect(words(true).slice(-5)).toEqual(['0', '1', '2', 'head', 'weights'])
  })

  it('has two ticks at least where an axis ends between round numbers', () => {
    const line = { name: null, shape: 'bars', color: 'bar', width: 0.7 } as const
    const series = [{ ...line, x: numbers(-18.5, 17.3), y: numbers(2, 1) }]
    const narrow = { ...size, width: 240 }
    const drawn = linePlot.panel({ ...data, title: null, lines: [], series }, look, narrow)
    const texts = drawn.kind === 'map' ? drawn.marks : []
    expect(texts.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))).toContain('−10')
  })

  it('has a word at its start in place of a number, and no tick in its way', () => {
    const series = (layers: number) => [
      {
        ...({ name: null, shape: 'line', color: 'accent', width: 0 } as const),
        x: Float64Array.from({ length: layers + 1 }, (_, i) => i - 1),
        y: new Float64Array(layers + 1)
      }
    ]
    const x = { ...axis, name: 'after block', whole: true, start: { at: -1, text: 'input' } }
    const words = (layers: number) =>
      panel({ title: null, x, lines: [], series: series(layers) })
        .marks.flatMap(mark => (mark.kind === 'text' && mark.align === 'center' ? [mark.text] : []))
        .filter(text => text === 'input' || /^−?\d+$/.test(text))
    expect(words(4)).toEqual(['input', '0', '1', '2', '3'])
    expect(words(48).slice(0, 2)).toEqual(['input', '10'])
    expect(words(48)).not.toContain('−1')
  })

  it('breaks a line where a number is missing', () => {
    const y = numbers(1, 2, NaN, 3, 4)
    const line = { name: null, shape: 'line', color: 'accent', width: 0 } as const
    const drawn = panel({ lines: [], series: [{ ...line, x: numbers(0, 1, 2, 3, 4), y }] })
    const lines = drawn.marks.filter(
      (mark): mark is LineMark => mark.kind === 'line' && mark.color === look.accent
    )
    expect(lines.map(({ points }) => points.length)).toEqual([2, 2])
  })

  it('draws boxes from quartile to quartile, whiskers to the ends, and none that lacks a number', () => {
    const boxes = {
      ...({ name: null, shape: 'boxes', color: 'accent', width: 0.5 } as const),
      ...{ x: numbers(0, 1), y: numbers(5, NaN) },
      spread: { min: numbers(1, 1), q1: numbers(4, 4), q3: numbers(7, 7), max: numbers(20, 90) }
    }
    const own = { ...data, title: null, lines: [], series: [boxes] }
    const { across, up } = linePlotLayout(own, look, size)
    const { marks } = panel(own)
    const rects = marks.filter((mark): mark is RectMark => mark.kind === 'rect')
    expect(rects).toHaveLength(1)
    expect(rects[0]!.x).toBeCloseTo(across(-0.25), 6)
    expect(rects[0]!.x + rects[0]!.width).toBeCloseTo(across(0.25), 6)
    expect(rects[0]!.y).toBeCloseTo(up(7), 6)
    expect(rects[0]!.y + rects[0]!.height).toBeCloseTo(up(4), 6)
    const heights = marks
      .filter((mark): mark is LineMark => mark.kind === 'line' && mark.color === look.accent)
      .map(({ points }) => points.map(([, y]) => y))
    const from = (...values: number[]) =>
      values.map(value => expect.closeTo(up(value), 6) as number)
    // Two whiskers with their ends, and the median.
    expect(heights).toEqual([from(1, 4), from(7, 20), from(1, 1), from(20, 20), from(5, 5)])
    // Nothing is cut off: the axis reaches to the ends of whiskers and to the sides of boxes.
    expect(up(20)).toBeGreaterThanOrEqual(0)
    expect(linePlotLayout(own, look, size).across(1.25)).toBeLessThanOrEqual(420)
  })

  it('has room for boxes to their sides, and caps of half their width', () => {
    const boxes = {
      ...({ name: null, shape: 'boxes', color: 'accent', width: 0.5 } as const),
      ...{ x: numbers(0, 1), y: numbers(5, 5) },
      spread: { min: numbers(1, 1), q1: numbers(4, 4), q3: numbers(7, 7), max: numbers(20, 9) }
    }
    const own = { ...data, title: null, lines: [], series: [boxes] }
    const { across, left, width } = linePlotLayout(own, look, size)
    expect(across(-0.25)).toBeCloseTo(left, 6)
    expect(across(1.25)).toBeCloseTo(left + width, 6)
    const { marks } = panel(own)
    const [, , low] = marks.filter(
      (mark): mark is LineMark => mark.kind === 'line' && mark.color === look.accent
    )
    expect(low!.points.map(([x]) => x)).toEqual([
      expect.closeTo(across(-0.125), 6),
      expect.closeTo(across(0.125), 6)
    ])
  })

  it('fills boxes that are too narrow for paper, and on a logarithm draws those alone that are above 0', () => {
    const count = 100
    const all = (value: number) => new Float64Array(count).fill(value)
    const boxesOf = (room: number, least: number, log: boolean) => {
      const series = {
        ...({ name: null, shape: 'boxes', color: 'accent', width: 0.5 } as const),
        ...{ x: Float64Array.from({ length: count }, (_, i) => i), y: all(5) },
        spread: { min: all(4).with(0, least), q1: all(4), q3: all(7), max: all(20) }
      }
      const wide = { ...size, width: room }
      const drawn = linePlot.panel({ ...data, y: { ...data.y, log }, title: null, lines: [], series: [series] }, look, wide) // prettier-ignore
      if (drawn.kind !== 'map') throw new Error('expected marks')
      return drawn.marks.filter((mark): mark is RectMark => mark.kind === 'rect')
    }
    expect(new Set(boxesOf(420, 1, false).map(({ fill }) => fill))).toEqual(new Set([look.accent]))
    const [box] = boxesOf(2000, 1, false)
    expect(box!.width).toBeGreaterThan(4)
    expect(box!.fill).toBe(look.paper)
    expect(boxesOf(420, 1, true)).toHaveLength(count)
    expect(boxesOf(420, 0, true)).toHaveLength(count - 1)
  })

  it('has equal factors equally far apart where an axis is logarithmic', () => {
    const series = [{ ...data.series[1]!, x: numbers(1, 2, 3), y: numbers(100, 0, 0.01) }]
    const log = { ...data, y: { ...data.y, log: true }, series }
    const { up } = linePlotLayout(log, look, size)
    expect(up(0.1) - up(1)).toBeCloseTo(up(1) - up(10), 6)
    const texts = panel(log).marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))
    expect(texts).toEqual(expect.arrayContaining(['0.01', '1', '100']))
  })

  it('stands the lowest bar above the foot of a logarithmic axis', () => {
    const series = [{ ...data.series[0]!, y: numbers(1, 0, 100) }]
    const drawn = panel({ y: { ...data.y, log: true }, series, lines: [] })
    const bars = drawn.marks.filter((mark): mark is RectMark => mark.kind === 'rect')
    const [one, hundred] = bars.filter(({ width }) => width > 20)
    expect(one!.height).toBeGreaterThan(5)
    expect(one!.y + one!.height).toBeCloseTo(hundred!.y + hundred!.height, 9)
    const texts = drawn.marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))
    expect(texts).toEqual(expect.arrayContaining(['1', '10', '100']))
    const few = [{ ...data.series[0]!, y: numbers(1, 0, 3) }]
    const counts = panel({ y: { ...data.y, log: true, whole: true }, series: few, lines: [] })
    const said = counts.marks.flatMap(mark =>
      mark.kind === 'text' && mark.align === 'right' ? [mark.text] : []
    )
    expect(said).not.toContain('0.5')
    expect(said).toEqual(expect.arrayContaining(['1', '2', '3']))
  })

  it('has room for what another has', () => {
    const own = linePlotLayout(data, look, size)
    const wide = { ...data, x: { ...data.x, span: { low: -5, high: 5 } } }
    expect(linePlotLayout(wide, look, size).across(2)).toBeLessThan(own.across(2))
  })
})

it('names no more values than are told apart', () => {
  const parsed = (count: number) =>
    linePlot.data.safeParse({ ...data, lines: Array(count).fill(data.lines[0]) })
  expect([parsed(200).success, parsed(201).success]).toEqual([true, false])
})
