import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { attentionMap } from '#common/figure/attention-map.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { drawing, drawingsInRow } from '#common/figure/drawing.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { drawnCells } from '#common/figure/notebook/drawn-cells.ts'
import { figureNotebook } from '#common/figure/notebook/notebook.ts'
import { plotCode } from '#common/figure/notebook/plot-code.ts'
import { pageGrid } from '#common/figure/notebook/plotted-page.ts'
import type { OpenedPanel } from '#common/figure/panels/drawn-panels.ts'
import { panelsPage } from '#common/figure/panels/panels-page.ts'
import { figureFonts } from '#common/figure/presets.ts'
import type { SessionFigure } from '#common/figure/panels/session-figure.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}
const bars = drawing(
  barChart,
  { title: null, bars: [{ label: 'attention', value: 3, notes: [], color: 0 }] },
  look
)
const data = dataset(
  { part: axis(['attention']) },
  { 'a.x': { axes: ['part'], unit: '', about: '', data: Float64Array.of(3) } }
)
const figure: SessionFigure = {
  ...{ kind: 'panels', id: 'f', name: 'Page', at: 0, version: '1', preset: 'neurips' },
  ...{ widthMm: 139.7, points: null, font: 'sans', background: 'paper', columns: 2 },
  ...{ lettering: '(a)', oneScale: false, panels: [] }
}
const two = drawingsInRow([bars, bars], ['one', 'other'])
const panels: OpenedPanel[] = [
  { title: 'Left', columns: 1.5, drawing: bars, heightMm: 40 },
  { title: 'Right', columns: 0.5, drawing: 'It is not there.', heightMm: 40 },
  { title: 'Below', columns: 2, drawing: two, heightMm: 30 }
]
/** By hand: a page of 139.7 mm in 2 columns with 4 mm between them is cut into steps of 71.85 mm. */
const leftMm = 1.5 * 71.85 - 4
const rightMm = 0.5 * 71.85 - 4

const inches = (mm: number) => mm / 25.4
const pixels = (mm: number) => inches(mm) * 96

