import { describe, expect, it } from 'vitest'
import { attentionMap, type AttentionMapData } from '#common/figure/attention-map.ts'
import { barChart, type BarChartData } from '#common/figure/bar-chart.ts'
import { drawing } from '#common/figure/drawing.ts'
import type { MapPanel, RowPanel } from '#common/figure/figure-kind.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { headMap, type HeadMapData } from '#common/figure/head-map.ts'
import { linePlot, type LinePlotData } from '#common/figure/line-plot.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { modelLines, type ModelLinesData } from '#common/figure/model-lines.ts'
import {
  drawnPanels,
  type OpenedPanel,
  type PanelsLayout
} from '#common/figure/panels/drawn-panels.ts'
import { FigurePanel, letterings } from '#common/figure/panels/session-figure.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { textWidth } from '#common/figure/text-width.ts'
import { isolated } from '#common/text/token-text.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}
const map: HeadMapData = {
  title: 'All heads',
  ...{ name: 'induction', quantity: 'weight', layers: [0, 1], heads: 2, values: [0, 0.5, 1, NaN] }
}
const bars: BarChartData = {
  title: 'Parts',
  bars: [{ label: 'attention', value: 3, notes: ['30 %'], color: 0 }]
}
const lines: ModelLinesData = {
  ...{ title: null, note: '', quantity: 'weight', heads: 1, group: 1, mirrored: false },
  cells: [{ layer: 0, head: 0, rows: 2, lines: [{ query: 1, key: 0, weight: 1 }], high: 1 }]
}
const weights: AttentionMapData = {
  ...{ title: null, pattern: new Float32Array(900).fill(0.5), quantity: 'weight', unit: null },
  tokens: Array.from({ length: 30 }, () => ({ piece: 'a', text: 'a', special: false })),
  ...{ visibility: null, firstHidden: false, mirrored: false, view: null, profiles: null },
  marked: { queries: [], keys: [] }
}
const layout: PanelsLayout = {
  name: 'Page',
  ...{ preset: 'icml', widthMm: 171.45, points: null, font: 'sans', background: 'paper' },
  ...{ columns: 2, lettering: '(a)' }
}
const panel = (own: Partial<OpenedPanel> = {}): OpenedPanel => ({
  ...{ title: 'Heads', columns: 1, drawing: drawing(headMap, map, look) },
  ...own
})
const pixels = (mm: number) => (mm / 25.4) * 96

function texts({ panel }: ReturnType<typeof drawnPanels>): string[] {
  return panel.marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))
}

/** How many bars of colours a map has. */
function barsOf({ marks }: MapPanel): number {
  return marks.filter(mark => mark.kind === 'rect' && Array.isArray(mark.fill)).length
}

/** Sizes of letters in a map. */
function sizesOf({ marks }: MapPanel): number[] {
  const sizes = marks.flatMap(mark => (mark.kind === 'text' ? [mark.size] : []))
  return [...new Set(sizes)].sort((a, b) => a - b)
}

it('a page that is too high is to have fewer panels or more columns; a panel alone shows a part', () => {
  const high = panel({ drawing: drawing(attentionMap, weights, look), columns: 2, heightMm: 200 })
  const page = { ...layout, preset: 'nature' as const }
  const [two] = drawnPanels(page, [high, high]).faults
  expect(two).toMatch(
    /^\d+ mm high, over the 170 mm that there are: have fewer panels, or more columns$/
  )
  expect(drawnPanels(page, [high]).faults[0]).toMatch(/show a part of it$/)
})

