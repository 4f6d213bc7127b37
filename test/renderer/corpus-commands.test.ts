import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { headContextsOf } from '#common/analysis/head-contexts/contexts-of.ts'
import { byPatterns } from '#common/analysis/head-distances/grouped-heads.ts'
import { neuronContextsOf } from '#common/analysis/neurons/contexts-of.ts'
import { unaskedParts } from '#common/analysis/why/unasked-parts.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { figureContent } from '#common/figure/figure-content.ts'
import type { Look } from '#common/figure/look.ts'
import { paperLook } from '#common/figure/look.ts'
import { plainWish } from '#common/figure/presets.ts'
import { commandOf } from '#common/figure/provenance.ts'
import { comparedSides } from '#common/figure/views/compared-heads-figures.ts'
import { drawnGroups, reachOf, toldGroups } from '#common/figure/views/groups-figures.ts'
import {
  hiddenMap,
  textLabels,
  placeLabels,
  type HiddenPairs
} from '#common/figure/views/hidden-figures.ts'
import { hiddenParams, layerName } from '#common/figure/views/hidden-view.ts'
import { neuronExtent, neuronGroups } from '#common/figure/views/neuron-figures.ts'
import { neuronParams } from '#common/figure/views/neuron-view.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import {
  contextExtent,
  contextGroups,
  contextLook,
  contextsAround,
  profileDrawing
} from '#common/figure/views/profile-figures.ts'
import { mapData, mapExtent } from '#common/figure/views/score-map.ts'
import { shownContexts } from '#common/figure/views/shown-contexts.ts'
import type { NamedCorpus } from '#common/model/library.ts'
import { numberText } from '#common/text/number-text.ts'
import { readInWords } from '#common/text/read-in-words.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { withFigureHost } from '../../src/main/shell/cli/figure-file.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import {
  headContextsOver,
  headDistancesOf,
  headStatisticsOf,
  hiddenStatesOf,
  neuronsOf,
  randomRepeatOf,
  readBy,
  timelineOver,
  whyOf,
  type ReadTexts
} from '../../src/renderer/src/stores/analyses.ts'
import type { ExportFormat, SavedData, SavedFigure } from '../../src/renderer/src/stores/exports.ts'
import type { Asked } from '../../src/renderer/src/stores/results.ts'
import { atlasFormats } from '../../src/renderer/src/views/head-atlas/atlas-formats.ts'
import { groupsFormats } from '../../src/renderer/src/views/head-groups/groups-formats.ts'
import { profileFormats } from '../../src/renderer/src/views/head-profile/profile-formats.ts'
import {
  hiddenFormats,
  namesOf
} from '../../src/renderer/src/views/hidden-states/hidden-formats.ts'
import { comparisonFormats } from '../../src/renderer/src/views/model-comparison/comparison-formats.ts'
import { neuronsFormats } from '../../src/renderer/src/views/neurons/neurons-formats.ts'
import { timelineFormats } from '../../src/renderer/src/views/timeline/timeline-formats.ts'
import { whyFormats } from '../../src/renderer/src/views/why/why-formats.ts'
import { commandLine, type CommandLine } from '../command-line.ts'
import { expectInTable } from '../made-again.ts'
import { trainingFolder } from '../golden/training.ts'
import { shakespeare, startWorkbench } from '../golden/workbench.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-corpora-'))
const version = '1.2.3'
const modelName = 'shakespeare-char'
const plays = `${'To be, or not to be, that is the question. '.repeat(3)}\nBut, soft! what light.\n`
writeFileSync(join(folder, 'plays.txt'), plays)
const seen = { files: 1, bytes: 1, left: 0, mark: 'm' }
const named = (name: string, texts: readonly string[]): NamedCorpus => ({
  ...{ kind: 'corpus', name, window: null, stride: null },
  of: { texts: texts.map((text, i) => ({ name: `line ${i}`, input: { text } })) }
})
const files: NamedCorpus = {
  ...{ kind: 'corpus', name: 'Two ‹plays›', of: { path: join(folder, 'plays.txt'), seen } },
  ...{ window: 24, stride: 16 }
}
const several = named('It’s several', [
  'To be, or not to be',
  'Now is the winter of our',
  'Friends'
])
const long: NamedCorpus = { ...named('Long', [plays.repeat(9), 'But, soft!']), window: 64 }
/** Each corpus as a view is given it, with windows that the model takes. */
const corpora = [
  ['files, in windows that overlap', { corpus: files, window: 24, stride: 16, usual: 24 }],
  ['several texts', { corpus: several, window: 24, stride: null, usual: 24 }]
] as const
/** As it is set: what it spans a view finds itself. */
const set: Omit<Look, 'range'> = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'maximum' }
}
const look: Look = { ...set, range: { low: 0, high: 1 } }

