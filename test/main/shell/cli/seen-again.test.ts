import { afterAll, beforeAll, expect, it } from 'vitest'
import { groupWeights } from '#common/analysis/group-weights.ts'
import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { headContextsOf } from '#common/analysis/head-contexts/contexts-of.ts'
import { byPatterns } from '#common/analysis/head-distances/grouped-heads.ts'
import { neuronContextsOf } from '#common/analysis/neurons/contexts-of.ts'
import { wholeRegion } from '#common/analysis/tensor-map/region.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import { drawnLines } from '#common/figure/drawn-lines.ts'
import { flowingBoxes } from '#common/figure/flowing-boxes.ts'
import { extent, rangeOf } from '#common/figure/heat-map-pixels.ts'
import { lightScreen, type Look } from '#common/figure/look.ts'
import { activationGrid, unitMap } from '#common/figure/views/activation-figures.ts'
import { layersParams, unitsParams } from '#common/figure/views/activations-view.ts'
import { numberLook, weightTree } from '#common/figure/views/circuits-view.ts'
import { drawnGroups, toldGroups } from '#common/figure/views/groups-figures.ts'
import { headNumberMap, headNumberNamed } from '#common/figure/views/head-weight-numbers.ts'
import { hiddenGrid } from '#common/figure/views/hidden-figures.ts'
import { hiddenParams } from '#common/figure/views/hidden-view.ts'
import { lensGrid, lensLook } from '#common/figure/views/lens-figure.ts'
import { linesNote } from '#common/figure/views/lines-figure.ts'
import { modelLinesNote } from '#common/figure/views/model-lines-figure.ts'
import { neuronGroups } from '#common/figure/views/neuron-figures.ts'
import { neuronParams } from '#common/figure/views/neuron-view.ts'
import { mapOf } from '#common/figure/views/pattern-figure.ts'
import { shadingLook, shadingOf } from '#common/figure/views/predictions-figures.ts'
import {
  contextGroups,
  contextLook,
  contextsAround,
  profileDrawing
} from '#common/figure/views/profile-figures.ts'
import { productData, scoresData } from '#common/figure/views/query-key-data.ts'
import { shownContexts } from '#common/figure/views/shown-contexts.ts'
import { Json } from '#common/model/json.ts'
import { numberText } from '#common/text/number-text.ts'
import { readInWords } from '#common/text/read-in-words.ts'
import { groupOfToken, tokenGroups } from '#common/text/token-groups.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import type { ExportFormat } from '../../../../src/renderer/src/stores/exports.ts'
import { mapFormats } from '../../../../src/renderer/src/ui/attention-map/map-formats.ts'
import type { HeadPattern } from '../../../../src/renderer/src/ui/attention-map/pattern.ts'
import { activationsFormats } from '../../../../src/renderer/src/views/activations/activations-formats.ts'
import { linesFormats } from '../../../../src/renderer/src/views/attention-lines/lines-formats.ts'
import { modelFormats } from '../../../../src/renderer/src/views/attention-model/model-formats.ts'
import { textFormats } from '../../../../src/renderer/src/views/attention-text/text-formats.ts'
import { circuitsFormats } from '../../../../src/renderer/src/views/circuits/circuits-formats.ts'
import { directFormats } from '../../../../src/renderer/src/views/direct-attribution/direct-formats.ts'
import { atlasFormats } from '../../../../src/renderer/src/views/head-atlas/atlas-formats.ts'
import { groupsFormats } from '../../../../src/renderer/src/views/head-groups/groups-formats.ts'
import { profileFormats } from '../../../../src/renderer/src/views/head-profile/profile-formats.ts'
import { hiddenFormats } from '../../../../src/renderer/src/views/hidden-states/hidden-formats.ts'
import { lensFormats } from '../../../../src/renderer/src/views/logit-lens/lens-formats.ts'
import { neuronsFormats } from '../../../../src/renderer/src/views/neurons/neurons-formats.ts'
import { predictionsFormats } from '../../../../src/renderer/src/views/predictions/predictions-formats.ts'
import { rowFormats } from '../../../../src/renderer/src/views/query-key/row-formats.ts'
import {
  mapFormats as saliencyMapFormats,
  textFormats as saliencyFormats
} from '../../../../src/renderer/src/views/saliency/saliency-formats.ts'
import { mapFormats as tensorFormats } from '../../../../src/renderer/src/views/tensor/tensor-formats.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { shakespeare, startWorkbench } from '../../../golden/workbench.ts'
import { expectMadeAgain } from '../../../made-again.ts'

