import { readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { ranked, scoredHeads, scoredLess } from '#common/analysis/head-scores/ranking.ts'
import { headScoreKinds } from '#common/analysis/head-scores/score-kinds.ts'
import { groupWeights } from '#common/analysis/group-weights.ts'
import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { drawnLines } from '#common/figure/drawn-lines.ts'
import { flowingBoxes } from '#common/figure/flowing-boxes.ts'
import { highestWeights, layerLess, mostRows } from '#common/figure/small-lines.ts'
import { headNumberNamed } from '#common/figure/views/head-weight-numbers.ts'
import { linesNote, linesTaken, mostLines } from '#common/figure/views/lines-figure.ts'
import { modelLinesNote } from '#common/figure/views/model-lines-figure.ts'
import { shadingLook, shadingOf } from '#common/figure/views/predictions-figures.ts'
import { readInWords } from '#common/text/read-in-words.ts'
import { groupOfToken, tokenGroups } from '#common/text/token-groups.ts'
import { lessCaption } from '#common/figure/captions.ts'
import { figureContent } from '#common/figure/figure-content.ts'
import { extent, rangeOf, spanning } from '#common/figure/heat-map-pixels.ts'
import type { Look } from '#common/figure/look.ts'
import { plainWish } from '#common/figure/presets.ts'
import { commandOf } from '#common/figure/provenance.ts'
import { patternDifference } from '#common/figure/views/comparison.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { mapLess, mapOf } from '#common/figure/views/pattern-figure.ts'
import { withOrigin } from '#common/figure/with-origin.ts'
import type { Edit } from '#common/model/edit.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { withFigureHost } from '../../../../src/main/shell/cli/figure-file.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import type { ExportFormat } from '../../../../src/renderer/src/stores/exports.ts'
import { mapFormats } from '../../../../src/renderer/src/ui/attention-map/map-formats.ts'
import type { HeadPattern } from '../../../../src/renderer/src/ui/attention-map/pattern.ts'
import { formatsBeside } from '../../../../src/renderer/src/ui/figure/formats-beside.ts'
import { orderFormats } from '../../../../src/renderer/src/views/attention/order-formats.ts'
import { linesFormats } from '../../../../src/renderer/src/views/attention-lines/lines-formats.ts'
import { modelFormats } from '../../../../src/renderer/src/views/attention-model/model-formats.ts'
import { textFormats } from '../../../../src/renderer/src/views/attention-text/text-formats.ts'
import { circuitsFormats } from '../../../../src/renderer/src/views/circuits/circuits-formats.ts'
import { atlasDifferenceFormats } from '../../../../src/renderer/src/views/head-atlas/atlas-formats.ts'
import { headDifferenceFormats } from '../../../../src/renderer/src/views/head-profile/profile-formats.ts'
import { predictionsFormats } from '../../../../src/renderer/src/views/predictions/predictions-formats.ts'
import { rowDifferenceFormats } from '../../../../src/renderer/src/views/query-key/row-formats.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { trainingFolder } from '../../../golden/training.ts'
import { shakespeare, startWorkbench } from '../../../golden/workbench.ts'

// What the window saves of two sides carries a command; typed, it writes the same file.

const version = '1.2.3'
const folder = mkdtempSync(join(tmpdir(), 'lamella-sides-'))
let workbench: Workbench
let commands: CommandLine
/** Another model of the same shape and vocabulary. */
let earlier: string
beforeAll(async () => {
  const stages = { 5: { factor: 0.5, of: /attn/ } }
  const beside = ['config.json', 'tokenizer.json', 'lamella.json']
  earlier = join(await trainingFolder(shakespeare, stages, beside), 'checkpoint-5')
  workbench = await startWorkbench()
  commands = commandLine(workbench)
})
afterAll(async () => {
  await workbench.close()
  commands.close()
  rmSync(folder, { recursive: true })
})

/** A model and a run of it, as a window has one side of a tab. */
interface Side {
  readonly model: ModelInfo
  readonly run: Run
}

async function side(path: string, text: string, edits: readonly Edit[] = []): Promise<Side> {
  const { client } = commands
  const model = await client.call('models.open', { path })
  const { fingerprint } = model
  const source = { model: { path: model.path, fingerprint }, input: { text }, edits: [...edits] }
  const { id } = await client.call('runs.start', { source: { ...source, provider: 'cpu' } })
  return { model, run: await client.call('runs.complete', { runId: id }) }
}

/** @param window tokens of the windows that its text is cut into; null for no text */
function analysis(
  { run }: Side,
  name: string,
  params: Dataset['attributes'],
  window?: number | null
): Promise<Dataset> {
  const { input, ...same } = run.source
  const corpus = window === null ? null : { inputs: [input], window: window ?? null }
  return commands.client.call('analysis.run', { ...{ name, params }, of: { ...same, corpus } })
}

const quieter: Edit = { hook: 'blocks.0.attn.hook_z', at: { head: [1] }, scale: 0, add: null }
const text = 'To be, or not to be'
const other = 'Is this the question'.slice(0, text.length)

/** The words of a command, as a shell reads them, with the folders of this machine. */
function typed(command: string, out: string): string[] {
  const folders: Readonly<Record<string, string>> = {
    'shakespeare-char': shakespeare,
    'checkpoint-5': earlier
  }
  const [, words] = command.split(' -- ')
  return [...words!.matchAll(/'([^']*)'|(\S+)/g)].map(([, own, bare]) => {
    const word = own ?? bare!
    return /^(figure|numbers)\.\w+$/.test(word) ? out : (folders[word] ?? word)
  })
}

