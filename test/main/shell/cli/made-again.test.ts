import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ranked, scoredHeads } from '#common/analysis/head-scores/ranking.ts'
import { headScoreKinds } from '#common/analysis/head-scores/score-kinds.ts'
import { frameAt, frameCount } from '#common/analysis/project/layer-frames.ts'
import { isOfTexts } from '#common/analysis/project/point-sets.ts'
import { shownPoints } from '#common/analysis/project/shown-points.ts'
import type { Generated, ModelInfo, Run } from '#common/contract/schemas.ts'
import { variable } from '#common/data/dataset.ts'
import { flowingBoxes } from '#common/figure/flowing-boxes.ts'
import { goingSteps, goneOn } from '#common/figure/views/going-steps.ts'
import { shadingLook } from '#common/figure/views/predictions-figures.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { lightScreen, type Look } from '#common/figure/look.ts'
import { coloredPoints, namedClusters, ranksByIds } from '#common/figure/point-colors.ts'
import { commandOf, provenanceLines, type Provenance } from '#common/figure/provenance.ts'
import { seenFrom, spaceOf } from '#common/figure/space.ts'
import { decodedDataset } from '#common/figure/views/token-numbers.ts'
import { countedSplit, plainCounts } from '#common/figure/views/tokens-view.ts'
import { coloredFrame } from '#common/figure/views/projector-view.ts'
import { contextExtent, contextLook } from '#common/figure/views/profile-figures.ts'
import { rolesOfTokens } from '#common/model/chat.ts'
import { Json } from '#common/model/json.ts'
import type { NamedCorpus } from '#common/model/library.ts'
import { VocabularyQuery } from '#common/model/vocabulary.ts'
import { compareSplits } from '#common/text/compare-splits.ts'
import { plainCommandText } from '#common/text/command-text.ts'
import { goingFormats } from '../../../../src/renderer/src/views/predictions/going-formats.ts'
import { orderFormats } from '../../../../src/renderer/src/views/attention/order-formats.ts'
import { formatsBeside } from '../../../../src/renderer/src/ui/figure/formats-beside.ts'
import { folderFormats } from '../../../../src/renderer/src/views/head-profile/folder-formats.ts'
import {
  projectorFormats,
  type ProjectionToSave
} from '../../../../src/renderer/src/views/projector/projector-formats.ts'
import {
  tokensFormats,
  type SeenTokens
} from '../../../../src/renderer/src/views/tokens/tokens-formats.ts'
import type { ChosenSplit } from '../../../../src/renderer/src/views/tokens/use-tokens.ts'
import { tokenCountsOf } from '../../../../src/renderer/src/stores/analyses.ts'
import type { ExportFormat } from '../../../../src/renderer/src/stores/exports.ts'
import { plotFormats } from '../../../../src/renderer/src/views/tensor/tensor-formats.ts'
import {
  componentsPlots,
  numberPlots,
  spectrumPlots
} from '../../../../src/renderer/src/views/tensor/tensor-plots.ts'
import {
  chosenOf,
  familiesOf
} from '../../../../src/renderer/src/views/weights-by-layer/families.ts'
import { layersFormats } from '../../../../src/renderer/src/views/weights-by-layer/layers-formats.ts'
import { similarityFormats } from '../../../../src/renderer/src/views/words/words-formats.ts'
import { layerStatistics } from '#common/figure/views/weights-by-layer.ts'
import { vocabularyFormats } from '../../../../src/renderer/src/views/vocabulary/vocabulary-formats.ts'
import { VocabularyOptions } from '../../../../src/renderer/src/views/vocabulary/vocabulary-options.ts'
import type { ShownClusters } from '../../../../src/renderer/src/views/projector/use-clusters.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { hebrew, shakespeare, startWorkbench } from '../../../golden/workbench.ts'
import { expectMadeAgain } from '../../../made-again.ts'

const text = 'To be, or not to be'
const version = '1.2.3'
const look: Look = {
  ...lightScreen,
  ...{ colorMap: 'viridis', scale: 'log1p', follows: true, pooling: 'mean' },
  range: { low: 0, high: 1 }
}
const folders = { 'shakespeare-char': shakespeare }
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
    model: { path, fingerprint },
    input: { text },
    edits: [],
    provider: 'cpu' as const
  }
  const { id: runId } = await client.call('runs.start', { source })
  run = await client.call('runs.complete', { runId })
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

