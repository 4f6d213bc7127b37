import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { axis, dataset } from '#common/data/dataset.ts'
import { attentionMap } from '#common/figure/attention-map.ts'
import { distanceMatrix } from '#common/figure/distance-matrix.ts'
import { drawing, drawingsInRow, type Drawing } from '#common/figure/drawing.ts'
import { linePlot } from '#common/figure/line-plot.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { displayOrderCode } from '#common/figure/notebook/display-order.ts'
import { drawnCells } from '#common/figure/notebook/drawn-cells.ts'
import { figureNotebook } from '#common/figure/notebook/notebook.ts'
import { plotCode } from '#common/figure/notebook/plot-code.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { signedBars } from '#common/figure/signed-bars.ts'

const cell = {
  id: z.string().regex(/^[\w-]{1,64}$/),
  metadata: z.record(z.string(), z.unknown()),
  source: z.union([z.string(), z.array(z.string())])
}

/** What Jupyter demands of a notebook of format 4.5 with cells of these two kinds, and nothing beyond. */
const Notebook = z.strictObject({
  nbformat: z.literal(4),
  nbformat_minor: z.int().min(5),
  metadata: z.looseObject({
    kernelspec: z.looseObject({ name: z.string(), display_name: z.string() })
  }),
  cells: z
    .array(
      z.discriminatedUnion('cell_type', [
        z.strictObject({ cell_type: z.literal('markdown'), ...cell }),
        z.strictObject({
          cell_type: z.literal('code'),
          ...cell,
          execution_count: z.int().min(0).nullable(),
          outputs: z.array(z.never())
        })
      ])
    )
    .refine(cells => new Set(cells.map(({ id }) => id)).size === cells.length, 'ids repeat')
})
const hostile =
  '"]); raise SystemExit(3)  # \\ $\\frac$\n</script><img src=x onerror=alert(1)>\u202e\u2067\u2028\u0085'

const of = (axes: string[], ...data: number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Float32Array.from(data)
})
const provenance = (view: string, params: Record<string, unknown>): Provenance => ({
  version: '1',
  of: {
    ...{ model: hostile, fingerprint: 'f', input: { text: hostile }, edits: [], provider: 'cpu' },
    place: hostile
  },
  ...{ less: null, precision: 'float32' },
  again: { view, params }
})
const tokens = axis(['a', hostile])
const map = dataset(
  { query: tokens, key: tokens },
  {
    weight: of(['query', 'key'], 1, 0, 0.5, 0.25),
    'other.weight': of(['query', 'key'], 0, 0, 1, 0)
  }
)
const look: Look = {
  ...paperLook,
  ...({ colorMap: 'viridis', scale: 'log1p', follows: true, pooling: 'maximum' } as const),
  range: { low: 0, high: 1 }
}
const shown = [
  { text: 'a', piece: 'a', special: false },
  { text: hostile, piece: hostile, special: false }
] as const
const mapDrawing = drawing(
  attentionMap,
  {
    ...{ title: hostile, quantity: 'weight', unit: null, tokens: shown, firstHidden: false },
    pattern: Float32Array.of(1, 0, 0.5, 0.25),
    ...{ visibility: { causal: true, reach: null }, mirrored: true, view: null, profiles: null },
    marked: { queries: [], keys: [] }
  },
  look
)
/** Zoomed in, with the rows and columns beside it that are pointed at. */
const partDrawing = drawing(
  attentionMap,
  {
    ...{ title: null, quantity: 'difference', unit: null, tokens: shown, firstHidden: false },
    pattern: Float32Array.of(1, 0, -0.5, 0.25),
    ...{ visibility: { causal: true, reach: null }, mirrored: true },
    view: { cell: 300, row: 0.5, column: 0.25 },
    profiles: { queries: [1, 0], keys: [0, 1] },
    marked: { queries: [], keys: [] }
  },
  look,
  { width: 560, height: 500, ratio: 1 }
)
const matrixDrawing = drawing(
  distanceMatrix,
  {
    ...{ title: null, name: 'cosine' },
    leaves: ['a', 'b'].map((label, group) => ({ label, group })),
    distances: Float32Array.of(0, 1, 1, 0),
    view: { cell: 90, row: 0.5, column: 0 }
  },
  look,
  { width: 240, height: 240, ratio: 1 }
)
const bars = drawing(
  signedBars,
  {
    ...{ title: hostile, name: hostile },
    bars: [0.25, 0.5].map(value => ({ label: hostile, value, spread: null, isSum: false }))
  },
  look
)
const linked = drawing(
  linePlot,
  {
    title: null,
    x: { name: hostile, log: true, span: null },
    y: { name: 'y', log: true, span: { low: 0.1, high: 2 } },
    lines: [{ name: hostile, axis: 'x', at: 1 }],
    series: [
      {
        name: hostile,
        shape: 'line',
        color: 0,
        x: Float64Array.of(1, 3),
        y: Float64Array.of(0.5, 1),
        width: 0
      }
    ]
  },
  look
)
const cases: readonly [string, Drawing, Provenance][] = [
  ['attention', mapDrawing, provenance('attention', { layer: 1, head: 2 })],
  ['aggregate', mapDrawing, provenance('aggregate', { how: 'max', heads: [[0, 1]] })],
  ['rollout', mapDrawing, provenance('rollout', { layer: 1 })],
  ['a part', partDrawing, provenance('attention', { layer: 1, head: 2 })],
  ['a part of distances', matrixDrawing, provenance('groups', {})],
  ['bars', bars, provenance('scores', {})],
  [
    'several in a row',
    drawingsInRow([mapDrawing, bars, linked], ['one', hostile, 'three']),
    provenance('beside', {})
  ]
]