let workbench: Workbench
let commands: CommandLine
let model: ModelInfo
let run: Run
let folders: Readonly<Record<string, string>> = { [modelName]: shakespeare }
beforeAll(async () => {
  workbench = await startWorkbench()
  commands = commandLine(workbench)
  model = await commands.client.call('models.open', { path: shakespeare })
  run = await runOf(model)
})
afterAll(async () => {
  commands.close()
  await workbench.close()
})

async function runOf({ path, fingerprint }: ModelInfo): Promise<Run> {
  const source = {
    ...{ model: { path, fingerprint }, input: { text: 'To be, or not to be' } },
    edits: [{ hook: 'blocks.1.attn.hook_z', at: { head: [2] }, scale: 0.5, add: null }],
    provider: 'cpu' as const
  }
  return commands.client.call('runs.start', { source })
}

/** What a view of the window waits for. */
const resultOf = ({ request }: Asked<Dataset>) =>
  commands.client.call(
    'analysis.run',
    request as Parameters<typeof commands.client.call<'analysis.run'>>[1]
  )

/** Makes what is saved again by the command in it, and says what of it is not what had been saved. */
async function differing(saved: SavedFigure | SavedData, corpus: NamedCorpus): Promise<string[]> {
  const ending = saved.is === 'figure' ? 'svg' : 'json'
  const out = join(folder, `again.${ending}`)
  const command = commandOf(saved.from, `again.${ending}`)!
  expect(command).not.toContain(folder)
  const [, given] = command.split('npm run --silent lamella -- ')
  const words = execFileSync('bash', ['-c', `printf '%s\\0' ${given!}`])
    .toString()
    .split('\0')
  const paths: Record<string, string> = {
    ...folders,
    'plays.txt': join(folder, 'plays.txt'),
    [`again.${ending}`]: out
  }
  for (const [i, text] of 'texts' in corpus.of ? corpus.of.texts.entries() : []) {
    const path = join(folder, `TEXT-${i + 1}.txt`)
    writeFileSync(path, 'text' in text.input ? text.input.text : '')
    paths[`TEXT-${i + 1}.txt`] = path
  }
  const typed = words.slice(0, -1).map(word => paths[word] ?? word)
  expect(await commands.run(...typed)).toMatchObject({ status: 0 })
  const made = readFileSync(out, 'utf8')
  if (saved.is === 'figure') {
    const own = (await svgOf(saved)).split('\n')
    const lines = withoutDescription(made).split('\n')
    return own.length === lines.length ? own.filter((line, i) => line !== lines[i]) : ['its length']
  }
  const [own, all] = [[...datasetJson(saved.dataset())].join(''), made].map(
    json => JSON.parse(json) as Pick<Dataset, 'axes' | 'variables'>
  ) as [Pick<Dataset, 'axes' | 'variables'>, Pick<Dataset, 'axes' | 'variables'>]
  return (['axes', 'variables'] as const).flatMap(part =>
    Object.entries(own[part]).flatMap(([name, value]) =>
      isDeepStrictEqual(value, all[part][name]) ? [] : [name]
    )
  )
}

async function svgOf(saved: SavedFigure): Promise<string> {
  const drawer = { figures: commands.figures, signal: new AbortController().signal }
  const { title, from } = saved
  const { bytes } = await withFigureHost(drawer, host =>
    figureContent(commands.client, saved.draw(plainWish), 'svg', { title, dpi: 300, from }, host)
  )
  return withoutDescription(new TextDecoder().decode(bytes))
}

/** What it says of itself names another file, and of a window that was not said its length. */
function withoutDescription(svg: string): string {
  return svg.replace(/<desc>[^]*?<\/desc>/, '')
}

