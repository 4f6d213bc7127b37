import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { datasetNotebook } from '#common/figure/notebook/notebook.ts'
import { redraws } from '#common/figure/notebook/redraws.ts'
import type { Provenance } from '#common/figure/provenance.ts'

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
const hostile = '"]); raise SystemExit(3)  # \\ $\\frac$\n</script><img src=x onerror=alert(1)>'

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
const atlas = dataset(
  { score: axis(['self', 'induction']), layer: axis(1), head: axis(2), offset: axis(3) },
  {
    value: of(['score', 'layer', 'head'], 0.1, 0.2, 0.3, 0.4),
    baseline: of(['score', 'layer', 'head'], 0, 0, 0, 0),
    offset: of(['layer', 'head', 'offset'], 1, 2, 3, 4, 5, 6),
    'baseline.offset': of(['layer', 'offset'], 1, 1, 1)
  }
)
const map = dataset(
  { query: tokens, key: tokens },
  { weight: of(['query', 'key'], 1, 0, 0.5, 0.5) }
)
const cases: readonly [string, string, Dataset, Provenance][] = [
  ['attention', 'a map', map, provenance('attention', { layer: 1, head: 2 })],
  ['aggregate', 'a map', map, provenance('aggregate', { how: 'max', heads: [[0, 1]] })],
  ['rollout', 'a map', map, provenance('rollout', { layer: 1 })],
  [
    'a map of heads',
    'scores of heads by two of them',
    atlas,
    provenance('atlas-map', { score: 'induction', quantity: 'above' })
  ],
  [
    'a scatter of heads',
    'scores of heads by two of them',
    atlas,
    provenance('atlas-scatter', { x: 'self', y: 'induction' })
  ],
  [
    'offsets',
    'scores of heads by two of them',
    atlas,
    provenance('offsets', { layer: 0, head: 1 })
  ],
  [
    'lines',
    'lines',
    dataset(
      { line: axis([hostile]) },
      { query: of(['line'], 1), key: of(['line'], 0), weight: of(['line'], 0.5) }
    ),
    provenance('lines', {})
  ],
  [
    'bars',
    'numbers along an axis',
    dataset({ key: tokens }, { weight: of(['key'], 0.5, 0.5) }),
    provenance('scores', {})
  ],
  [
    'what was asked for, along an axis',
    'what was asked for',
    dataset(
      { pos: tokens, dim: axis(2) },
      { x: of(['pos', 'dim'], 1, 2, 3, 4), ig: of(['pos'], 0.5, -1) }
    ),
    provenance('saliency', { form: 'bars', method: 'ig' })
  ],
  [
    'what was asked for, of pairs of heads',
    'what was asked for',
    dataset(
      { layer: axis(1), head: axis(2), later_layer: axis(1), later_head: axis(2) },
      { Q_composition: of(['layer', 'head', 'later_layer', 'later_head'], 1, 2, 3, 4) }
    ),
    provenance('circuits', { form: 'matrix', number: 'Q_composition' })
  ],
  [
    'the histogram of a tensor',
    'what was asked for',
    dataset(
      { tensor: axis(1), bin: axis(2), edge: axis(3) },
      { histogram: of(['tensor', 'bin'], 1, 2), edges: of(['tensor', 'edge'], 0, 1, 2) }
    ),
    provenance('tensor', { form: 'histogram' })
  ],
  ['a number', 'all numbers', dataset({}, { loss: of([], 2) }), provenance('loss', {})]
]

/** The code of a notebook, cell by cell. */
function codeOf(notebook: string): string[] {
  const { cells } = JSON.parse(notebook) as { cells: { cell_type: string; source: string }[] }
  return cells.filter(cell => cell.cell_type === 'code').map(({ source }) => source)
}

const python = process.env['PYTHON'] ?? 'python3'
const hasPython = spawnSync(python, ['-c', 'import numpy, matplotlib']).status === 0

describe.each(cases)('a notebook of %s', (_, redraw, own, from) => {
  const notebook = datasetNotebook(own, { title: hostile, from })

  it('is one as Jupyter has it', () => {
    expect(Notebook.safeParse(JSON.parse(notebook)).error).toBeUndefined()
    const broken = notebook.replace('"id": "start",', '')
    expect(Notebook.safeParse(JSON.parse(broken)).success).toBe(false)
  })

  it('is drawn as what it is', () => {
    const params = from.again && 'params' in from.again ? from.again.params : {}
    expect(redraws.find(kind => kind.of(own, params))!.name).toBe(redraw)
  })

  it('says where its picture need not be that of the view', () => {
    expect(/need not be what the view draws/.test(notebook)).toBe(false)
    const more = { ...own, variables: { first: of([], 1), ...own.variables, last: of([], 1) } }
    expect(datasetNotebook(more, { title: hostile, from })).not.toContain('need not be')
    const arrays = { ...map.variables, more: of(['query'], 1, 2) }
    const several = datasetNotebook(
      { ...map, variables: arrays },
      { title: hostile, from: provenance('why', {}) }
    )
    expect(several).toContain('The data hold 2 arrays')
  })

  it('holds the numbers', () => {
    const [, npz] = /^NPZ = "(.*)"$/.exec(codeOf(notebook)[1]!)!
    const files = unzipSync(Buffer.from(npz!, 'base64'))
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(Object.keys(own.variables).map(name => `${name}.npy`))
    )
  })

  it('has texts of others as texts', () => {
    const { cells } = JSON.parse(notebook) as { cells: { source: string }[] }
    const [heading, ...rest] = cells[0]!.source.split('\n')
    expect(heading).toContain(String.raw`\<\/script\>\<img src\=x onerror\=alert\(1\)\>`)
    // All else is code to Markdown.
    for (const line of rest.slice(1)) expect(line).toMatch(/^ {4}/)
    const torch = codeOf(notebook).at(-1)!
    const [, folder] = /^FOLDER = (".*")  # where/m.exec(torch)!
    expect(JSON.parse(folder!)).toBe(hostile)
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
    expect(stdout).toContain(own === cases.at(-1)![2] ? 'loss ()' : 'drawn 1')
  })
})

it('of the weights alone asks PyTorch for nothing', () => {
  const from = provenance('parameters', {})
  const alone = { ...from, of: { ...from.of, input: null } }
  expect(datasetNotebook(map, { title: 'a', from: alone })).not.toContain('import torch')
})

it('tells that a run was edited', () => {
  const from = provenance('attention', { layer: 0, head: 0 })
  const edits = [{ hook: 'blocks.0.attn.hook_z', at: {}, scale: 0, add: null }]
  const edited = { ...from, of: { ...from.of, edits } }
  expect(datasetNotebook(map, { title: 'a', from: edited })).toContain('The run was edited')
})