/** Runs the command that a file of the window carries, which writes the same one. */
async function expectSame(format: ExportFormat): Promise<void> {
  if (format.is === 'file') throw new Error('it has no command')
  const { from, title } = format
  const ending = format.is === 'figure' ? 'svg' : 'json'
  const command = commandOf(from, format.is === 'figure' ? 'figure.svg' : 'numbers.json')
  if (command === null) throw new Error(JSON.stringify(from))
  const path = join(folder, `again.${ending}`)
  expect(await commands.run(...typed(command, path))).toMatchObject({ status: 0, error: '' })
  const again = readFileSync(path, 'utf8')
  if (format.is === 'data') {
    const whole = withOrigin(format.dataset(), from, 'json')
    expect(JSON.parse(again)).toEqual(JSON.parse([...datasetJson(whole)].join('')))
    return
  }
  const drawer = { figures: commands.figures, signal: new AbortController().signal }
  const drawn = format.draw(plainWish)
  const said = { title, dpi: 300, from }
  const { bytes } = await withFigureHost(drawer, host =>
    figureContent(commands.client, drawn, 'svg', said, host)
  )
  expect(again).toBe(new TextDecoder().decode(bytes))
}

async function expectAllSame(formats: readonly ExportFormat[]): Promise<void> {
  expect(formats.map(({ is }) => is)).toEqual(expect.arrayContaining(['figure', 'data']))
  for (const format of formats) await expectSame(format)
}

/** Pairs of sides: texts of one model, a model and another, an edit of one side and of both. */
const pairs = [
  ['two texts', () => [side(shakespeare, text), side(shakespeare, other)]],
  ['two models', () => [side(shakespeare, text), side(earlier, text)]],
  ['an edit of the second', () => [side(shakespeare, text), side(shakespeare, text, [quieter])]],
  ['an edit of the first', () => [side(shakespeare, text, [quieter]), side(shakespeare, text)]]
] as const

const look: Look = { ...plainLook, colorMap: 'viridis', scale: 'sqrt' }

async function pattern(of: Side, layer: number, head: number): Promise<HeadPattern> {
  const params = { layer, head, first_token: 'shown', exact: false }
  const result = await analysis(of, 'patterns', params)
  const data = Float32Array.from(variable(result, 'pattern').data)
  const size = of.run.tokens.length
  const visibility = of.model.visibility?.[layer] ?? null
  return {
    ...{ ...of, layer, head, name: `Head ${layer}.${head}`, unit: null, data, visibility },
    ...{ firstHidden: false, baseline: true, precision: 'float16' },
    tokens: writtenTokens(of.run),
    extent: extent(data, size, size, visibility, false),
    again: { view: 'attention', params: { layer, head } }
  }
}

/** What the window saves of one less another, by views. */
const differences: Readonly<
  Record<string, (a: Side, b: Side) => Promise<readonly ExportFormat[]>>