/** The code of a notebook, cell by cell. */
function codeOf(notebook: string): string[] {
  const { cells } = JSON.parse(notebook) as { cells: { cell_type: string; source: string }[] }
  return cells.filter(cell => cell.cell_type === 'code').map(({ source }) => source)
}

const python = process.env['PYTHON'] ?? 'python3'
const hasPython = spawnSync(python, ['-c', 'import numpy, matplotlib']).status === 0

it('has letters for texts that the mono font has none for', () => {
  const families = [...plotCode(['shaded_text', 'contexts']).matchAll(/family=(.*?\]|".*?")/g)]
  expect(families.map(([, family]) => family)).toEqual(
    Array(2).fill('["monospace", "DejaVu Sans"]')
  )
})

it('writes the number of a token beside it, whichever way its letters are read', () => {
  const links = plotCode(['links'])
  expect(links).toMatch(
    /token = ax\.text\([^]*ax\.annotate\(str\(row\), \(at, 0\.5\), xycoords=token/
  )
  expect(links).not.toContain('{row}')
})

it('names no more than a few values between decades', () => {
  expect(plotCode(['lines'])).toMatch(
    /if few:\n +own\.set_minor_locator\(plt\.LogLocator\(subs=\(2, 5\)\)\)/
  )
})

describe.each(cases)('a notebook of %s', (_, drawing, from) => {
  const notebook = figureNotebook(drawing.kept(), [map], { title: hostile, from })

  it('is one as Jupyter has it', () => {
    expect(Notebook.safeParse(JSON.parse(notebook)).error).toBeUndefined()
    const broken = notebook.replace('"id": "start",', '')
    expect(Notebook.safeParse(JSON.parse(broken)).success).toBe(false)
  })

  it('holds the numbers', () => {
    const [, npz] = /^NPZ = "(.*)"$/.exec(codeOf(notebook)[1]!)!
    const files = unzipSync(Buffer.from(npz!, 'base64'))
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(Object.keys(map.variables).map(name => `${name}.npy`))
    )
  })

  it('has texts of others as texts', () => {
    const { cells } = JSON.parse(notebook) as { cells: { source: string }[] }
    const [heading, ...rest] = cells[0]!.source.split('\n')
    expect(heading).toContain(String.raw`\<\/script\>\<img src\=x onerror\=alert\(1\)\>`)
    // All else is code to Markdown.
    for (const line of rest.slice(1)) expect(line).toMatch(/^ {4}/)
    const torch = codeOf(notebook).at(-1)!
    const [, folder] = /^ *FOLDER = (".*")  # where/m.exec(torch)!
    expect(JSON.parse(folder!)).toBe(hostile)
  })

  it('has nothing in it that is not seen, or that reorders a line', () => {
    const { cells } = JSON.parse(notebook) as { cells: { source: string }[] }
    for (const { source } of cells) expect(source).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u)
    expect(cells[0]!.source.split('\n')[0]).toContain('⟨202E⟩⟨2067⟩')
  })

  it.skipIf(!hasPython)('runs, and draws', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-notebook-'))
    const script = join(folder, 'notebook.py')
    // PyTorch is large: what asks it is read, not run.
    const [torch, ...rest] = codeOf(notebook).toReversed()
    const check = `compile(${JSON.stringify(torch)}, "torch", "exec")`
    const drawn = 'print("drawn", len(plt.get_fignums()))'
    writeFileSync(script, [...rest.toReversed(), drawn, check].join('\n\n'))
    const env = { ...process.env, MPLBACKEND: 'Agg' }
    const { status, stdout, stderr } = spawnSync(python, [script], { env, encoding: 'utf8' })
    expect(stderr).not.toContain('Error')
    expect(status).toBe(0)
    expect(stdout).toContain('drawn 1')
  })
})