/** What an analysis comes to of the text, or of the weights. */
function analysis(name: string, params: object, ofText: boolean) {
  const { input, ...of } = run.source
  const subject = ofText ? { ...of, corpus: { inputs: [input] } } : { model: of.model }
  return commands.client.call('analysis.run', { name, params: Json.parse(params), of: subject })
}

describe('a projection', () => {
  /** What the window saves of one, as it is seen there. */
  async function saved(
    layout: { set: Parameters<typeof isOfTexts>[0]; method: ProjectionToSave['method'] } & object,
    seen: Partial<ProjectionToSave>,
    names: Readonly<Record<string, string>> = {},
    ranks = ranksByIds
  ) {
    const ofText = isOfTexts(layout.set)
    const whole = shownPoints(await analysis('project', layout, ofText))
    const frames = frameCount(whole)
    const frame = seen.frame ?? null
    const points = frame === null ? whole : frameAt(whole, frames!, frame)
    const { color = null, angle = null } = seen
    const { set, ...drawn } = layout as { set: string; layers?: null; seed?: number }
    const clustered = {
      ...{ set, layers: drawn.layers ?? null, seed: drawn.seed ?? 0 },
      ...{ points: whole.index.length, clusters: 3 }
    }
    const found = color === 'cluster' ? await analysis('point-clusters', clustered, ofText) : null
    const clusters: ShownClusters | null = found && {
      ...{ result: found, params: clustered, given: names, ...namedClusters(whole, found, names) },
      sizes: variable(found, 'size').data,
      centres: variable(found, 'centre').data,
      between: 0
    }
    return projectorFormats(
      {
        ...{ model, modelName: model.name, from: ofText ? { run, texts: null } : null },
        ...{ layout, method: layout.method, points, angle, frame, color, clusters },
        places: angle
          ? seenFrom({ ...spaceOf(whole.places), places: points.places }, angle).places
          : points.places,
        colored: coloredFrame(coloredPoints(whole, color, clusters, ranks), points, frame),
        ...{ part: { x: 0.25, y: -0.125, width: 3, height: 2.5 }, countedIn: null },
        ...{ marked: [], labelled: true, selected: [], ...seen }
      },
      look,
      version
    )
  }

  it.each([
    [
      'tokens in the plane, near by, some of them selected',
      { set: 'input', method: 'pca', components: [2, 3], points: null, dimensions: 2 },
      { marked: [7, 2], selected: [1, 5], part: { x: 0.1, y: 0.2, width: 0.7, height: 0.3 } }
    ],
    [
      'a text’s tokens in space, turned, by UMAP',
      { set: 'tokens', layer: 2, method: 'umap', neighbours: 5, dimensions: 3, seed: 9 },
      { angle: { turn: 1.0471975511965976, tip: -0.3 }, color: 'norm', labelled: false }
    ],
    [
      'tokens by layer at one of them',
      { set: 'token-layers', method: 'pca', unit: true, dimensions: 3 },
      { angle: { turn: -0.6, tip: 0.4 }, frame: 2, color: 'frequency' }
    ],
    [
      'heads by t-SNE in clusters that have names',
      { set: 'W_Q', method: 'tsne', perplexity: 4, layers: null, seed: 3 },
      { color: 'cluster' },
      { 1: 'the “others”' }
    ]
  ] as const)(
    'of %s is made again, with all numbers of it',
    async (_, layout, seen, names?: Readonly<Record<string, string>>) => {
      const formats = await saved(layout, seen, names)
      expect(formats).toHaveLength('color' in seen && seen.color === 'cluster' ? 3 : 2)
      for (const format of formats) await expectMadeAgain(commands, format, folders)
    }
  )

  it.each([
    ['of a file, in windows that overlap', 24, 16, 1],
    ['of texts that no command line holds', null, null, 60]
  ] as const)(
    'is made again in colours of how often tokens stand in a corpus %s',
    async (_, window, stride, times) => {
      const place = mkdtempSync(join(tmpdir(), 'lamella-counted-'))
      const lines = [
        ...Array<string>(times).fill('To be, or not to be, that is the question.'),
        'zzz'
      ]
      const path = join(place, 'plays of “old”.txt')
      writeFileSync(path, lines.join('\n'))
      const texts = lines.map((text, i) => ({ name: `line ${i}`, input: { text } }))
      const seen = { files: 1, bytes: 1, left: 0, mark: 'm' }
      const corpus: NamedCorpus = {
        ...{ kind: 'corpus', name: 'Two ‹plays›', window, stride },
        of: window === null ? { texts } : { path, seen }
      }
      const { name, params, of } = tokenCountsOf(model, corpus).request as never
      const counts = await commands.client.call('analysis.run', { name, params, of })
      const formats = await saved(
        { set: 'input', method: 'pca' },
        { color: 'frequency', countedIn: corpus },
        {},
        { name: 'in Two ‹plays›', ranks: variable(counts, 'rank').data }
      )
      const [figure] = formats
      if (figure?.is !== 'figure') throw new Error('no figure')
      expect(commandOf(figure.from)).not.toContain(place)
      for (const [i, line] of lines.entries())
        writeFileSync(join(place, `COUNTED-TEXT-${i + 1}.txt`), line)
      vi.stubEnv('INIT_CWD', place)
      try {
        for (const format of formats) await expectMadeAgain(commands, format, folders)
      } finally {
        vi.unstubAllEnvs()
        rmSync(place, { recursive: true })
      }
    }
  )

  it.each([
    [['--set', 'set=input', '--set', 'marked=[65]'], 'marked: 65 is outside 0…64'],
    [['--set', 'set=token-layers', '--set', 'frame=9', '--text', text], 'frame: 9 is outside 0…'],
    [['--set', 'set=tokens'], 'text']
  ])('%s is refused in words', async (words, reason) => {
    const own = ['figure', shakespeare, '--view', 'projector', '--out', '/tmp/never.svg', ...words]
    const { status, error } = await commands.run(...own)
    expect(status).not.toBe(0)
    expect(error).toContain(reason)
  })
})