> = {
  async lines(a, b) {
    const heads = [1, 3]
    const [own, other] = await Promise.all(
      [a, b].map((of, i) => Promise.all(heads.map(head => pattern(of, 1 - i, head))))
    )
    const shown = own!.map((each, i) => ({ ...each, ...patternDifference(each, other![i]!) }))
    const least = '0.1'
    const whole = (of: Side, layer: number) => ({ ...of, layer, heads, firstHidden: false })
    const { tokens, visibility } = shown[0]!
    const size = tokens.length
    const alone = { side: 'query', position: 5 } as const
    const drawn = drawnLines(
      shown.map(({ data }) => data),
      ...([size, visibility, alone, Number(least), mostLines] as const)
    )
    const range = rangeOf(spanning(shown.map(({ extent }) => extent)), 'difference')
    return linesFormats({
      ...{ patterns: shown, less: linesTaken(whole(a, 1), whole(b, 0)), least, alone, version },
      ...{ modelName: a.model.name, mirrored: false, part: null, look: { ...look, range } },
      data: () => ({
        ...{ title: null, tokens, first: 0, rows: size, lines: drawn.lines, mirrored: false },
        heads: shown.map(({ name, head }) => ({ name, color: head })),
        ...{ quantity: 'difference', marked: { query: 1, key: 2 } },
        note: linesNote(drawn, false, 'difference', least)
      })
    })
  },

  async text(a, b) {
    const [own, other] = [await pattern(a, 1, 3), await pattern(b, 0, 2)]
    const taken = { ...own, ...patternDifference(own, other) }
    const { tokens, visibility } = taken
    const groups = tokenGroups(tokens, text, 'word')
    const at = groupOfToken(groups)[7]!
    const of = { pattern: taken.data, size: tokens.length, visibility, firstHidden: false }
    const weights = groupWeights(of, groups, at, 'from')
    // What is seen of nothing is no number.
    const seen = [0, ...weights].filter(weight => !Number.isNaN(weight))
    const span = { low: Math.min(...seen), high: Math.max(...seen) }
    return textFormats({
      ...{ pattern: taken, less: other, caption: lessCaption(own, other), groups, weights },
      ...{ modelName: a.model.name, side: 'from', unit: 'word', own: at },
      ...{ look: { ...look, range: rangeOf(span, 'difference') }, version },
      seen: flowingBoxes(tokens, groupOfToken(groups), text, 120, false)
    })
  },

  async 'model-lines'(a, b) {
    const layersOf = (of: Side) =>
      Promise.all(
        [0, 1].map(async layer => {
          const asked = { layer, size: mostRows, pooling: 'maximum', first_token: 'shown' }
          const result = await analysis(of, 'patterns', { ...asked, exact: false })
          const shape = ['head', 'row', 'column'].map(name => result.axes[name]!.length)
          const data = Float32Array.from(variable(result, 'map').data)
          const visibility = of.model.visibility?.[layer] ?? null
          const tokens = of.run.tokens.length
          return { layer, maps: { shape, data }, tokens, visibility, firstHidden: false }
        })
      )
    const [own, other] = [await layersOf(a), await layersOf(b)]
    const layers = own.map((maps, i) => layerLess(maps, other[i]!))
    const way = { mirrored: false, firstHidden: false }
    const caption = lessCaption({ ...a, name: '' }, { ...b, name: '' })
    return modelFormats({
      ...{ ...a, modelName: a.model.name, less: { ...b, caption }, layers, group: 1, version },
      ...{ mirrored: false, look: { ...plainLook, scale: 'sqrt' } },
      note: modelLinesNote(own[0]!.tokens, 'maximum', way),
      highOf: (layer, head) => highestWeights(layers[layer]!)[head] || 1
    })
  },

  async 'atlas-map'(a, b) {
    return atlasDifference(a, b, 'map')
  },

  async 'atlas-scatter'(a, b) {
    return atlasDifference(a, b, 'scatter')
  },

  async offsets(a, b) {
    const [own, other] = await Promise.all(
      [a, b].map(async (of, i) => {
        const scored = await atlas(of, null)
        const head = scored.atlas.heads.find(head => head.layer === 1 && head.head === i)!
        const read = readInWords(scored.atlas.windows, scored.over, of.run.tokens.length)
        return { ...scored, own: head, read }
      })
    )
    const modelName = a.model.name
    return headDifferenceFormats({ a: own!, b: other!, modelName }, plainLook, version)
  },

  async 'query-key'(a, b) {
    const [own, other] = await Promise.all(
      [a, b].map(async of => {
        const at = { layer: 1, head: 2, query: 9 }
        const result = await analysis(of, 'query-key', at)
        return { ...of, ...at, tokens: writtenTokens(of.run), result }
      })
    )
    const whole = { a: own!, b: other!, key: 4, modelName: a.model.name }
    return rowDifferenceFormats(whole, plainLook, version)
  }
}

/** The scores of all heads of a side. */
async function atlas(of: Side, random: Dataset | null) {
  const window = 16
  const over = { window, stride: null, corpus: null, usual: 128 }
  const result = await analysis(of, 'head-statistics', { classes: {}, seed: 0 }, window)
  return { ...of, over, classes: {}, result, atlas: headAtlas(result, random) }
}