/** All that is saved of a corpus is made again by its command: the same picture, the same numbers. */
const isWhole = ({ is, note }: ExportFormat) => is === 'data' && note === ''

/** What it says that a figure draws. */
function drawnIn({ dataset }: SavedFigure | SavedData): string[] {
  const { variables } = dataset!()
  return Object.keys(variables).filter(name => variables[name]!.drawn)
}

async function expectAgain(formats: readonly ExportFormat[], corpus: NamedCorpus): Promise<void> {
  const saved = formats.filter(own => own.is !== 'file')
  expect(saved.length).toBeGreaterThan(1)
  // The numbers of a view as a whole are those of what is seen of it first.
  const [first, whole] = [saved.find(({ is }) => is === 'figure'), saved.find(isWhole)]
  if (whole) expect(drawnIn(whole), whole.title).toEqual(drawnIn(first!))
  for (const own of saved) if (own.is === 'figure') expectInTable(own)
  for (const own of saved)
    expect(await differing(own, corpus), `${own.is} ${own.title} ${own.note}`).toEqual([])
}

describe.each(corpora)(
  'what is saved of a corpus of %s is made again by its command',
  (_, over) => {
    const { corpus } = over
    const read = (windows: number) => readInWords(windows, over, run.tokens.length)

    it.each(['map', 'scatter'] as const)('the atlas of heads, as a %s', async form => {
      const classes = { early: '[a-e]' }
      const result = await resultOf(headStatisticsOf(run, over, { layers: null, classes }))
      const random = await resultOf(randomRepeatOf(run))
      const atlas = headAtlas(result, random)
      const options = {
        form,
        score: 'entropy',
        quantity: 'value',
        x: 'self',
        y: 'entropy'
      } as const
      const formats = atlasFormats(
        {
          ...{ model, modelName, run, over, classes, result, random, ablation: null, atlas },
          ...{ read: read(atlas.windows), shared: false, spanOf: () => null },
          range: mapExtent(mapData(atlas, options))
        },
        options as never,
        look,
        version
      )
      await expectAgain(formats, corpus)
    })

    it('groups of heads', async () => {
      const scored = await resultOf(headStatisticsOf(run, over, { layers: null, classes: {} }))
      const result = await resultOf(headDistancesOf(run, over, null))
      const by = { by: 'patterns' as const, scores: [], left: [] }
      const shown = { ...by, result, ...byPatterns(result), model, run, over }
      const drawn = drawnGroups(shown, 3)
      const whole = {
        ...{ model, modelName, run, shown, drawn, reach: reachOf([shown]), caption: null },
        told: toldGroups(drawn, headAtlas(scored, null), numberText),
        read: read(Number(result.attributes['windows']))
      }
      const options = { form: 'matrix', groups: 3, color: 'group', by: 'patterns' } as never
      await expectAgain(groupsFormats(whole, options, look, version), corpus)
    })

    it('contexts of a head and how its scores are distributed', async () => {
      const { window } = over
      const asked = { score: 'max_beyond_first', by: 'count', drawn: 3, seed: 4 } as const
      const { score, ...drawing } = asked
      const params = { layer: 1, head: 3, score, ...profileDrawing({ ...drawing, window }) }
      const result = await resultOf(
        headContextsOver(run, over, { ...params, first_token: 'hidden' })
      )
      const { found } = shownContexts(headContextsOf(result), contextsAround)
      const own = contextLook({ ...look, range: contextExtent(found) })
      const formats = profileFormats(
        {
          ...{
            model,
            modelName,
            run,
            over,
            layer: 1,
            head: 3,
            ...asked,
            firstHidden: true,
            result
          },
          ...{ found, groups: contextGroups(found, own, numberText), mirrored: false, span: null },
          read: read(Number(result.attributes['windows']))
        },
        own,
        version
      )
      await expectAgain(formats, corpus)
    })

    it('a neuron, and the counts of all', async () => {
      const at = { layer: 1, unit: 5 }
      const params = { threshold: 0.1, seed: 2 }
      const asked = neuronParams(at, params.threshold, params.seed)
      const result = await resultOf(neuronsOf(run, over, asked, ''))
      const counted = { layers: null, threshold: 0.1, values: false, top: 12 }
      const all = await resultOf(neuronsOf(run, over, counted, ''))
      const found = neuronContextsOf(result)
      const own = { ...look, range: neuronExtent(found) }
      const formats = neuronsFormats(
        {
          shown: { model, run, over, ...at, params, result, found },
          totals: { model, run, over, params: counted, threshold: 0.1, result: all },
          ...{ modelName, groups: neuronGroups(found, own, value => numberText(value)) },
          ...{ mirrored: false, read: visibleText(corpus.name) }
        },
        own,
        version
      )
      await expectAgain(formats, corpus)
    })

    it.each([
      ['texts', null],
      ['word', 'o']
    ] as const)('hidden states of its %s', async (form, word) => {
      await expectAgain(await statesOf(corpus, form, word), corpus)
    })

    it('why one token rather than another, of each of its windows', async () => {
      const prompts = { ...corpus, window: over.window, stride: null }
      const asked = { at: 'last:3-10', by: 'mean' as const }
      const first = await resultOf(whyOf(run, asked, prompts))
      const parts = unaskedParts(first)
      const result =
        parts === null ? first : await resultOf(whyOf(run, { ...asked, parts }, prompts))
      const shown = { model, run, result, prompts, ...asked, parts, position: 0 }
      await expectAgain(whyFormats(shown, modelName, version), corpus)
    })

    it('the heads of two models, the other on other texts', async () => {
      const whole = { ...run, source: { ...run.source, edits: [] } }
      const sideOf = async (own: Run, over: (typeof corpora)[number][1]) => {
        const result = await resultOf(headStatisticsOf(own, over, { layers: null, classes: {} }))
        const read = { run: readOfRun(own, over), tokens: own.tokens.length }
        return { model, ...read, over, result, atlas: headAtlas(result, null) }
      }
      const other = { corpus: several, window: 8, stride: 4 } as never
      const read = [await sideOf(run, over), await sideOf(whole, other)] as const
      const comparison = comparedSides(read, ['the first', 'the second'])
      const options = { score: 'self', quantity: 'value', maps: 'both' } as const
      await expectAgain(comparisonFormats({ comparison, read }, options, set, version), corpus)
    })
  }
)

