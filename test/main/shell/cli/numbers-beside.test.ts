import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allMethods } from '#common/analysis/saliency/all-methods.ts'
import { groupParams } from '#common/analysis/saliency/saliency-methods.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { commandOf } from '#common/figure/provenance.ts'
import { headNumberNamed } from '#common/figure/views/head-weight-numbers.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { readOfRun, runOrigin } from '#common/figure/views/origin.ts'
import { positionParams } from '#common/figure/views/positions-view.ts'
import { wordLists } from '#common/figure/views/word-lists.ts'
import type { Edit } from '#common/model/edit.ts'
import { Json } from '#common/model/json.ts'
import { VocabularyQuery } from '#common/model/vocabulary.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import type { ExportFormat } from '../../../../src/renderer/src/stores/exports.ts'
import { dataFormats } from '../../../../src/renderer/src/ui/figure/data-formats.ts'
import { formatsBeside } from '../../../../src/renderer/src/ui/figure/formats-beside.ts'
import { circuitsFormats } from '../../../../src/renderer/src/views/circuits/circuits-formats.ts'
import { healthFormats } from '../../../../src/renderer/src/views/health/health-formats.ts'
import { positionsFormats } from '../../../../src/renderer/src/views/positions/positions-formats.ts'
import { textFormats } from '../../../../src/renderer/src/views/saliency/saliency-formats.ts'
import { tokensFormats } from '../../../../src/renderer/src/views/tokens/tokens-formats.ts'
import { vocabularyFormats } from '../../../../src/renderer/src/views/vocabulary/vocabulary-formats.ts'
import { VocabularyOptions } from '../../../../src/renderer/src/views/vocabulary/vocabulary-options.ts'
import { whyFormats } from '../../../../src/renderer/src/views/why/why-formats.ts'
import { listFormats } from '../../../../src/renderer/src/views/words/words-formats.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { trainingFolder } from '../../../golden/training.ts'
import { shakespeare, startWorkbench } from '../../../golden/workbench.ts'
import { expectMadeAgain } from '../../../made-again.ts'

// The numbers that the window saves of two sides of a tab carry a command; typed, it writes the same ones.