describe('heads in the order of a score', () => {
  it.each([
    ['previous', { lowestFirst: false, bound: null }, [0, 1, 2, 3]],
    ['duplicate', { lowestFirst: false, bound: 0.05 }, [0, 1, 2, 3]],
    ['distance', { lowestFirst: true, bound: null }, [0, 2]]
  ] as const)('by %s are made again', async (id, wishes, layers) => {
    const kind = headScoreKinds.find(own => own.id === id)!
    // As a window asks for them, a layer at a time.
    const results = await Promise.all(
      layers.map(layer => analysis('head-scores', { layers: [layer] }, true))
    )
    const all = results.flatMap(result => scoredHeads(result, kind))
    const of = { model, run, results }
    const order = { heads: ranked(all, wishes), kind, wishes, of, less: null }
    // By itself, and beside another that reaches as far.
    for (const span of [null, { low: -0.5, high: 9 }]) {
      const formats = orderFormats({ ...order, span, modelName: model.name }, version)
      expect(formats.map(({ is }) => is)).toEqual(['figure', 'data'])
      for (const format of formats) await expectMadeAgain(commands, format, folders)
    }
  })
})

describe('how a text goes on', () => {
  const ids = (generated: Generated) => generated.continuation.map(({ token }) => token.id)

  it.each([
    ['by the most probable tokens', null, 0],
    ['by drawn ones', { temperature: 0.8, topK: 12, topP: null, seed: 5 }, 0],
    ['after some that a person took', { temperature: 1, topK: null, topP: 0.9, seed: 2 }, 3]
  ] as const)('is made again: %s', async (_, sampling, begun) => {
    const { client } = commands
    // As a window asks for it: the ids of the text, and those that were chosen.
    const generate = (path: readonly number[]) => {
      const input = { ids: [...run.tokens.map(({ id }) => id), ...path] }
      const source = { ...run.source, input }
      return client.call('runs.generate', { source, max: 12, sampling, top: 10 })
    }
    const path = ids(await generate([])).slice(0, begun)
    if (begun > 0) path[begun - 1] = 1
    const generated = await generate(path)
    const { model: ref, edits, provider } = run.source
    const held = await client.call('analysis.run', {
      ...{ name: 'token-probabilities', params: { masked: null } },
      of: {
        model: ref,
        edits,
        provider,
        corpus: { inputs: [{ ids: generated.prompt.map(({ id }) => id) }] }
      }
    })
    const taken = begun > 0 ? [begun - 1] : []
    const probabilities = begun > 0 ? variable(held, 'probability').data : null
    const steps = goingSteps(generated, run, taken, probabilities)
    expect(steps).toHaveLength(12 + begun)
    const { tokens, written } = goneOn(writtenTokens(run), text, steps)
    const line = 210
    const groups = tokens.map((_, at) => at)
    const formats = goingFormats({
      ...{ model, modelName: model.name, run, steps, sampling, max: 12, told: 10, version },
      look: shadingLook({ ...look, follows: false }, 'probability', { low: 0, high: 1 }, 2),
      seen: flowingBoxes(tokens, groups, written, line, false)
    })
    expect(formats.map(({ is }) => is)).toEqual(['figure', 'data'])
    for (const format of formats) await expectMadeAgain(commands, format, folders)
  })
})