/** Hidden states as their view saves them. */
async function statesOf(corpus: ReadTexts, form: HiddenPairs, word: string | null) {
  const said = { layer: 2, word, sentence: 'mean' as const }
  const result = await resultOf(hiddenStatesOf(run, corpus, hiddenParams(said)))
  const texts = textLabels(result, readOfRun(run, readBy(corpus)), namesOf(corpus))
  const labels = form === 'word' ? placeLabels(result, texts) : texts
  return hiddenFormats(
    {
      shown: { model, run, corpus, ...said, result, tokens: [] },
      ...{ modelName, read: visibleText(corpus.name), form, measure: 'norm', grid: null },
      ...{ map: hiddenMap(result, form, labels, layerName(2), false), mirrored: false }
    },
    look,
    version
  )
}

it('so are hidden states of its sentences', async () => {
  const sentences = { ...files, sentences: true } as const
  await expectAgain(await statesOf(sentences, 'texts', null), files)
})

it('so are those of texts that no command line holds, which stand in files', async () => {
  await expectAgain(await statesOf(long, 'texts', null), long)
})

it('so is a number through the checkpoints of a training', async () => {
  const training = await trainingFolder(
    shakespeare,
    { 2: { factor: 0, of: /c_attn/ }, 10: { factor: 1, of: /^$/ } },
    ['config.json', 'tokenizer.json']
  )
  const path = join(training, 'checkpoint-10')
  const last = await commands.client.call('models.open', { path })
  const own = await runOf(last)
  folders = { ...folders, 'checkpoint-10': path }
  const number = { of: 'head-scores.induction', words: 'induction', ofWeights: false }
  for (const [, over] of corpora) {
    const params = { of: number.of, params: {} }
    const result = await resultOf(timelineOver(own, over, params, ''))
    const shown = { model: last, run: own, number, params: {}, result, over }
    const options = { by: 'each', log: false, line: null } as const
    await expectAgain(timelineFormats(shown, options, look, version), over.corpus)
  }
})