describe('a page of panels in a notebook', () => {
  const page = panelsPage(figure, panels)
  const notebook = figureNotebook(page, [data], {
    title: 'Page',
    from: { version: '1', panels: [], again: { session: 'a.lamella', figure: 'Page' } }
  })
  const { cells } = JSON.parse(notebook) as { cells: { id: string; source: string }[] }
  const source = (id: string) => cells.find(cell => cell.id === id)!.source

  it('has them where they stand in print', () => {
    expect(page.points).toBe(9)
    expect(page.panels.map(({ heading }) => heading)).toEqual(['(a) Left', '(b) Right', '(c) Below']) // prettier-ignore
    const [left, right, below] = page.panels as [Panel, Panel, Panel]
    expect(left).toMatchObject({ left: 0, top: 0 })
    expect(left.width).toBeCloseTo(pixels(leftMm), 3)
    expect(right.left).toBeCloseTo(pixels(leftMm + 4), 3)
    expect(right.width).toBeCloseTo(pixels(rightMm), 3)
    // Rows are 3.5 mm apart.
    expect(below.top).toBeCloseTo(Math.max(left.height, right.height) + pixels(3.5), 3)
    expect(below.width).toBeCloseTo(pixels(139.7), 3)
  })
  type Panel = (typeof page.panels)[number]

  it('has serifs in each font that has them', () => {
    const serifs = figureFonts.map(font => [
      font,
      panelsPage({ ...figure, font }, panels).hasSerifs
    ])
    expect(serifs).toEqual([
      ['sans', false],
      ['serif', true],
      ['computer-modern', true]
    ])
  })

  it('has Hebrew letters beside fonts with serifs, of which some have none', () => {
    const from = { version: '1', panels: [], again: { session: 'a.lamella', figure: 'Page' } }
    const serif = panelsPage({ ...figure, font: 'serif' }, panels)
    const drawn = JSON.stringify(figureNotebook(serif, [data], { title: 'Page', from }))
    expect(drawn).toContain(String.raw`[\\\"serif\\\", \\\"DejaVu Sans\\\"]`)
  })

  it('is cut along their sides', () => {
    const { widths, heights, cells } = pageGrid(page)
    expect(widths.map(width => width / 96)).toEqual([
      expect.closeTo(inches(leftMm), 3),
      expect.closeTo(inches(4), 3),
      expect.closeTo(inches(rightMm), 3)
    ])
    // The first is lower than its letters and axes need: 9 times 9 pt, which are 108 pixels.
    const [left] = cells
    const own = heights.slice(left!.rows[0], left!.rows[1]).reduce((sum, row) => sum + row, 0)
    expect(page.panels[0]!.height).toBeLessThan(100)
    expect(own).toBeCloseTo(108, 3)
    expect(cells.map(({ columns }) => columns)).toEqual([
      [0, 1],
      [2, 3],
      [0, 3]
    ])
  })

  it('is as wide, in letters as large, as it is printed, and says what cannot be drawn', () => {
    const code = source('drawn')
    expect(code).toContain('plt.rcParams["font.size"] = 9\n')
    expect(code).toMatch(/figsize=\(5\.500, /)
    expect(code).toContain('panels[0].suptitle(filled(panels[0], "(a) Left")')
    expect(code).toContain('panels[1].text(0, 0.5, filled(panels[1], "It is not there."))')
    expect(code).toContain('parts = [panels[0], *panels[2].subfigures(1, 2)]')
  })

  it('is larger where matplotlib has too little room around what is drawn, and says so', () => {
    const narrow = panelsPage({ ...figure, preset: 'icml', widthMm: 82.55 }, [
      { title: 'Left', columns: 1, drawing: bars, heightMm: 40 },
      { title: 'Right', columns: 1, drawing: 'It is not there.', heightMm: 40 }
    ])
    const from = { version: '1', panels: [], again: { session: 'a.lamella', figure: 'Page' } }
    const code = figureNotebook(narrow, [data], { title: 'Page', from })
    // Bars in one of two columns with 4 mm between them are to have 2.5 inches.
    const times = 2.5 / inches((82.55 - 4) / 2)
    expect(code).toContain(`# ${times.toFixed(2)} times as large as it is printed`)
    const [, width] = /figsize=\((\d+\.\d+), /.exec(code)!
    expect(Number(width)).toBeCloseTo(inches(82.55) * times, 2)
    expect(source('drawn')).not.toContain('times as large')
  })

  const python = process.env['PYTHON'] ?? 'python3'
  const hasPython = spawnSync(python, ['-c', 'import numpy, matplotlib']).status === 0
  it.skipIf(!hasPython)('is drawn so by matplotlib', () => {
    const script = join(mkdtempSync(join(tmpdir(), 'lamella-page-')), 'page.py')
    const code = ['start', 'numbers', 'read', 'figure', 'forms', 'drawn'].map(source)
    const told = `fig.canvas.draw()
print(json.dumps([[side / fig.dpi for side in panel.bbox.bounds] for panel in panels]))`
    writeFileSync(script, [...code, told].join('\n\n'))
    const env = { ...process.env, MPLBACKEND: 'Agg' }
    const { stdout, stderr } = spawnSync(python, [script], { env, encoding: 'utf8' })
    expect(stderr).toBe('')
    const [left, right, below] = JSON.parse(stdout.trim().split('\n').at(-1)!) as [Box, Box, Box]
    expect([left[2], right[0], right[2], below[0], below[2]]).toEqual([
      expect.closeTo(inches(leftMm), 1),
      expect.closeTo(inches(leftMm + 4), 1),
      expect.closeTo(inches(rightMm), 1),
      expect.closeTo(0, 1),
      expect.closeTo(inches(139.7), 1)
    ])
  })
  type Box = [left: number, foot: number, width: number, height: number]
})

it('has the one bar of a row below the first of its maps, as the page does', () => {
  const token = { text: 'a', piece: 'a', special: false }
  const map = drawing(
    attentionMap,
    {
      ...{ title: null, quantity: 'weight', unit: null, tokens: [token], firstHidden: false },
      ...{ pattern: Float32Array.of(1), visibility: { causal: true, reach: null } },
      ...{ mirrored: false, view: null, profiles: null, marked: { queries: [], keys: [] } }
    },
    look
  )
  const panel = { title: '', columns: 1, drawing: map }
  const barsOf = (meaning: string | null) => {
    const own = { ...panel, meaning }
    const { said, code } = drawnCells(panelsPage(figure, [own, own]), data)
    expect(code.match(/draw_map\(/g)).toHaveLength(2)
    return [...said.matchAll(/"bar": (\w+|"\w+")/g)].map(([, bar]) => bar)
  }
  expect(barsOf('weights from 0 to 1')).toEqual(['"below"', 'False'])
  expect(barsOf(null)).toEqual(['"beside"', '"beside"'])
  expect(plotCode(['map'])).toMatch(
    /below = said\["bar"\] == "below"\n +place = {"location": "bottom".*} if below else {}\n/
  )
})
