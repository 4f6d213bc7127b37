import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvFile, tablePlan } from '#common/data/dataset-csv.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { drawnCells } from '#common/figure/notebook/drawn-cells.ts'
import { figureViewNamed } from '#common/figure/views/registry.ts'
import { figureCases, figureSources, type FigureSources } from './figure-cases.ts'

let sources: FigureSources
beforeAll(async () => {
  sources = await figureSources()
})
afterAll(() => sources.close())

const tensor = 'transformer.h.0.attn.c_attn.weight'
const rotary = { kind: 'rotary', dims: 16, base: 10000 }
const alibi = { kind: 'alibi', heads: 4 }
/** Further forms of views whose analysis gives more than one table holds. */
const moreCases: readonly [view: string, params: object][] = [
  ...['norm_Q', 'norm_K', 'norm_O', 'copying', 'full_copying', 'cosine_Q'].map(
    number => ['circuits', { form: 'heads', number, head: [1, 0] }] as [string, object]
  ),
  ['circuits', { form: 'tree', by: 'ward_Q_layer', head: [1, 0] }],
  ['logit-lens', { by: 'target' }],
  ['logit-lens', { by: 'target', token: 3 }],
  ['logit-lens', { by: 'rank', token: 3 }],
  ['logit-lens', { by: 'kl' }],
  ['logit-lens', { by: 'entropy' }],
  ['logit-lens', { part: 'mlp_out' }],
  ['hidden-states', { form: 'layers', measure: 'norm' }],
  ['hidden-states', { form: 'layers', measure: 'cosine_input' }],
  ['hidden-states', { form: 'tokens' }],
  ['hidden-states', { form: 'texts' }],
  ...['matrix', 'similarity', 'components', 'neighbours'].map(
    form => ['positions', { form }] as [string, object]
  ),
  ['positions', { form: 'frequencies', table: rotary }],
  ['positions', { form: 'decay', table: rotary }],
  ['positions', { form: 'slopes', table: alibi }],
  ['positions', { form: 'biases', table: alibi }],
  ['embedding-sum', { part: 'sum' }],
  ['activations', { form: 'layers', measure: 'largest' }],
  ...['row-norms', 'column-norms', 'spectrum', 'cumulative', 'components', 'components-share'].map(
    form => ['tensor', { tensor, form }] as [string, object]
  ),
  ['vocabulary', { form: 'lengths' }],
  ['vocabulary', { form: 'scripts' }],
  ['words', { form: 'dimensions', tokens: 'e' }],
  ['words', { form: 'tokens', dimension: 3, end: 'lowest' }],
  ['words', { form: 'analogy', tokens: ['a', 'b', 'c'] }],
  ['saliency', { of: 'logit:5:10', form: 'heads', measure: 'attention_x_gradient' }],
  ['saliency', { of: 'logit:5:10', form: 'bars', method: 'occlusion' }],
  ['direct-logit-attribution', { at: '5:10', form: 'sum', log: true }]
]

describe('the table of a figure', () => {
  it.each([...figureCases, ...moreCases])(
    'of %s %j has the numbers that are drawn',
    async (name, params) => {
      const made = await figureViewNamed(name).make(sources.of(name), params)
      const [drawing, whole] = [made.kept()!, made.dataset()]
      const table = readBack(whole)
      expect(drawnCells(drawing, table).own).toEqual(drawnCells(drawing, whole).own)
    }
  )
})

const atlas = { layer: 3, head: 0 }
it.each([
  ['offsets', atlas, ['offset', 'baseline.offset']],
  ['atlas-map', {}, ['value', 'baseline']],
  ['head-contexts', { layer: 1, head: 3 }, ['context.bin', 'context.score', 'weight']],
  ['head-distribution', { layer: 1, head: 3 }, ['cell.low', 'cell.high', 'cell.queries']],
  ['neuron', { layer: 2, unit: 17 }, ['context.bin', 'context.value', 'activation']],
  ['neuron', { layer: 2, unit: 17, form: 'activity' }, ['active']],
  ['activations', { form: 'histogram', hook: 'mlp.hook_post', layer: 2 }, ['value']],
  ['tensor', { tensor, form: 'histogram' }, ['histogram', 'normal']],
  [
    'direct-logit-attribution',
    { at: '5:10' },
    ['logit', 'embed', 'pos_embed', 'attn', 'mlp', 'ln_bias', 'unembed_bias', 'rest'].map(name => `dla.${name}`) // prettier-ignore
  ],
  ['projector', { set: 'tokens', layer: 1 }, ['places', 'index', 'token', 'kind', 'norm']],
  ['weights-by-layer', { role: 'W_Q', statistic: 'mean' }, ['mean']]
] as const)('%s %j says what of its numbers is drawn', async (name, params, drawn) => {
  const made = await figureViewNamed(name).make(sources.of(name), params)
  const { variables } = made.dataset()
  const told = Object.keys(variables).filter(own => variables[own]!.drawn)
  expect(new Set(told)).toEqual(new Set(drawn))
})

it('a difference of scores says that it is drawn', async () => {
  const side = { source: sources.of('atlas-map'), view: 'atlas-map', params: {} }
  const { variables } = (await figureViewNamed('atlas-map').less!.make(side, side)).dataset()
  const told = Object.keys(variables).filter(own => variables[own]!.drawn)
  expect(told).toEqual(['difference', 'baseline'])
})

/** What a file of CSV holds of a dataset, by its columns: those variables whose numbers stand in it, in their order. */
function readBack(whole: Dataset): Dataset {
  const rows = [...csvFile(whole, tablePlan(whole))]
    .join('')
    .split('\r\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(cellsOf)
  const [headings, ...cells] = rows as [string[], ...string[][]]
  const column = (name: string) => {
    const at = headings.indexOf(name)
    return at < 0 ? null : cells.map(row => row[at]!)
  }
  const found = Object.entries(whole.variables).flatMap(([name, own]) => {
    const isAxis = Object.values(whole.variables).some(({ axes }) => axes.includes(name))
    const values = column(isAxis ? `${name}_value` : name)
    if (values === null) return []
    const along = own.axes.map(axis => column(axis)!.map(Number))
    const data = own.data.slice().fill(NaN)
    values.forEach((value, row) => {
      const at = own.axes.reduce((sum, axis, i) => sum * whole.axes[axis]!.length + along[i]![row]!, 0) // prettier-ignore
      data[at] = Number(value.replace('inf', 'Infinity'))
    })
    return [[name, { ...own, data }] as const]
  })
  return { ...whole, variables: Object.fromEntries(found) }
}

/** A line as RFC 4180 reads it. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^",]*))(?:,|$)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!
  )
}