describe('what is told of a tokenizer', () => {
  const nothing = {
    ...{ explanation: null, splits: null, against: null, comparison: null },
    ...{ decoded: null, dialogue: null }
  }
  const place = mkdtempSync(join(tmpdir(), 'lamella-tokenizers-'))
  const third = join(place, 'third')
  const others = { ...folders, 'hebrew-minigpt': hebrew, third }
  const template =
    "{% for m in messages %}{{ m.role + ': ' + m.content + '\\n' }}{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"
  beforeAll(() => {
    cpSync(shakespeare, third, { recursive: true })
    writeFileSync(join(third, 'chat_template.jinja'), template)
  })
  afterAll(() => rmSync(place, { recursive: true }))
  const saved = (seen: Partial<SeenTokens> & Pick<SeenTokens, 'form'>) =>
    tokensFormats({ ...{ model, modelName: model.name, run }, ...nothing, ...seen }, version)
  async function expectAll(formats: readonly ExportFormat[], count: number): Promise<void> {
    expect(formats).toHaveLength(count)
    for (const format of formats) await expectMadeAgain(commands, format, others)
  }

  it('is made again: tokens, and how a text was split', async () => {
    const explanation = await commands.client.call('text.explain', { modelId: model.id, text })
    await expectAll(saved({ form: 'tokens' }), 1)
    await expectAll(saved({ form: 'split', explanation }), 1)
  })

  it.each(['characters', 'third'])(
    'is made again: tokenizers of three models, the text split by %s beside',
    async against => {
      // What all three can spell.
      const letters = '.- -. .'
      const { id: runId } = await commands.client.call('runs.start', {
        source: { ...run.source, input: { text: letters } }
      })
      const own = await commands.client.call('runs.complete', { runId })
      const read = await Promise.all(
        [shakespeare, hebrew, third].map(async (path, i): Promise<ChosenSplit> => {
          const { id: modelId, name } = await commands.client.call('models.open', { path })
          const pieces = await commands.client.call('text.tokenize', { modelId, text: letters })
          return { ...countedSplit(letters, name, pieces), by: i === 0 ? null : { path } }
        })
      )
      const splits: ChosenSplit[] = [...read, ...plainCounts(letters)]
      const chosen = splits.find(({ name }) => name === against)!
      const comparison = compareSplits(letters, [splits[0]!, chosen])
      await expectAll(saved({ form: 'compared', run: own, splits, against: chosen, comparison }), 2)
    }
  )

  it.each([
    [['tokens', '--text', 'a', '--with', 'b'], '--with needs --against'],
    [
      ['tokens', '--text', 'a', '--explain', '--against', 'words', '--out', 'a.csv'],
      'with --out leave out --explain or --against'
    ],
    [
      ['figure', '--view', 'rollout', '--text', 'a', '--with', 'b', '--with', 'c', '--sides', 'beside', '--out', 'a.svg'], // prettier-ignore
      'rollout is of two models at most: give --with once'
    ],
    [
      ['figure', '--view', 'lines', '--set', 'layer=0', '--set', 'heads=[0]', '--set', 'rows=5000', '--text', 'ab', '--out', 'a.svg'], // prettier-ignore
      'rows: there are 2 from row 0 on, and 5000 are asked for'
    ],
    [
      ['figure', '--view', 'head-ranking', '--sides', 'difference', '--with-set', 'score=entropy', '--text', 'ab', '--out', 'a.svg'], // prettier-ignore
      'head-ranking: score is the same for both in a difference'
    ]
  ])('refuses %s in words', async ([command, ...words], reason) => {
    const { status, error } = await commands.run(command!, shakespeare, ...words)
    expect(status).not.toBe(0)
    expect(error).toContain(reason)
  })

  it('is made again: ids that are decoded, and a run of them', async () => {
    const ids = [20, 53, 1, 40, 43]
    const decoded = await commands.client.call('text.decode', { modelId: model.id, ids })
    await expectAll(saved({ form: 'decode', decoded }), 1)
    const { id: runId } = await commands.client.call('runs.start', {
      source: { ...run.source, input: { ids } }
    })
    const [numbers] = saved({
      form: 'tokens',
      run: await commands.client.call('runs.complete', { runId })
    })
    if (numbers?.is !== 'data') throw new Error('no numbers')
    expect(commandOf(numbers.from)).toBe(
      'npm run --silent lamella -- tokens shakespeare-char --decode 20,53,1,40,43 --out numbers.csv'
    )
    expect(numbers.dataset().variables).toEqual(decodedDataset(decoded).variables)
  })

  it('is made again: a dialogue, with who says what', async () => {
    const talking = await commands.client.call('models.open', { path: third })
    const turns = [
      { role: 'user', content: 'What is it?' },
      { role: 'assistant', content: 'It “is”' }
    ]
    const request = { turns, template: null, generationPrompt: true }
    const rendered = await commands.client.call('text.chat', { modelId: talking.id, request })
    const roles = rendered.spans && rolesOfTokens(rendered.tokens, rendered.spans, turns)
    const said = { modelId: talking.id, turns, generationPrompt: true, roles }
    const formats = saved({
      ...{ form: 'dialogue', model: talking, dialogue: { ...rendered, ...said } }
    })
    expect(roles).toContain('assistant')
    await expectAll(formats, 1)
  })

  it.each([
    [{ search: '[a-f]', pattern: true, descending: true }, 6],
    [{ search: 'A', order: 'text' }, 2],
    [{ kind: 'signs', least: 1, most: 1 }, 10],
    [{ script: 'Latin', least: 1, most: 1 }, 52],
    [{ least: 2 }, 0],
    [{ kind: 'digits', most: 1 }, 1]
  ])('is made again: what is found in a vocabulary by %j, and its counts', async (asked, count) => {
    const options = VocabularyOptions.parse(asked)
    const { model: path, ...query } = { ...VocabularyQuery.parse(options), model }
    const listing = await commands.client.call('text.vocabulary', { modelId: path.id, query })
    expect(listing.ids).toHaveLength(count)
    const told = { model, modelName: model.name, version }
    await expectAll(vocabularyFormats(listing, options, told), 5)
  })
})