async function atlasDifference(a: Side, b: Side, form: 'map' | 'scatter') {
  const [own, other] = await Promise.all(
    [a, b].map(async of => atlas(of, await analysis(of, 'random-repeat', { seed: 0 }, null)))
  )
  const asked = { form, score: 'induction', quantity: 'above', x: 'self', y: 'induction' } as const
  const whole = { a: own!, b: other!, modelName: a.model.name }
  return atlasDifferenceFormats(whole, asked, look, version)
}

describe.each(pairs)('of %s', (_, sides) => {
  it.each(Object.keys(differences))(
    'a difference of %s is the same again by its command',
    async view => {
      const [a, b] = await Promise.all(sides())
      await expectAllSame(await differences[view]!(a!, b!))
    }
  )

  it('a difference of attention is the same again by its command', async () => {
    const [a, b] = await Promise.all(sides())
    const [own, less] = [await pattern(a!, 1, 3), await pattern(b!, 0, 2)]
    const { data, extent } = mapLess(own, less, false)
    const whole = {
      ...{ pattern: own, less, modelName: own.model.name, caption: lessCaption(own, less) },
      data,
      profiles: { queries: [3], keys: [] }
    }
    const range = rangeOf(extent, 'difference')
    await expectAllSame(mapFormats(whole, { ...look, range }, null, version))
  })

  it('heads in the order of a difference are the same again by its command', async () => {
    const [own, less] = await Promise.all(sides())
    const kind = headScoreKinds.find(({ id }) => id === 'entropy')!
    const wishes = { lowestFirst: true, bound: 0.4 }
    const scored = await Promise.all(
      [own!, less!].map(async of => {
        const result = await analysis(of, 'head-scores', { layers: null })
        return { ...of, results: [result], scores: scoredHeads(result, kind) }
      })
    )
    const [first, second] = [scored[0]!, scored[1]!]
    const heads = ranked(scoredLess(first.scores, second.scores), wishes)
    const modelName = own!.model.name
    const order = { heads, kind, wishes, of: first, less: second, span: null, modelName }
    await expectAllSame(orderFormats(order, version))
  })

  it('what stands beside each other is the same again by its command', async () => {
    const patterns = await Promise.all(sides().map(async (of, i) => pattern(await of, 1, i)))
    const range = rangeOf(spanning(patterns.map(({ extent }) => extent)), 'weight')
    const [one, other] = patterns.map(own => {
      const whole = { pattern: own, less: null, data: mapOf(own, 'weight', false) }
      const said = { profiles: null, caption: null, modelName: own.model.name }
      return mapFormats({ ...whole, ...said }, { ...look, range, shared: true }, null, version)
    })
    await expectAllSame(formatsBeside(one!, other!))
  })

  it('what tokens are expected stands beside each other again by its command', async () => {
    const both = await Promise.all(
      sides().map(async of => {
        const { model, run } = await of
        const standings = await analysis({ model, run }, 'token-probabilities', { masked: null })
        const dVocab = model.config!.dVocab
        const shading = shadingOf(standings, 'rank', dVocab)
        const own = shadingLook({ ...look, shared: true }, 'rank', shading.extent, dVocab)
        const tokens = writtenTokens(run)
        const shown = { model, run, read: run, tokens, positions: [], standings }
        return predictionsFormats({
          ...{ shown, shading, shade: 'rank', modelName: model.name, look: own, version },
          ...{ own: null, seen: flowingBoxes(tokens, [...tokens.keys()], text, 120, false) }
        }).filter(({ is, note }) => is === 'data' || note === 'bars')
      })
    )
    await expectAllSame(formatsBeside(both[0]!, both[1]!))
  })
})

it.each(['heads', 'tree'] as const)(
  'numbers of the %s of two models stand beside each other again by their command',
  async form => {
    const both = await Promise.all(
      [shakespeare, earlier].map(async path => {
        const { client } = commands
        const model = await client.call('models.open', { path })
        const { fingerprint, name: modelName } = model
        const number = headNumberNamed('norm_Q')
        const asked =
          form === 'tree'
            ? { name: 'head-weights', params: { parts: ['circuits'] } }
            : { name: number.analysis, params: number.params }
        const of = { model: { path: model.path, fingerprint } }
        const all = await client.call('analysis.run', { ...asked, params: asked.params, of })
        return circuitsFormats(
          { model, modelName, version },
          {
            ...{ options: { form, by: 'ward_OV' } as never, number, groups: 4, all },
            ...{ place: { layer: 0, head: 0 }, map: null, matrix: null, mapLook: look },
            ...{ tree: null, layer: null, tokens: null }
          },
          look
        )
      })
    )
    const formats = formatsBeside(both[0]!, both[1]!)
    expect(formats.map(({ is }) => is)).toEqual(formats.map(() => 'data'))
    for (const format of formats) await expectSame(format)
  }
)