it('of the weights alone asks PyTorch for these, or says why not', () => {
  const ofWeights = (view: string) => {
    const from = provenance(view, {})
    const alone = { ...from, of: { ...from.of, input: null } }
    return figureNotebook(mapDrawing.kept(), [map], { title: 'a', from: alone })
  }
  expect(codeOf(ofWeights('parameters')).at(-1)).toContain('weights = {')
  const without = ofWeights('circuits')
  expect(without).not.toContain('import torch')
  expect(without).toContain('PyTorch is not asked for these numbers: which part of which tensor')
})

it('tells that a run was edited', () => {
  const from = provenance('attention', { layer: 0, head: 0 })
  const edits = [{ hook: 'blocks.0.attn.hook_z', at: {}, scale: 0, add: null }]
  const edited = { ...from, of: { ...from.of, edits } }
  expect(figureNotebook(mapDrawing.kept(), [map], { title: 'a', from: edited })).toContain(
    'The run was edited'
  )
})

it('takes what is drawn from the data, and says what is not there', () => {
  const own = drawnCells(mapDrawing.kept()!, map)
  // What a query does not see is not drawn.
  expect(own.code).toContain('values = without(data["weight"], FIGURE[0]["none.values"])')
  expect(own.said).toContain('"none.values": [[1, 1]]')
  expect(own.about).not.toContain('Not in the data')
  const other = drawnCells(bars.kept()!, dataset({ row: axis(2) }, { x: of(['row'], 1, 2) }))
  expect(other.code).toContain('values = np.array(FIGURE[0]["own.values"])')
  expect(other.about).toContain("the figure's own, are `values`")
})

it('draws the part of a map that is seen, and the profiles beside it', () => {
  const { said, code } = drawnCells(partDrawing.kept()!, map)
  const [, part] = /"part": \[(.*?)\]/.exec(said)!
  const [row, column, rows, columns] = part!.split(', ').map(Number)
  expect([row, column]).toEqual([0.5, 0.25])
  for (const count of [rows, columns]) expect(count).toSatisfy((n: number) => n > 1 && n <= 1.75)
  expect(said).toContain('"queries": [1, 0], "keys": [0, 1]')
  expect(said).toContain('"foot": 0.5')
  expect(code).toContain('values = ')
  const matrix = drawnCells(matrixDrawing.kept()!, map)
  expect(matrix.said).toMatch(/"part": \[0, 0, 2, 1\.\d+\]/)
})

it('has of several sets of numbers the one that holds what is drawn', () => {
  const less = dataset({ query: tokens }, { mean: of(['query'], 0.5, 0.375) })
  const said = { title: 'a', from: provenance('order', {}) }
  expect(figureNotebook(mapDrawing.kept(), [less, map], said)).toBe(
    figureNotebook(mapDrawing.kept(), [map], said)
  )
})

it('of numbers that no figure draws shows them', () => {
  const notebook = figureNotebook(null, [map], { title: 'a', from: provenance('order', {}) })
  expect(codeOf(notebook)[3]).toContain('print(data[name])')
})

it('writes letters that are read from right to left so, where it has some', () => {
  const cellsOf = (label: string) => {
    const one = { label, value: 1, spread: null, isSum: false }
    const own = drawing(signedBars, { title: null, name: 'logit', bars: [one] }, look)
    const from = provenance('scores', {})
    const { cells } = JSON.parse(figureNotebook(own.kept(), [map], { title: 'a', from })) as {
      cells: { id: string; source: string }[]
    }
    return cells
  }
  const ids = cellsOf('ברא').map(({ id }) => id)
  expect(ids.indexOf('letters')).toBe(ids.indexOf('drawn') - 2)
  expect(cellsOf('ברא').find(({ id }) => id === 'letters')!.source).toBe(displayOrderCode)
  expect(cellsOf('abc').map(({ id }) => id)).not.toContain('letters')
  const titled = { ...mapDrawing.kept()!, title: 'ברא' }
  const from = provenance('attention', { layer: 1, head: 2 })
  expect(figureNotebook(titled, [map], { title: 'a', from })).toContain('"id": "letters"')
})