describe('a panel whose height is given', () => {
  const plot: LinePlotData = {
    title: null,
    x: { name: 'layer', log: false, span: null },
    y: { name: 'norm', log: false, span: null },
    series: [
      {
        ...{ name: 'W_Q', shape: 'line', color: 'accent', width: 0 },
        ...{ x: Float64Array.of(0, 1, 2), y: Float64Array.of(1, 3, 2) }
      }
    ],
    lines: []
  }
  const at = (own: OpenedPanel['drawing'], heightMm: number | null) => {
    const drawn = drawnPanels(layout, [panel({ drawing: own, heightMm })])
    const [part] = drawn.panel.parts
    return { panel: part!.panel as MapPanel, faults: drawn.faults, box: drawn.boxes[0]! }
  }
  const lineDrawing = drawing(linePlot, plot, look)
  const mapDrawing = drawing(attentionMap, weights, look)
  const many = { ...bars, bars: Array.from({ length: 9 }, () => bars.bars[0]!) }
  const barDrawing = drawing(barChart, many, look)

  it.each([
    ['a chart', lineDrawing, 45],
    ['a chart', lineDrawing, 90],
    ['a map', mapDrawing, 45],
    ['a map', mapDrawing, 120]
  ] as const)('is drawn anew in it, with the same letters: %s, %#', (_, own, mm) => {
    const free = at(own, null)
    const given = at(own, mm)
    expect(given.panel.height).toBeCloseTo(pixels(mm), 4)
    expect(given.panel.width).toBeCloseTo(free.panel.width, 6)
    expect(sizesOf(given.panel)).toEqual(sizesOf(free.panel))
    expect(given.faults).toEqual([])
    // What stands above it comes to that.
    expect(given.box.height - free.box.height).toBeCloseTo(pixels(mm) - free.panel.height, 4)
  })

  it('has cells and lines in all of it', () => {
    const [low, high] = [45, 70].map(mm => at(mapDrawing, mm).panel.rasters[0]!.height)
    // A cell is a whole number of pixels: of 30 cells one more is 30 pixels.
    expect(Math.abs(high! - low! - pixels(25))).toBeLessThan(60)
    expect(high!).toBeGreaterThan(1.3 * low!)
    const reach = (mm: number) =>
      Math.max(...at(lineDrawing, mm).panel.marks.map(mark => (mark.kind === 'text' ? mark.y : 0)))
    expect(reach(90) - reach(45)).toBeCloseTo(pixels(45), 4)
  })

  it('says that it needs more, with as much as it needs', () => {
    const given = at(lineDrawing, 10)
    expect(given.panel.height).toBeGreaterThan(pixels(25))
    expect(given.faults).toEqual([
      expect.stringMatching(/^Panel \(a\): 30\.7 mm high, over the 10 mm that it is given/)
    ])
    expect(at(barDrawing, 10).faults.join()).toContain('over the 10 mm that it is given')
  })

  it('is kept, and older files have none', () => {
    const own = { ...{ id: 'a', title: '', columns: 1, caption: '', content: '' } }
    expect(FigurePanel.parse(own)).toEqual(own)
    expect(FigurePanel.parse({ ...own, heightMm: 45 }).heightMm).toBe(45)
    expect(FigurePanel.parse({ ...own, heightMm: null }).heightMm).toBe(null)
    for (const heightMm of [0, -5, 1e9, NaN])
      expect(FigurePanel.safeParse({ ...own, heightMm }).success).toBe(false)
  })
})