it.each([
  ['weight-statistics', numberPlots, 4],
  ['spectrum', spectrumPlots, 3],
  ['weight-pca', componentsPlots, 3]
] as const)(
  'plots of a tensor by %s are made again, with the numbers of the first',
  async (name, plotsOf, count) => {
    const tensor = 'transformer.h.0.mlp.c_fc.weight'
    const result = await analysis(name, { tensors: [tensor] }, false)
    const saved = { model, modelName: model.name, tensor, version }
    const formats = plotFormats(saved, plotsOf(result, null), result, look)
    expect(formats).toHaveLength(count)
    for (const format of formats) await expectMadeAgain(commands, format, folders)
  }
)

it.each([
  ['transformer.h.{}.mlp.c_fc.weight', 'norm'],
  ['transformer.h.{}.mlp.c_fc.weight', 'variance_rows'],
  ['W_Q', 'mean'],
  ['W_Q', 'alpha']
])('numbers of %s by layer are made again: %s', async (of, name) => {
  const family = familiesOf(model).find(own => own.name === of)!
  const statistic = layerStatistics.find(own => own.name === name)!
  const chosen = chosenOf(family)
  const asked = 'role' in chosen ? { roles: [chosen.role] } : chosen
  const result = await analysis(statistic.analysis, asked, false)
  const formats = layersFormats({ model, family, statistic, result }, model.name, look, version)
  expect(formats).toHaveLength(2)
  for (const format of formats) await expectMadeAgain(commands, format, folders)
})

it('words each with each are made again', async () => {
  const params = { tokens: ['e', 'K', 'a'] }
  const result = await analysis('similarity', params, false)
  const answer = { analysis: 'similarity', params, result }
  const of = { model, modelName: model.name, version }
  const formats = similarityFormats(answer, 'cosine', 3, look, of)
  expect(formats).toHaveLength(2)
  for (const format of formats) await expectMadeAgain(commands, format, folders)
})

