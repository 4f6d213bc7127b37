import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { datasetNpz } from '#common/data/dataset-npz.ts'
import { captionDraft } from '#common/figure/caption.ts'
import { drawingOf } from '#common/figure/drawing-of.ts'
import { drawnCells } from '#common/figure/notebook/drawn-cells.ts'
import { besideParts, plotOf } from '#common/figure/notebook/kind-plots.ts'
import { figureNotebook } from '#common/figure/notebook/notebook.ts'
import { windowsOfText, type FigureSource } from '#common/figure/views/figure-view.ts'
import { plainWish } from '#common/figure/presets.ts'
import { figureViewNamed, figureViews } from '#common/figure/views/registry.ts'
import { withoutIsolates } from '#common/text/token-text.ts'
import { Json } from '#common/model/json.ts'
import { goingOf } from '#common/figure/made/going.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { numpyValue, type NumpyArray } from '../../../common/figure/notebook/numpy-expression.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { hebrew, shakespeare, startWorkbench } from '../../../golden/workbench.ts'

let workbench: Workbench
let commands: CommandLine
let alone: FigureSource
let beside: FigureSource
let twice: FigureSource
beforeAll(async () => {
  workbench = await startWorkbench()
  commands = commandLine(workbench)
  const other = await sourceOf(hebrew, 'בראשית ברא', null)
  alone = await sourceOf(shakespeare, 'To be, or not to be', null)
  beside = { ...alone, other }
  twice = { ...alone, other: alone }
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

async function sourceOf(
  folder: string,
  text: string,
  other: FigureSource | null
): Promise<FigureSource> {
  const { client } = commands
  const model = await client.call('models.open', { path: folder })
  const { path, fingerprint } = model
  const asked = { model: { path, fingerprint }, input: { text }, provider: 'cpu' } as const
  const run = await client.call('runs.start', { source: asked })
  const { input, ...same } = run.source
  return {
    ...{ model, other, version: '1', run: () => Promise.resolve(run) },
    windows: () => Promise.resolve(windowsOfText(run, { window: 8, stride: null })),
    analysis(name, params, reads = 'whole') {
      const given = { name, params: Json.parse(params) }
      if (reads === 'weights') {
        const of = { model: asked.model }
        // Checkpoints are compared with themselves.
        const two = name.startsWith('checkpoint') ? { with: of } : {}
        return client.call('analysis.run', { ...given, of, ...two })
      }
      const windows = typeof reads === 'string' ? {} : reads
      const corpus = reads === 'nothing' ? null : { inputs: [input], ...windows }
      return client.call('analysis.run', { ...given, of: { ...same, corpus } })
    },
    going: asked => goingOf(client, run, asked),
    tokenizer: {
      vocabulary: query => client.call('text.vocabulary', { modelId: model.id, query }),
      split: own => client.call('text.tokenize', { modelId: model.id, text: own })
    }
  }
}

/** Numbers of a variable in the file that is exchanged, as NumPy reads them. */
function npzReader(npz: Uint8Array): (name: string) => NumpyArray {
  const files = unzipSync(npz)
  return name => {
    const bytes = files[`${name}.npy`]!
    const length = bytes[8]! + 256 * bytes[9]!
    const header = strFromU8(bytes.subarray(10, 10 + length))
    const shape = [.../\(([\d, ]*)\)/.exec(header)![1]!.matchAll(/\d+/g)].map(Number)
    const body = bytes.slice(10 + length).buffer
    const Kind = { '<f4': Float32Array, '<f8': Float64Array, '<i4': Int32Array }
    return { shape, values: [...new Kind[/<\w\d/.exec(header)![0] as '<f4'](body)] }
  }
}

/** What a notebook keeps of a figure beside the data, as JSON has it. */
function keptIn(said: string, name: string): readonly (number | readonly [number, number])[] {
  const from = said.indexOf(`"${name}": `) + name.length + 4
  let depth = 0
  const end = [...said.slice(from)].findIndex(sign => (depth += sign === '[' ? 1 : sign === ']' ? -1 : 0) === 0) // prettier-ignore
  const list = said.slice(from, from + end + 1).replaceAll('nan', 'null')
  const all = JSON.parse(list) as (number | null | [number, number])[]
  return all.map(value => value ?? NaN)
}

const at = { at: '5:10' }
const tensor = 'transformer.h.0.attn.c_attn.weight'
const cases: [view: string, params: object][] = [
  ['attention', { layer: 1, head: 3, first_token: 'hidden' }],
  ['all-heads', { layers: [1, 3] }],
  ['aggregate', { how: 'max', layers: [0, 1] }],
  ['rollout', { layer: 2 }],
  ['lines', { layer: 1, heads: [0, 3] }],
  ['model-lines', { layers: [0, 2] }],
  ['text', { layer: 1, unit: 'word', side: 'to', token: 3 }],
  ['products', { layer: 1, head: 3, order: 'size' }],
  ['scores', { layer: 1, head: 3, query: 7, key: 2 }],
  ['atlas-map', { score: 'self', quantity: 'above' }],
  ['atlas-scatter', { x: 'self' }],
  ['offsets', { layer: 3, head: 0 }],
  ['head-ranking', { score: 'entropy', layers: [1, 3] }],
  ['compared-heads', { form: 'maps', score: 'self' }],
  ['compared-heads', { form: 'depth', quantity: 'value' }],
  ['compared-heads', { form: 'kinds' }],
  ['head-groups', { form: 'matrix' }],
  ['head-groups', { form: 'map' }],
  ['head-groups', { form: 'dendrogram' }],
  ['head-contexts', { layer: 1, head: 3, drawn: 2 }],
  ['head-distribution', { layer: 1, head: 3 }],
  ['activations', { form: 'layers', hook: 'hook_mlp_out' }],
  ['activations', { form: 'units', hook: 'mlp.hook_post', layer: 2 }],
  ['tokens', {}],
  ['vocabulary', { form: 'kinds' }],
  ['words', { form: 'nearest', tokens: 'e', measure: 'euclidean' }],
  ['words', { form: 'similarity', tokens: ['K', 'e'] }],
  ['continuation', { max: 6, path: [12, 4], taken: [1] }],
  ['projector', { set: 'tokens', layer: 1, color: 'norm' }],
  ['positions', { form: 'curves', dimensions: [7] }],
  ['positions', { form: 'spectrum' }],
  [
    'positions',
    {
      table: { kind: 'rotary', dims: 16, base: 10000, scaling: { type: 'linear', factor: 4 } },
      form: 'wavelengths'
    }
  ],
  ['embedding-sum', { part: 'position' }],
  ['hidden-states', { form: 'layers' }],
  ['hidden-states', { form: 'anisotropy' }],
  ['logit-lens', {}],
  ['logit-lens', { by: 'rank' }],
  ['predictions', { shade: 'entropy' }],
  ['neuron', { layer: 2, unit: 17, form: 'contexts' }],
  ['neuron', { layer: 2, unit: 17, form: 'histogram' }],
  ['neuron', { layer: 2, unit: 17, form: 'writes' }],
  ['neuron', { layer: 2, unit: 17, form: 'reads' }],
  ['parameters', {}],
  ['architecture', {}],
  ['tensor', { tensor }],
  ['tensor', { tensor, form: 'histogram' }],
  ['weights-by-layer', { role: 'W_in', statistic: 'variance_rows' }],
  ['weights-by-layer', { role: 'W_O', statistic: 'alpha' }],
  ['weights-by-layer', { role: 'W_Q', statistic: 'mean' }],
  ['health', {}],
  ['circuits', { form: 'heads', number: 'K_composition', head: [1, 0] }],
  ['circuits', { form: 'matrix', number: 'Q_composition' }],
  ['circuits', { form: 'tree', by: 'ward_QK' }],
  ['circuits', { form: 'eigenvalues', circuit: 'qk', head: [2, 1] }],
  ['saliency', { of: 'logit:5:10', form: 'bars', method: 'ig', steps: 2 }],
  ['saliency', { of: 'logit:top', form: 'map', method: 'occlusion' }],
  ['saliency', { of: 'logit:5:10', form: 'heads', measure: 'head_x_gradient' }],
  ['saliency', { of: 'logit:5:10', form: 'head', head: 1 }],
  ['direct-logit-attribution', { ...at, form: 'sum' }],
  ['direct-logit-attribution', { ...at, form: 'heads' }],
  ['direct-logit-attribution', { ...at, form: 'neurons' }],
  ['direct-logit-attribution', { ...at, form: 'tokens' }],
  ['why', { at: 'last:10-20', form: 'sum' }],
  ['why', { at: 'last:10-20', form: 'parts' }],
  ['why', { at: 'last:10-20', form: 'heads' }]
]

const sourceFor = (name: string) =>
  ({ 'two windows': beside, 'two weights': twice })[figureViewNamed(name).of as 'two windows'] ??
  alone

describe('a caption', () => {
  it('says of every figure what its colours, axes or bars stand for', async () => {
    const drafts = new Map<string, string>()
    for (const [name, params] of cases) {
      const made = await figureViewNamed(name).make(sourceFor(name), params)
      const shows = made.shows()
      expect(shows, name).toMatch(
        /^(Colour|Bars|Lines|Boxes|Up|Across|Joined at|Distances on the plane): \S/
      )
      const draft = captionDraft(made.from, shows)
      expect(draft).toContain(`. ${withoutIsolates(shows)}. `)
      // Those of unlike choices are unlike.
      expect(drafts.get(draft), draft).toBeUndefined()
      drafts.set(draft, name)
      // A kept one says the same.
      expect(drawingOf(made.kept()!).shows()).toBe(shows)
      expect(made.draw(plainWish).shows).toBe(shows)
    }
    const all = [...drafts.keys()].join('\n')
    for (const chosen of chosenWords) expect(all).toContain(chosen)
  })
})
/** What was chosen in some of the cases, as it is called. */
const chosenWords = [
  'Colour: self, above uniform, as √w, from −',
  'Colour: probability of the top token, as √w, from 0 to 1.00.',
  'Colour: rank of the next token, counted from 0.',
  '; attention to 3 be,',
  'Colour: K composition with 1.0, from 0 to ',
  'Head 3.0, scored over 3 windows',
  'Bars: tokens by kind.'
]

describe('a notebook', () => {
  it.each(cases)(
    'of %s %j draws the numbers of its figure, from its data',
    async (name, params) => {
      const view = figureViewNamed(name)
      const made = await view.make(sourceFor(name), params)
      const [drawing, data] = [made.kept()!, made.dataset()]
      // What a session keeps of it is drawn again.
      expect(() => drawingOf(drawing)).not.toThrow()
      const { code, said, own } = drawnCells(drawing, data)
      // All that is drawn is in what *Data* gives.
      expect(own).toEqual([])
      const parts = drawing.parts.flatMap(part =>
        besideParts(part, '').map(({ part }) => plotOf(part))
      )
      const wanted = parts.flatMap(({ numbers }) => Object.entries(numbers))
      const lines = [...code.matchAll(/^(\w+) = (?!plt|fig)(.*)$/gm)]
      expect(lines).toHaveLength(wanted.length)
      const names = {
        data: npzReader(datasetNpz(data)),
        figure: (own: string) => keptIn(said, own)
      }
      lines.forEach(([, variable, text], i) => {
        const [array, { values, shape }] = wanted[i]!
        expect(variable).toMatch(new RegExp(`^([a-z]_)?${array}$`))
        const drawn = numpyValue(text!, parts.length === 1 ? names : { ...names, figure: () => [] })
        expect(drawn.shape).toEqual(shape)
        const most = Math.max(...Array.from(values, value => Math.abs(value) || 0))
        Array.from(values).forEach((value, at) => {
          if (Number.isFinite(value))
            expect(Math.abs(drawn.values[at]! - value)).toBeLessThanOrEqual(3e-6 * most)
          else expect(drawn.values[at]).toBe(value)
        })
      })
    }
  )

  it('draws every figure that has a name', () => {
    const known = new Set(cases.map(([name]) => name))
    const left = figureViews.map(({ name }) => name).filter(name => !known.has(name))
    // Of several checkpoints: lines, as the others.
    expect(left).toEqual(['checkpoints', 'timeline'])
  })

  it('holds what draws it', async () => {
    const made = await figureViewNamed('attention').make(alone, { layer: 1, head: 3 })
    const from = { ...made.from, again: { view: 'attention', params: { layer: 1, head: 3 } } }
    const text = figureNotebook(made.kept(), [made.dataset()], { title: 'a', from })
    const { cells } = JSON.parse(text) as { cells: { id: string; source: string }[] }
    expect(cells.map(({ id }) => id)).toEqual(
      ['about', 'start', 'numbers', 'read', 'figure', 'forms', 'taken', 'drawn', 'check', 'torch'] // prettier-ignore
    )
    expect(cells[5]!.source).toContain('def draw_map(')
    expect(cells[7]!.source).toContain('draw_map(parts[0], FIGURE[0], values=values)')
  })
})