describe('panels on a page', () => {
  it('are as wide as the paper asks, each in its columns, with the letters of the paper', () => {
    const drawn = drawnPanels(layout, [panel(), panel({ drawing: drawing(barChart, bars, look) })])
    expect(drawn.widthMm).toBeCloseTo(171.45, 6)
    expect(drawn.points).toBeCloseTo(8, 6)
    const { parts } = drawn.panel
    // (171.45 − 4) / 2 = 83.725
    expect(parts[0]!.left).toBe(0)
    expect(parts[1]!.left).toBeCloseTo(pixels(87.725), 6)
    for (const { panel } of parts) expect(panel.width).toBeCloseTo(pixels(83.725), 6)
    expect(drawn.faults).toEqual([])
  })

  it('stand in rows, as high as the highest of each', () => {
    const one = drawnPanels({ ...layout, columns: 1 }, [panel()])
    const two = drawnPanels({ ...layout, columns: 1 }, [panel(), panel()])
    expect(two.heightMm).toBeCloseTo(2 * one.heightMm + 3.5, 6)
    expect(two.boxes[1]!.top).toBeCloseTo(two.boxes[0]!.height + pixels(3.5), 6)
  })

  it('leave no hole beside one that is high', () => {
    const tall: BarChartData = { ...bars, bars: Array.from({ length: 20 }, () => bars.bars[0]!) }
    const three = [panel(), panel({ drawing: drawing(barChart, tall, look) }), panel()]
    const { boxes, heightMm, panel: page } = drawnPanels(layout, three)
    const [first, high, last] = boxes
    expect([last!.left, high!.top]).toEqual([0, 0])
    expect(last!.top).toBeCloseTo(first!.height + pixels(3.5), 6)
    expect(pixels(heightMm)).toBeCloseTo(Math.max(high!.height, last!.top + last!.height), 6)
    // Its name and what it shows stand there, too.
    const { parts, marks } = page
    expect(parts[2]!.top).toBeGreaterThan(last!.top)
    expect(marks.filter(mark => mark.kind === 'text').at(-1)!.y).toBeGreaterThan(last!.top)
  })

  it('are named in their order, and leave their own titles out', () => {
    const three = [panel(), panel({ title: '' }), panel({ title: 'ראשים' })]
    const named = letterings.map(lettering => texts(drawnPanels({ ...layout, lettering }, three)))
    expect(named).toEqual([
      ['(a) Heads', '(b)', `(c) ${isolated('ראשים')}`],
      ['a Heads', 'b', `c ${isolated('ראשים')}`],
      ['A Heads', 'B', `C ${isolated('ראשים')}`],
      ['Heads', isolated('ראשים')]
    ])
    expect(figureSvg(drawnPanels(layout, three))).not.toContain('All heads')
  })

  it('have titles that are whole, in as many lines as they need, and say where a word is too wide', () => {
    const title = 'Heads that attend to the token before their own, in all of the layers of a model'
    const own = (text: string) => {
      const drawn = drawnPanels({ ...layout, columns: 2 }, [panel({ title: text }), panel()])
      const { marks, parts } = drawn.panel
      return { drawn, marks: marks.filter(mark => mark.kind === 'text'), parts }
    }
    const { drawn, marks, parts } = own(title)
    const [one, two, beside] = marks
    expect(`${one!.text} ${two!.text}`).toBe(`(a) ${title}`)
    expect(beside!.text).toBe('(b) Heads')
    expect([one!.y, two!.y > one!.y]).toEqual([beside!.y, true])
    // What is drawn stands below all of it, side by side.
    expect(parts[0]!.top).toBeGreaterThan(two!.y + two!.size / 2)
    expect(parts[1]!.top).toBe(parts[0]!.top)
    expect(drawn.faults).toEqual([])
    const hebrew = own('ראשים '.repeat(20).trim())
    expect(hebrew.marks[0]!.text).toMatch(/^\(a\) \u2068.*\u2069$/)
    expect(hebrew.marks[1]!.text).toMatch(/^\u2068.*\u2069$/)
    // One that is as wide as its panel has no room between where titles begin and end.
    let word = 'l'
    while (textWidth(word, one!) < pixels(83.725)) word += 'l'
    expect(own(word).drawn.faults).toEqual([
      'Panel (a): a word of its title is wider than it, and is cut'
    ])
    expect(own('W'.repeat(80)).drawn.faults).toEqual([
      'Panel (a): a word of its title is wider than it, and is cut'
    ])
  })

  it('have no room above them where nothing stands there', () => {
    const bare = drawnPanels({ ...layout, lettering: 'none' }, [panel({ title: '' })])
    expect(bare.panel.parts[0]!.top).toBe(0)
  })

  it('are made smaller as they are where they cannot be drawn anew, which is said', () => {
    const many = { ...lines, heads: 40 }
    const small = panel({ drawing: drawing(modelLines, many, look) })
    const drawn = drawnPanels(layout, [small])
    const [part] = drawn.panel.parts
    expect(part!.panel.width).toBeCloseTo(pixels(83.725), 6)
    expect(drawn.faults.join()).toMatch(/^Panel \(a\): Its letters are \d\.\d pt, not 8 pt/)
  })

  it('are told where the page is too low for them', () => {
    const nature = { ...layout, preset: 'nature', widthMm: 183, columns: 1 } as const
    const { faults } = drawnPanels(nature, [panel(), panel(), panel(), panel(), panel()])
    expect(faults[0]).toMatch(/mm high, over the 170 mm/)
  })

  it('have titles no larger than a journal allows, which are among what is said to be larger', () => {
    const nature = { ...layout, preset: 'nature', widthMm: 183 } as const
    const drawn = (points: number | null) => drawnPanels({ ...nature, points }, [panel(), panel()])
    const points = (panel: RowPanel) =>
      panel.marks.flatMap(mark => (mark.kind === 'text' ? (mark.size / 96) * 72 : []))
    const own = drawn(null)
    for (const size of points(own.panel)) expect(size).toBeCloseTo(7, 9)
    expect(own.faults).toEqual([])
    expect(drawn(8).faults[0]).toBe('Its titles are 8.0 pt, over the 7 pt that Nature allows')
    // Others have them a pixel larger than labels.
    for (const size of points(drawnPanels(layout, [panel()]).panel))
      expect(size).toBeCloseTo(8.75, 9)
  })

  it('have their bar of colours below where one is too narrow for it beside', () => {
    const narrow = panel({ drawing: drawing(attentionMap, weights, look), columns: 1 })
    const drawn = (columns: number) => drawnPanels({ ...layout, columns }, [narrow])
    const bars = (columns: number) => {
      const [part] = drawn(columns).panel.parts
      return barsOf(part!.panel as MapPanel)
    }
    expect([bars(2), bars(4)]).toEqual([1, 0])
    expect([drawn(2).faults, drawn(4).faults]).toEqual([[], []])
    expect(figureSvg(drawn(4))).toContain('attention weight')
  })

  it.each([
    [171.45, 3, null],
    [171.45, 4, null],
    [171.45, 3, 16],
    [82.55, 2, null],
    [82.55, 2, 24],
    [82.55, 4, 40]
  ])(
    'of one scale, in %s mm and %s columns, have one bar of colours a row, below the first, and maps as large as each other',
    (widthMm, columns, points) => {
      const own = panel({ drawing: drawing(attentionMap, weights, look), meaning: 'weights' })
      const wide = { ...layout, widthMm, columns, points }
      const drawn = drawnPanels(wide, Array<OpenedPanel>(columns).fill(own))
      const parts = drawn.panel.parts.map(({ panel }) => panel as MapPanel)
      expect(parts.map(barsOf)).toEqual(parts.map(() => 0))
      const says = ({ marks }: MapPanel) =>
        marks.some(mark => mark.kind === 'text' && mark.text.startsWith('attention'))
      expect(parts.map(says)).toEqual(parts.map((_, i) => i === 0))
      const sides = parts.map(({ rasters: [raster] }) => raster!.width)
      expect(Math.min(...sides)).toBeGreaterThan(0)
      for (const side of sides) expect(side).toBeCloseTo(sides[0]!, 3)
      const widths = parts.map(({ width }) => width)
      // As wide as its column, with 4 mm between them.
      for (const width of widths)
        expect(width).toBeCloseTo(pixels((widthMm - 4 * (columns - 1)) / columns), 6)
      if (points === null) expect(drawn.faults).toEqual([])
    }
  )

  it.each([60, 81, 120, 200, 400])(
    'of one scale and %s tokens have letters as large as is asked, and the last of their keys within them',
    count => {
      const map = { ...weights, pattern: new Float32Array(count ** 2).fill(0.5) }
      const tokens = Array.from({ length: count }, () => weights.tokens[0]!)
      for (const mirrored of [false, true]) {
        const marked = { queries: [], keys: [mirrored ? 0 : count - 1] }
        const own = drawing(attentionMap, { ...map, tokens, mirrored, marked }, look)
        const of = panel({ drawing: own, meaning: 'weights' })
        const drawn = drawnPanels(layout, [of, of])
        expect(drawn.faults).toEqual([])
        for (const { panel } of drawn.panel.parts) {
          const { width, marks } = panel as MapPanel
          expect(sizesOf(panel as MapPanel).map(size => (size / 96) * 72)).toEqual([8])
          const ends = marks.flatMap(mark =>
            mark.kind === 'text' && mark.upright ? [mark.x + mark.size / 2] : []
          )
          expect(width - Math.max(...ends)).toBeGreaterThan(-0.1)
        }
      }
    }
  )

  it('of one scale and one height have maps as large as each other, and keep that', () => {
    const map = drawing(attentionMap, weights, look)
    const own = panel({ drawing: map, meaning: 'weights', heightMm: 45 })
    const { panel: page } = drawnPanels(layout, [own, own])
    const [first, second] = page.parts.map(({ panel }) => panel as MapPanel)
    expect(first!.height).toBeCloseTo(pixels(45), 0)
    expect(Math.abs(first!.rasters[0]!.width - second!.rasters[0]!.width)).toBeLessThan(3)
  })

  it('have a bar of colours each where these stand for something else', () => {
    const own = panel({ drawing: drawing(attentionMap, weights, look), meaning: 'weights' })
    const others = drawnPanels(layout, [own, { ...own, meaning: 'others' }])
    const each = others.panel.parts.map(({ panel }) => barsOf(panel as MapPanel))
    expect(each).toEqual([1, 1])
  })

  it('say why one of them cannot be drawn, in its place', () => {
    const drawn = drawnPanels(layout, [panel({ drawing: 'No such kind' })])
    expect(figureSvg(drawn)).toContain('No such kind')
    expect(drawn.faults).toEqual(['Panel (a): No such kind'])
    const bare = drawnPanels({ ...layout, lettering: 'none' }, [panel({ drawing: 'No such kind' })])
    expect(bare.faults).toEqual(['Panel 1: No such kind'])
    // A window says it beside the panel.
    expect(drawnPanels(layout, [panel(), panel({ drawing: 'No such kind' })]).panelFaults).toEqual([
      [],
      ['No such kind']
    ])
  })

  it('begin with what their bar begins with, where that has no room below its map', () => {
    const own = panel({ drawing: drawing(attentionMap, weights, look), columns: 1 })
    const drawn = drawnPanels({ ...layout, widthMm: 84 }, [own, own])
    const marks = (drawn.panel.parts[0]!.panel as MapPanel).marks
    const bar = marks.findLast(mark => mark.kind === 'text' && mark.text === '0')
    const heading = drawn.panel.marks.find(mark => mark.kind === 'text')
    expect(bar).toMatchObject({ x: 8 })
    expect(heading).toMatchObject({ x: 8 })
  })

  it('say all of a long reason, in lines of their width', () => {
    const why = 'What this panel is drawn of cannot be read: made.note: expected a text, got 7'
    const { panel: page } = drawnPanels(layout, [panel({ drawing: why }), panel()])
    const said = page.parts[0]!.panel as MapPanel
    const lines = said.marks.filter(mark => mark.kind === 'text')
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.map(({ text }) => text).join(' ')).toBe(why)
    expect(lines.every(line => textWidth(line.text, line) <= line.room!)).toBe(true)
    expect(lines.at(-1)!.y).toBeLessThan(said.height - lines[0]!.size)
  })

  it.each([
    [1, 1],
    [4, 4],
    [5, 5],
    [9, 5]
  ])('say of a reason of %s lines %s', (count, said) => {
    // Of two words so long none fits beside the other in 40 mm.
    const why = Array.from({ length: count }, (_, i) => `what-is-wrong-of-it-${i}`).join(' ')
    const { panel: page } = drawnPanels({ ...layout, widthMm: 40, columns: 1 }, [
      panel({ drawing: why })
    ])
    const { marks } = page.parts[0]!.panel as MapPanel
    const lines = marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))
    expect([lines.length, lines.join(' ')]).toEqual([said, why])
  })

  it('take another preset for a file, and their own where none is asked for', () => {
    expect(drawnPanels(layout, [panel()], plainWish).widthMm).toBeCloseTo(171.45, 6)
    const neurips = drawnPanels(layout, [panel()], presetWish('neurips', plainWish))
    expect(neurips.widthMm).toBeCloseTo(139.7, 6)
    expect(neurips.points).toBeCloseTo(9, 6)
  })
})