const version = '1.2.3'
const text = 'To be, or not to be'
const other = 'Is this a question?'
const quieter: Edit = { hook: 'blocks.0.attn.hook_z', at: { head: [1] }, scale: 0, add: null }
let workbench: Workbench
let commands: CommandLine
let folders: Readonly<Record<string, string>>
/** Another model of the same shape and vocabulary. */
let earlier: string
beforeAll(async () => {
  const stages = { 5: { factor: 0.5, of: /attn/ } }
  const beside = ['config.json', 'tokenizer.json', 'lamella.json']
  earlier = join(await trainingFolder(shakespeare, stages, beside), 'checkpoint-5')
  folders = { 'shakespeare-char': shakespeare, 'checkpoint-5': earlier }
  workbench = await startWorkbench()
  commands = commandLine(workbench)
})
afterAll(async () => {
  await workbench.close()
  commands.close()
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

/** What an analysis comes to of a side's text, or of its weights. */
function analysis({ run }: Side, name: string, params: object, of: 'text' | 'weights' = 'text') {
  const { input, ...same } = run.source
  const subject =
    of === 'text' ? { ...same, corpus: { inputs: [input] } } : { model: run.source.model }
  return commands.client.call('analysis.run', { name, params: Json.parse(params), of: subject })
}

/** What both sides save beside each other. */
async function beside(
  sides: readonly [Promise<Side>, Promise<Side>],
  saved: (of: Side, side: number) => Promise<readonly ExportFormat[]>
) {
  const own = await saved(await sides[0], 0)
  const second = await saved(await sides[1], 1)
  return formatsBeside(own, second).filter(format => format.is === 'data')
}

/** Each is of both sides and is made again by its command. @returns what it calls the two */
async function expectAllAgain(saved: readonly ExportFormat[], count: number, within = 0) {
  const formats = saved.filter(({ side }) => side?.name === 'Both sides')
  // Beside what each is saved as alone.
  expect([formats.length, saved.length]).toEqual([count, 3 * count])
  const names: unknown[] = []
  for (const format of formats) {
    if (format.is !== 'data') throw new Error('no numbers')
    expect(format.note).toContain('both sides')
    names.push(format.dataset().attributes['sides'])
    await expectMadeAgain(commands, format, folders, within)
  }
  return names
}

/** Pairs of sides, and what tells them apart. */
const pairs = [
  ['two texts', () => [side(shakespeare, text), side(shakespeare, other)], [text, other]],
  ['two models', () => [side(shakespeare, text), side(earlier, text)], Object.keys],
  [
    'an edit of the second',
    () => [side(shakespeare, text), side(shakespeare, text, [quieter])],
    ['unedited', 'edited']
  ],
  [
    'an edit of the first, and another text',
    () => [side(shakespeare, text, [quieter]), side(shakespeare, other)],
    [`${text} · edited`, `${other} · unedited`]
  ]
] as const

const files = { modelName: 'm', version, look: plainLook }
const flowing = { boxes: [], room: { width: 100, height: 26 }, mirrored: false }

describe.each(pairs)('numbers of %s beside each other are made again', (_, sides, told) => {
  const names = () => (typeof told === 'function' ? told(folders) : told)

  it('by why, all numbers and those of figures', async () => {
    const formats = await beside(sides() as never, async ({ model, run }) => {
      const asked = { at: 'last:3-10', by: 'mean' as const, parts: null }
      const result = await analysis({ model, run }, 'why', asked)
      return whyFormats({ model, run, result, prompts: null, ...asked, position: 0 }, 'm', version)
    })
    expect((await expectAllAgain(formats, 3))[0]).toEqual(names())
  })
})

it.each(pairs)(
  'numbers of %s beside each other are made again by saliency',
  async (_, sides, told) => {
    const formats = await beside(sides() as never, async ({ model, run }) => {
      const number = { of: 'logit:3:12', masked: null }
      const rule = 'midpoint' as const
      const settings = { steps: 4, rule, baseline: 'zero', samples: 2, noise: 0.1, seed: 3 }
      const groups = await Promise.all(
        (['gradients', 'path', 'noise', 'erasure'] as const).map(group =>
          analysis({ model, run }, 'saliency', groupParams(group, number, settings))
        )
      )
      const params = {}
      const figured = { model, run, read: run, ...number, result: allMethods(groups), params }
      return textFormats(
        { ...figured, what: 'a logit', mirrored: false },
        'grad_x_input',
        flowing,
        files
      )
    })
    expect(await expectAllAgain(formats, 1, 1e-5)).toEqual([
      typeof told === 'function' ? told(folders) : told
    ])
  }
)

describe('numbers of weights of two models beside each other are made again', () => {
  const models = () => [side(shakespeare, text), side(earlier, text)] as const
  const names = () => Object.keys(folders)

  it('by words that are near, and dimensions', async () => {
    const formats = await beside(models(), async of => {
      const answers = await Promise.all(
        (['neighbours', 'dimensions'] as const).map(async analysed => {
          const params = { tokens: 'o', of: 'input', top: 5 }
          const result = await analysis(of, analysed, params, 'weights')
          return { analysis: analysed, params, result }
        })
      )
      const lists = answers.flatMap(answer => wordLists(answer, 'cosine'))
      return listFormats(lists, { model: of.model, modelName: 'm', version })
    })
    expect(await expectAllAgain(formats, 2)).toEqual([names(), names()])
  })

  it('by circuits over the vocabulary, also of another head', async () => {
    const formats = await beside(models(), async (of, i) => {
      const number = headNumberNamed('norm_Q')
      const place = { layer: 0, head: i }
      const params = { heads: [[0, i]] }
      return circuitsFormats(
        { model: of.model, modelName: 'm', version },
        {
          ...{ options: { form: 'heads', by: 'ward_OV' } as never, number, groups: 4, all: null },
          ...{ place, map: null, matrix: null, mapLook: plainLook, tree: null, layer: null },
          tokens: await analysis(of, 'circuits', params, 'weights')
        },
        plainLook
      )
    })
    const [one, second] = names()
    const told = [`${one} · heads=[[0,0]]`, `${second} · heads=[[0,1]]`]
    expect(await expectAllAgain(formats, 1)).toEqual([told])
  })

  it('by a health check, positions and a vocabulary', async () => {
    const formats = await beside(models(), async of => {
      const { model } = of
      const health = await analysis(of, 'health', {}, 'weights')
      const asked = { table: null, layer: null, length: 1 }
      const params = positionParams(model, asked)
      const own = {
        model,
        asked,
        params,
        result: await analysis(of, 'positions', params, 'weights')
      }
      const query = VocabularyQuery.parse({ search: 'a', descending: true })
      const listing = await commands.client.call('text.vocabulary', { modelId: model.id, query })
      return [
        ...healthFormats(model, 'm', health, version),
        ...positionsFormats(
          {
            ...{ modelName: 'm', own, beside: null, form: 'neighbours', dimensions: [] },
            ...{ trained: null, reach: 1 }
          },
          plainLook,
          version
        ),
        ...vocabularyFormats(listing, VocabularyOptions.parse({ search: 'a', descending: true }), {
          model,
          modelName: 'm',
          version
          // No one command makes what was found of both.
        }).filter(({ note }) => note !== 'what was found')
      ]
    })
    expect(await expectAllAgain(formats, 3)).toEqual([names(), names(), names()])
  })
})

describe('numbers of corpora beside each other', () => {
  it('are made again, the second read from other files, cut otherwise', async () => {
    const place = mkdtempSync(join(tmpdir(), 'lamella-beside-'))
    const corpusOf = (name: string, window: number, content: string) => {
      const path = join(place, `${name}.txt`)
      writeFileSync(path, content)
      const seen = { files: 1, bytes: 1, left: 0, mark: 'm' }
      const own = { kind: 'corpus', name: `‹${name}›`, of: { path, seen } } as const
      return { corpus: { ...own, window, stride: null }, window, stride: null }
    }
    const read = [corpusOf('plays', 24, text.repeat(4)), corpusOf('prose', 12, other.repeat(3))]
    const params = { layers: null, threshold: 0.1, values: false, top: 3 }
    try {
      const formats = await beside(
        [side(shakespeare, text), side(shakespeare, text, [quieter])],
        async ({ model, run }, i) => {
          const { input, ...same } = run.source
          const { corpus, window, stride } = read[i]!
          const whole = { inputs: [{ path: corpus.of.path }], window, stride }
          const result = await commands.client.call('analysis.run', {
            ...{ name: 'neurons', params },
            of: { ...same, corpus: whole }
          })
          expect(input).not.toBeNull()
          return dataFormats('neurons', result, {
            ...{ version, less: null, precision: 'float32' },
            of: runOrigin(model, readOfRun(run, read[i]!), `Neurons, over ${corpus.name}`),
            again: { analysis: 'neurons', params }
          })
        }
      )
      const own = { 'plays.txt': join(place, 'plays.txt'), 'prose.txt': join(place, 'prose.txt') }
      folders = { ...folders, ...own }
      const told = ['‹plays› · up to 24 tokens · unedited', '‹prose› · up to 12 tokens · edited']
      expect(await expectAllAgain(formats, 1)).toEqual([told])
      expect(commandOf(formats[0]!.from)).toMatch(/ --with-corpus .* --with-window 12 /)
    } finally {
      rmSync(place, { recursive: true })
    }
  })
})

describe('what no one command makes', () => {
  it('stands apart, each with its own: tokens of two texts', async () => {
    const formats = await beside(
      [side(shakespeare, text), side(shakespeare, other)],
      async ({ model, run }) => {
        const nothing = { explanation: null, splits: null, against: null, comparison: null }
        const seen = { model, modelName: 'm', run, form: 'tokens' as const, ...nothing }
        return Promise.resolve(tokensFormats({ ...seen, decoded: null, dialogue: null }, version))
      }
    )
    expect(formats.map(({ note }) => note)).toEqual([text, other])
    for (const format of formats) await expectMadeAgain(commands, format, folders)
  })
})

it.each([
  [['--with-text', 'a'], 'saliency is asked of one: say --sides beside for two'],
  [['--corpus', 'a'], 'saliency is asked of one'],
  [['--sides', 'beside', '--with', 'a', '--with', 'b'], 'saliency is of two models at most'],
  [['FOLDER', '--sides', 'beside'], 'saliency is asked of each side by itself'],
  [['--sides', 'difference'], 'Allowed choices are beside']
])('analyse refuses %s in words', async (words, reason) => {
  const own = words.map(word => (word === 'FOLDER' ? shakespeare : word))
  const { status, error } = await commands.run('analyse', 'saliency', shakespeare, ...own)
  expect(status).not.toBe(0)
  expect(error).toContain(reason)
})

it('says of numbers of a corpus what computed them, where that was left to Lamella', async () => {
  const place = mkdtempSync(join(tmpdir(), 'lamella-computed-'))
  const out = join(place, 'a.json')
  const words = ['figure', shakespeare, '--view', 'neuron', '--set', 'layer=0', '--set', 'unit=1']
  const read = ['--text', text, '--text', other, '--corpus', 'Two', '--out', out]
  expect((await commands.run(...words, ...read)).status).toBe(0)
  const made = JSON.parse(readFileSync(out, 'utf8')) as {
    attributes: { provider: string; from: string[] }
  }
  rmSync(place, { recursive: true })
  const { provider, from } = made.attributes
  expect(provider).not.toBe('auto')
  expect(from).toContain(`Computed by: ${provider}, kept in float32`)
  expect(from.at(-1)).toContain(`--provider ${provider} `)
})

it('says what both sides read', async () => {
  const place = mkdtempSync(join(tmpdir(), 'lamella-read-'))
  const out = join(place, 'a.json')
  const words = ['analyse', 'token-counts', shakespeare, '--sides', 'beside', '--text', text]
  expect((await commands.run(...words, '--with-text', other, '--out', out)).status).toBe(0)
  const { attributes } = JSON.parse(readFileSync(out, 'utf8')) as { attributes: object }
  rmSync(place, { recursive: true })
  expect(attributes).toMatchObject({
    inputs: [`text: ${text}`, `text: ${other}`],
    lamella: version
  })
})

describe('numbers of two files, each longer than the model takes at once', () => {
  const place = mkdtempSync(join(tmpdir(), 'lamella-long-'))
  const [one, second] = ['one.txt', 'second.txt'].map(name => join(place, name)) as [string, string]
  beforeAll(() => {
    writeFileSync(one, `${text}\n`.repeat(30))
    writeFileSync(second, `${other}\n`.repeat(25))
  })
  afterAll(() => rmSync(place, { recursive: true }))
  interface Written {
    readonly variables: Readonly<Record<string, { readonly data: readonly unknown[] }>>
    readonly attributes: Readonly<Record<string, unknown>>
  }
  async function analysed(...words: string[]): Promise<Written> {
    const out = join(place, 'numbers.json')
    const given = ['analyse', ...words, '--out', out]
    expect(await commands.run(...given)).toMatchObject({ status: 0 })
    return JSON.parse(readFileSync(out, 'utf8')) as Written
  }

  const stepped = ['--window', '24', '--stride', '8']
  it.each([
    ['token-counts', [], [], []],
    ['head-statistics', ['--window', '24'], [], ['--window', '24']],
    ['head-statistics', ['--sentences'], [], ['--sentences']],
    ['head-statistics', stepped, [], stepped],
    ['head-statistics', ['--window', '24'], ['--with-stride', '8'], stepped],
    ['head-statistics', stepped, ['--with-window', '12'], ['--window', '12']],
    ['head-statistics', ['--window', '24'], ['--with-window', 'none'], []],
    ['head-statistics', ['--window', '24'], ['--with-sentences'], ['--sentences']]
  ])('are those of each alone: %s %o %o', async (name, cut, withCut, cutAlone) => {
    const of = (path: string, cut: readonly string[]) =>
      analysed(name, shakespeare, '--text-file', path, ...cut)
    const alone = [await of(one, cut), await of(second, cutAlone)]
    const both = await analysed(
      ...[name, shakespeare, '--sides', 'beside', '--text-file', one],
      ...['--with-text-file', second, ...cut, ...withCut]
    )
    // Where axes are alike each is at its place along one more, else apart.
    const ofSide = (variable: string, side: number) =>
      both.variables[variable]?.data[side] ??
      both.variables[`${['first', 'second'][side]}.${variable}`]!.data
    alone.forEach(({ variables }, side) => {
      for (const [variable, { data }] of Object.entries(variables))
        expect(ofSide(variable, side)).toEqual(data)
    })
    if (String(cut) === String(cutAlone))
      expect(both.attributes['sides']).toEqual(['one.txt', 'second.txt'])
  })

  it('say how each is cut where that is not alike', async () => {
    const { attributes } = await analysed(
      ...['token-counts', shakespeare, '--sides', 'beside', '--text-file', one],
      ...['--with-text-file', second, '--window', '24', '--with-stride', '8']
    )
    expect(attributes['sides']).toEqual([
      'one.txt · up to 24 tokens',
      'second.txt · up to 24 tokens, each 8 after the one before'
    ])
  })

  it.each([
    [[], ['one.txt', 'second.txt']],
    [
      ['--corpus', 'Plays'],
      ['Plays', 'second.txt']
    ],
    [
      ['--with-corpus', 'Prose'],
      ['one.txt', 'Prose']
    ]
  ])('are called by their files, or as is said of that side alone: %o', async (said, sides) => {
    const { attributes } = await analysed(
      ...['token-counts', shakespeare, '--sides', 'beside', '--text-file', one],
      ...['--with-text-file', second, ...said]
    )
    expect(attributes['sides']).toEqual(sides)
  })
})

it('says of --with what that is of the command', async () => {
  const helpOf = async (command: string) =>
    (await commands.run(command, '--help')).out.replaceAll(/\s+/g, ' ')
  const many = 'of a view that is of any number of models'
  expect(await helpOf('figure')).toContain(many)
  expect(await helpOf('analyse')).toContain('another model, for the second of two')
  expect(await helpOf('analyse')).not.toContain(many)
})
