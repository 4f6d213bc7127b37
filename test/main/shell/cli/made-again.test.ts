import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ranked, scoredHeads } from '#common/analysis/head-scores/ranking.ts'
import { headScoreKinds } from '#common/analysis/head-scores/score-kinds.ts'
import { frameAt, frameCount } from '#common/analysis/project/layer-frames.ts'
import { isOfTexts } from '#common/analysis/project/point-sets.ts'
import { shownPoints } from '#common/analysis/project/shown-points.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { variable } from '#common/data/dataset.ts'
import { lightScreen, type Look } from '#common/figure/look.ts'
import { coloredPoints, namedClusters, ranksByIds } from '#common/figure/point-colors.ts'
import { commandOf, provenanceLines, type Provenance } from '#common/figure/provenance.ts'
import { seenFrom, spaceOf } from '#common/figure/space.ts'
import { coloredFrame } from '#common/figure/views/projector-view.ts'
import { contextExtent, contextLook } from '#common/figure/views/profile-figures.ts'
import { Json } from '#common/model/json.ts'
import { plainCommandText } from '#common/text/command-text.ts'
import { orderFormats } from '../../../../src/renderer/src/views/attention/order-formats.ts'
import { folderFormats } from '../../../../src/renderer/src/views/head-profile/folder-formats.ts'
import {
  projectorFormats,
  type ProjectionToSave
} from '../../../../src/renderer/src/views/projector/projector-formats.ts'
import { tokensFormats } from '../../../../src/renderer/src/views/tokens/tokens-formats.ts'
import type { ShownClusters } from '../../../../src/renderer/src/views/projector/use-clusters.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { shakespeare, startWorkbench } from '../../../golden/workbench.ts'
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
    names: Readonly<Record<string, string>> = {}
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
        colored: coloredFrame(coloredPoints(whole, color, clusters, ranksByIds), points, frame),
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

  it('says why no command makes one whose colours are of a corpus; its numbers have one', async () => {
    const [figure, numbers] = await saved(
      { set: 'input', method: 'pca' },
      { color: 'frequency', countedIn: 'Plays' }
    )
    expect(figure).toMatchObject({
      from: { again: { none: expect.stringContaining('counted in a corpus') as string } }
    })
    expect(numbers).toMatchObject({ from: { again: { view: 'projector' } } })
  })

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
    const order = { heads: ranked(all, wishes), kind, wishes, of: { model, run }, less: null }
    const formats = orderFormats({ ...order, modelName: model.name }, version)
    expect(formats.map(({ is }) => is)).toEqual(['figure', 'data'])
    for (const format of formats) await expectMadeAgain(commands, format, folders)
  })
})

describe('tokens that were read as ids', () => {
  it('are told by the command of their numbers', async () => {
    const ids = [20, 53, 1, 40, 43]
    const { id: runId } = await commands.client.call('runs.start', {
      source: { ...run.source, input: { ids } }
    })
    const read = await commands.client.call('runs.complete', { runId })
    const nothing = { explanation: null, splits: null, against: null, comparison: null }
    const [numbers] = tokensFormats(
      {
        ...{ model, modelName: model.name, run: read, form: 'tokens' },
        ...{ ...nothing, decoded: null, dialogue: null }
      },
      version
    )
    if (numbers?.is !== 'data') throw new Error('no numbers')
    const command = commandOf(numbers.from)!
    expect(command).toBe(
      'npm run --silent lamella -- tokens shakespeare-char --decode 20,53,1,40,43'
    )
    const { out, status } = await commands.run(
      'tokens',
      shakespeare,
      '--decode',
      ids.join(),
      '--json'
    )
    expect(status).toBe(0)
    const { tokens } = JSON.parse(out) as { tokens: { id: number; token: string }[] }
    expect(tokens.map(({ id }) => id)).toEqual([...variable(numbers.dataset(), 'id').data])
    expect(tokens.map(({ token }) => token)).toEqual(numbers.dataset().attributes['pieces'])
  })
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