describe('tokens of a text that no command can have', () => {
  it('are told of the file that holds it', async () => {
    const long = `${text}\n`.repeat(150)
    const origin = { folder: 'shakespeare-char', input: { text: long }, edits: [], provider: 'cpu' }
    const asked = { command: 'tokens', runs: false, options: ['--json'] }
    const command = plainCommandText(asked, origin)
    expect(command).toMatch(/ tokens shakespeare-char --text-file TEXT\.txt --json$/)
    const place = mkdtempSync(join(tmpdir(), 'lamella-text-'))
    writeFileSync(join(place, 'TEXT.txt'), long)
    const of = (...words: string[]) => commands.run('tokens', shakespeare, ...words, '--json')
    const told = await of('--text-file', join(place, 'TEXT.txt'))
    rmSync(place, { recursive: true })
    expect(told).toEqual(await of('--text', long))
    expect(told.status).toBe(0)
    expect((await of('--text-file', 'a', '--text', 'a')).error).toContain('cannot be used with')
  })
})

describe('a HeadVis folder', () => {
  const place = mkdtempSync(join(tmpdir(), 'lamella-headvis-'))
  const path = join(place, 'tree of “heads”')
  const at = { path, layer: 1, head: 3 }
  beforeAll(async () => {
    const { input, ...of } = run.source
    const corpus = { inputs: [input, { text: 'What is the matter?' }], window: 12, stride: null }
    const asked = { path, of: { ...of, corpus }, seed: 0, texts: 'two lines' }
    await commands.client.call('headvis.write', asked)
  })
  afterAll(() => rmSync(place, { recursive: true }))

  it.each([look, { ...look, follows: false }])(
    'has its sequences, their distribution and its numbers made again',
    async given => {
      const profile = await commands.client.call('headvis.head', at)
      const shown = contextLook({ ...given, range: contextExtent({ bins: profile.parts }) })
      const formats = folderFormats({ profile, at, mirrored: true }, shown, version)
      expect(formats).toHaveLength(3)
      for (const format of formats)
        await expectMadeAgain(commands, format, { 'tree of “heads”': path })
    }
  )

  it('has two of its heads made again beside each other', async () => {
    const sides = await Promise.all(
      [at, { ...at, layer: 2, head: 0 }].map(async at => {
        const profile = await commands.client.call('headvis.head', at)
        const shown = contextLook({ ...look, range: contextExtent({ bins: profile.parts }) })
        return folderFormats({ profile, at, mirrored: false }, shown, version)
      })
    )
    const formats = formatsBeside(sides[0]!, sides[1]!)
    // Of both, and of each alone.
    const kinds = ['figure', 'figure', 'data']
    expect(formats.map(({ is }) => is)).toEqual([...kinds, ...kinds, ...kinds])
    for (const format of formats)
      await expectMadeAgain(commands, format, { 'tree of “heads”': path })
    const own = ['figure', path, '--view', 'headvis', '--set', 'layer=1', '--set', 'head=3']
    for (const [words, reason] of [
      [['--with', 'b', '--with-text', 'a'], 'headvis is of a HeadVis folder alone: leave out --with, --with-text'], // prettier-ignore
      [['--provider', 'cpu', '--with-window', '3'], 'leave out --provider, --with-window'],
      [['--with-set', 'head=1'], 'leave out --with-set, or say --sides beside'],
      [['--sides', 'difference'], 'say --sides beside']
    ] as const)
      expect((await commands.run(...own, ...words, '--out', join(place, 'a.svg'))).error).toContain(
        reason
      )
  })

  it('is named by its last part alone, and takes nothing that is of a model', async () => {
    const profile = await commands.client.call('headvis.head', at)
    const [first] = folderFormats({ profile, at, mirrored: false }, look, version)
    if (first?.is !== 'figure') throw new Error('no figure')
    expect(provenanceLines(first.from).join('\n')).not.toContain(tmpdir())
    expect((first.from as Provenance).again).toMatchObject({ view: 'headvis', folder: path })
    const own = ['figure', path, '--view', 'headvis', '--out', join(place, 'a.svg')]
    const { error } = await commands.run(...own, '--text', 'a')
    expect(error).toContain('headvis is of a HeadVis folder alone')
    expect((await commands.run(...own)).error).toContain('headvis: layer')
    const none = ['--set', 'layer=9', '--set', 'head=0']
    expect((await commands.run(...own, ...none)).status).not.toBe(0)
  })
})