const text = 'To be, or not to be, that is the question'
const [modelName, version] = ['shakespeare-char', '1.2.3']
/** The look of one of two sides: its range is of both. */
const shared: Look = {
  ...lightScreen,
  ...{ colorMap: 'viridis', scale: 'log1p', follows: true, pooling: 'mean' },
  ...{ shared: true, range: { low: 0, high: 0.8125 } }
}
const alone: Look = { ...shared, shared: false }
const line = 333
let workbench: Workbench
let commands: CommandLine
let model: ModelInfo
let run: Run
beforeAll(async () => {
  workbench = await startWorkbench()
  commands = commandLine(workbench)
  const { client } = commands
  model = await client.call('models.open', { path: shakespeare })
  const { path, fingerprint } = model
  const source = {
    ...{ model: { path, fingerprint }, input: { text }, edits: [] },
    provider: 'cpu' as const
  }
  const { id: runId } = await client.call('runs.start', { source })
  run = await client.call('runs.complete', { runId })
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

/** What an analysis comes to of the text, of nothing, or of the weights. */
function analysis(name: string, params: object, reads: object | null = {}): Promise<Dataset> {
  const { input, ...of } = run.source
  const corpus = reads && { inputs: [input], ...reads }
  return commands.client.call('analysis.run', {
    ...{ name, params: Json.parse(params) },
    of: { ...of, corpus }
  })
}
function ofWeights(name: string, params: object): Promise<Dataset> {
  const of = { model: run.source.model }
  return commands.client.call('analysis.run', { name, params: Json.parse(params), of })
}
async function pattern(layer: number, head: number): Promise<HeadPattern> {
  const asked = { layer, head, first_token: 'shown', exact: false }
  const data = Float32Array.from(variable(await analysis('patterns', asked), 'pattern').data)
  return {
    ...{ model, run, layer, head, name: `Head ${layer}.${head}`, unit: null, data },
    ...{ tokens: writtenTokens(run), visibility: model.visibility![layer]!, firstHidden: false },
    ...{ baseline: true, precision: 'float16', extent: { low: 0, high: 1 } },
    again: { view: 'attention', params: { layer, head } }
  }
}
/** What was read, in words. */
function readOf(windows: number): string {
  return readInWords(windows, { window: 32, corpus: null }, run.tokens.length)
}
/** The text in lines of that length, as a page would break it. */
function flowing() {
  const tokens = writtenTokens(run)
  return flowingBoxes(
    tokens,
    tokens.map((_, at) => at),
    text,
    line,
    false
  )
}
/** Expects what is saved first, or what a note tells from the rest, to be the same again by its command. */
function same(formats: readonly ExportFormat[], note: RegExp = /^/, is = 'figure') {
  const saved = formats.find(own => own.is === is && note.test(own.note))
  if (saved === undefined) throw new Error('nothing of that kind is saved')
  return expectMadeAgain(commands, saved, { [modelName]: shakespeare })
}

const map = async (
  part: Parameters<typeof mapFormats>[2],
  caption: string | null,
  look: Look = shared
) => {
  const own = await pattern(1, 2)
  const profiles = { queries: [20, 7], keys: [3] }
  const size = own.tokens.length
  const range = rangeOf(extent(own.data, size, size, own.visibility), 'weight')
  const data = mapOf(own, 'weight', false)
  return mapFormats(
    { pattern: own, less: null, data, profiles, caption, modelName },
    look.shared ? look : { ...look, range },
    part,
    version
  )
}

it.each(['figure', 'data'])('the map of one of two sides: its %s', async is => {
  await same(await map(null, 'Head 1.2 · To be, or not to be, that is'), /^$/, is)
})

it.each([
  ['whole cells', { row: 4, column: 0, rows: 12, columns: 9, cell: 31 }],
  ['parts of cells', { row: 9.37, column: 4.81, rows: 11.25, columns: 17.5, cell: 20.7 }]
])('the part of a map that is seen, of %s', async (_, part) => {
  await same(await map(part, null, alone), /^the part that is seen/)
  await same(await map(part, null, alone), /^the whole map/)
})

it.each([null, { first: 3.5, rows: 11.25 }])('lines of one of two sides, rows %o', async part => {
  const patterns = [await pattern(1, 2), await pattern(1, 0)]
  const tokens = writtenTokens(run)
  const shown = part ?? { first: 0, rows: tokens.length }
  const of = { from: shown.first, to: shown.first + shown.rows }
  const weights = patterns.map(({ data }) => data)
  const lines = drawnLines(weights, tokens.length, patterns[0]!.visibility, of, 0.05, 6000)
  const formats = linesFormats({
    ...{ patterns, less: null, modelName, least: '0.05', alone: null, mirrored: false },
    ...{ look: shared, part, version },
    data: () => ({
      ...{ title: null, tokens, ...shown, lines: lines.lines, quantity: 'weight', mirrored: false },
      heads: patterns.map(({ name, head }) => ({ name, color: head })),
      note: linesNote(lines, false, 'weight', '0.05'),
      marked: { query: null, key: null }
    })
  })
  await same(formats)
  await same(formats, /^/, 'data')
})

it('lines of all heads of one of two sides', async () => {
  const layers: LayerMapsOfText[] = []
  for (const layer of [0, 1]) {
    const asked = { layer, size: 48, pooling: 'mean', exact: false, first_token: 'shown' }
    const result = await analysis('patterns', asked)
    const shape = ['head', 'row', 'column'].map(name => result.axes[name]!.length)
    const maps = { shape, data: Float32Array.from(variable(result, 'map').data) }
    const visibility = model.visibility![layer]!
    layers.push({ layer, maps, tokens: run.tokens.length, visibility, firstHidden: false })
  }
  const formats = modelFormats({
    ...{ model, modelName, run, less: null, layers, group: 1, mirrored: false, version },
    note: modelLinesNote(run.tokens.length, 'mean', { mirrored: false, firstHidden: false }),
    highOf: (layer, head) => 0.5 + 0.1 * layer + 0.01 * head,
    look: shared
  })
  await same(formats)
  await same(formats, /^/, 'data')
})
type LayerMapsOfText = Parameters<typeof modelFormats>[0]['layers'][number]

it('a text that attention shades, of one of two sides', async () => {
  const own = await pattern(1, 2)
  const groups = tokenGroups(own.tokens, text, 'word')
  const at = groupOfToken(groups)[8]!
  const { data, visibility, firstHidden } = own
  const size = own.tokens.length
  const weights = groupWeights({ pattern: data, size, visibility, firstHidden }, groups, at, 'from')
  const seen = flowingBoxes(own.tokens, groupOfToken(groups), text, line, false)
  const of = { side: 'from', unit: 'word', own: at, groups, weights } as const
  const formats = textFormats({
    ...{ ...of, pattern: own, less: null, caption: null, modelName, look: shared },
    ...{ seen, version }
  })
  await same(formats)
  await same(formats, /^/, 'data')
})

it.each(['surprisal', 'entropy', 'rank', 'probability'] as const)(
  '%s of tokens, of one of two sides',
  async shade => {
    const standings = await analysis('token-probabilities', { masked: null })
    const dVocab = model.config!.dVocab
    const shading = shadingOf(standings, shade, dVocab)
    const look = shadingLook(shared, shade, { low: 0, high: 12.5 }, dVocab)
    const shown = { model, run, read: run, tokens: writtenTokens(run), positions: [], standings }
    const formats = predictionsFormats({
      ...{ shown, shading, shade, modelName, look, own: 4 },
      ...{ seen: flowing(), version }
    })
    await same(formats, /^the text/)
    await same(formats, /^bars/)
  }
)

it.each([
  ['probability', true],
  ['kl', true],
  ['kl', false],
  ['entropy', false]
] as const)('columns of a lens by %s, of one of two sides', async (color, follows) => {
  const asked = { parts: ['mlp_out'], top: 10, tokens: null, norms: false }
  const result = await analysis('lens', asked)
  const tokens = writtenTokens(run)
  const dVocab = model.config!.dVocab
  const grid = lensGrid(result, tokens, { part: 'mlp_out', color, target: null }, dVocab)
  const look = lensLook({ ...shared, follows, range: { low: 0, high: 2.75 } }, color, dVocab)
  // More than are saved whole: those that are seen alone.
  const long = { ...grid, tokens: [...grid.tokens, ...grid.tokens] }
  const of = { model, run, part: 'mlp_out', color, target: null, result } as const
  const seen = { first: 5, end: 19 }
  const saved = (grid: object) =>
    lensFormats({
      ...{ shown: { ...of, grid } as never, modelName, look, mirrored: false, seen, version }
    })
  await same(saved(grid))
  const [part] = saved(long)
  expect(part!.note).toBe('the columns that are seen')
  await same(saved(grid), /^/, 'data')
})

it('a row of scores and the products of a cell, of one of two sides', async () => {
  const result = await analysis('query-key', { layer: 1, head: 2, query: 12 })
  const row = { model, run, layer: 1, head: 2, query: 12, tokens: writtenTokens(run), result }
  const wide = { low: -3, high: 4.5 }
  const formats = rowFormats(
    {
      ...{ row, key: 4, order: 'size', modelName },
      product: {
        ...productData(result, 4, 'size'),
        spans: { q: wide, k: wide, products: wide, sums: wide }
      },
      scores: {
        ...{ ...scoresData(row), mirrored: false, selected: 4 },
        span: { depth: 14.5, weight: 0.93 }
      }
    },
    alone,
    version
  )
  await same(formats, /^products/)
  await same(formats, /^scores/)
})

it.each(['map', 'scatter'] as const)('the %s of an atlas, of one of two sides', async form => {
  const window = 32
  const result = await analysis('head-statistics', { classes: {}, seed: 0 }, { window })
  const random = await analysis('random-repeat', { seed: 0 }, null)
  const atlas = headAtlas(result, random)
  const formats = atlasFormats(
    {
      ...{ model, modelName, run, over: { corpus: null, window, stride: null }, classes: {} },
      ...{
        result,
        random,
        ablation: null,
        atlas,
        read: readOf(atlas.windows)
      },
      ...{ range: { low: -0.5, high: 0.9 }, shared: true, spanOf: () => ({ low: -1, high: 2 }) }
    },
    { form, score: 'induction', quantity: 'above', x: 'induction', y: 'previous_token' } as never,
    alone,
    version
  )
  await same(formats)
})

it('contexts and the distribution of a head, of one of two sides', async () => {
  const window = 32
  const of = { layer: 1, head: 2, score: 'entropy' } as const
  const drawing = { by: 'count', drawn: 3, seed: 1 } as const
  const asked = { ...of, ...profileDrawing({ ...drawing, window }), first_token: 'shown' }
  const result = await analysis('head-contexts', asked, { window })
  const { found } = shownContexts(headContextsOf(result), contextsAround)
  const look = contextLook({ ...shared, range: { low: 0, high: 0.97 } })
  const windows = Number(result.attributes['windows'])
  const formats = profileFormats(
    {
      ...{ ...of, ...drawing, model, modelName, run, result, found, firstHidden: false },
      ...{ over: { corpus: null, window, stride: null }, mirrored: false },
      groups: contextGroups(found, look, numberText),
      read: readOf(windows),
      span: { low: -0.5, high: 7 }
    },
    look,
    version
  )
  await same(formats, /^the contexts/)
  await same(formats, /^the distribution/)
})

it('activations of one of two sides', async () => {
  const tokens = writtenTokens(run)
  const of = { model, run, tokens, hook: 'mlp.hook_post' }
  const look = { ...shared, scale: 'linear', range: { low: -2, high: 31.5 } } as const
  const layers = await analysis('activations', layersParams('mlp.hook_post', model))
  const grid = activationGrid(layers, tokens, 'norm')
  const shown = { ...of, form: 'layers', layer: null, result: layers }
  const saved = (part: object) =>
    activationsFormats(
      {
        ...{ modelName, measure: 'norm', grid: null, map: null, mirrored: true },
        ...part
      } as never,
      look,
      version
    )
  await same(saved({ shown, grid }))
  const units = await analysis('activations', unitsParams('mlp.hook_post', 1))
  const map = unitMap(units, tokens)
  const range = { low: -9, high: 9 }
  const own = { ...of, form: 'units', layer: 1, result: units }
  const formats = activationsFormats(
    { shown: own as never, modelName, measure: 'norm', grid: null, map, mirrored: false },
    { ...look, range },
    version
  )
  await same(formats, /^the map/)
  await same(formats, /^the distribution/)
})

it('hidden states of one of two sides', async () => {
  const said = { layer: 1, word: null, sentence: 'mean' } as const
  const result = await analysis('hidden-states', hiddenParams(said))
  const tokens = writtenTokens(run)
  const formats = hiddenFormats(
    {
      shown: { model, run, result, corpus: null, tokens, ...said },
      ...{ modelName, read: 'the text', form: 'layers', measure: 'moved', map: null },
      ...{ grid: hiddenGrid(result, tokens, 'moved'), mirrored: true }
    },
    { ...shared, scale: 'linear', range: { low: 0, high: 1.75 } },
    version
  )
  await same(formats, /^what is seen/)
  await same(formats, /^anisotropy/)
})

it('contexts of a neuron of one of two sides', async () => {
  const [threshold, seed] = [0.1, 2]
  const place = { layer: 1, unit: 17 }
  const result = await analysis('neurons', neuronParams(place, threshold, seed))
  const found = neuronContextsOf(result)
  const look = { ...shared, range: { low: 0, high: 3.25 } }
  const shown = { model, run, over: { corpus: null, window: null, stride: null }, result, found }
  const formats = neuronsFormats(
    {
      shown: { ...shown, ...place, params: { threshold, seed } } as never,
      ...{ totals: null, modelName, mirrored: false, read: 'the text' },
      groups: neuronGroups(found, look, value => numberText(value))
    },
    look,
    version
  )
  await same(formats, /^the contexts/)
  await same(formats, /^the distribution/)
})

it('a text that is shaded by what a number depends on, and every position', async () => {
  const asked = { of: 'logit:9:5', steps: 0, occlusion: false }
  const whole = await analysis('saliency', asked)
  const { scalarText, mapText } = await import('#common/figure/views/saliency-figures.ts')
  const { tokensOfResult } = await import('#common/analysis/described-tokens.ts')
  const known = tokensOfResult(whole)
  const of = { of: 'logit:9:5', masked: null }
  const figured = {
    ...{ ...of, model, run, read: run, mirrored: false, params: {}, result: whole },
    what: scalarText(of, id => known.get(id), model)
  }
  const look = { ...shared, scale: 'linear', range: { low: 0, high: 0.25 } } as const
  const files = { modelName, look, version }
  for (const method of ['grad_x_input', 'saliency'] as const) {
    const ends = { low: method === 'saliency' ? 0 : -0.25, high: 0.25 }
    const own = { ...files, look: { ...look, range: ends } }
    const formats = saliencyFormats(figured, method, flowing(), own)
    await same(formats, /^the text/)
    await same(formats, /bars|saliency · (?!text)/)
  }
  const map = await analysis('saliency-map', { of: 'logit:top', method: 'saliency' })
  const ofMap = { ...figured, of: 'logit:top', result: map, what: mapText(map, 'logit:top') }
  await same(saliencyMapFormats(ofMap, 'saliency', { ...files, look: { ...look, shared: false } }))
})

it('a text that is shaded by what heads give a logit', async () => {
  const result = await analysis('direct-logit-attribution', { targets: '9:5', by_token: true })
  for (const head of [null, { layer: 1, head: 2 }]) {
    const formats = directFormats({
      ...{ direct: { model, run, result, log: false }, head, modelName },
      look: { ...shared, scale: 'linear', range: { low: -3.5, high: 3.5 } },
      ...{ seen: flowing(), version }
    })
    await same(formats, /^the text/)
    await same(formats, /tokens/)
  }
})

it('a map of weights of one of two sides, whether ranges are fixed or not', async () => {
  const tensor = model.tensors.find(({ shape }) => shape.length === 2)!
  const whole = { rows: tensor.shape[0]!, columns: tensor.shape[1]! }
  const cells = [40, 30]
  const result = await ofWeights('tensor-map', {
    ...{ tensor: tensor.name, rows: null, columns: null, pooling: 'mean', cells }
  })
  for (const wholeRange of [false, true])
    await same(
      tensorFormats(
        { model, modelName, tensor: tensor.name, version },
        {
          ...{ whole, wholeRange, pooling: 'mean', down: 40, across: 30 },
          maps: [{ id: 0, region: wholeRegion(whole), result } as never]
        } as never,
        { ...shared, follows: true, range: { low: -1.5, high: 1.5 } }
      )
    )
})

it('heads by a number of their weights of one of two sides', async () => {
  const number = headNumberNamed('norm_Q')
  const all = await ofWeights(number.analysis, number.params)
  const place = { layer: 1, head: 2 }
  const map = headNumberMap(all, number, model.config!.nHeads, place)
  const look = numberLook({ ...shared, range: { low: 0, high: 41.5 } }, map)
  const formats = circuitsFormats(
    { model, modelName, version },
    {
      ...{ options: { form: 'heads' } as never, number, place, groups: 4, map, matrix: null },
      ...{ mapLook: look, tree: null, all, layer: null, tokens: null }
    },
    alone
  )
  await same(formats)
})

it('heads that are alike by their weights as a tree, and eigenvalues of both circuits', async () => {
  const heads = model.config!.nHeads
  const place = { layer: 1, head: 2 }
  const all = await ofWeights('head-weights', { parts: ['circuits'] })
  const layer = await ofWeights('head-weights', { layers: [1], parts: ['eigenvalues'] })
  const options = { form: 'tree', by: 'ward_OV' } as never
  const tree = weightTree(all, 'ward_OV', heads, place.layer, 3)!.data
  const formats = circuitsFormats(
    { model, modelName, version },
    {
      ...{ options, number: headNumberNamed('norm_Q'), place, groups: 3, map: null, matrix: null },
      ...{ mapLook: alone, tree, all, layer, tokens: null }
    },
    alone
  )
  const figures = formats.filter(({ is }) => is === 'figure')
  expect(figures).toHaveLength(3)
  await same(figures)
})

it.each(['dendrogram', 'matrix', 'map'] as const)(
  'groups of heads of one of two sides as a %s',
  async form => {
    const window = 32
    const scored = await analysis('head-statistics', { classes: {}, seed: 0 }, { window })
    const result = await analysis('head-distances', { layers: null }, { window })
    const of = { by: 'patterns' as const, scores: [], left: [], result, ...byPatterns(result) }
    const drawn = drawnGroups(of, 3)
    const atlas = headAtlas(scored, null)
    const windows = Number(result.attributes['windows'])
    const formats = groupsFormats(
      {
        ...{ model, run, modelName, drawn, told: toldGroups(drawn, atlas, numberText) },
        shown: { ...of, model, run, over: { corpus: null, window, stride: null } },
        reach: { height: 2.5, distance: 0.65, map: { x: 1.25, y: 0.75 } },
        ...{ caption: 'the first', read: readOf(windows) }
      },
      { form, groups: 3, color: 'group' } as never,
      alone,
      version
    )
    await same(formats)
  }
)
