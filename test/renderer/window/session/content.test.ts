import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Corpus } from '#common/analysis/subject.ts'
import { KeptWish, type AnalysisRequest } from '#common/contract/session.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import type { LibraryItem, PastRun } from '#common/model/library.ts'
import { sessionLimits } from '#common/model/session.ts'
import { useLibrary } from '../../../../src/renderer/src/stores/library.ts'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import { setLookedAt } from '../../../../src/renderer/src/stores/looked-at.ts'
import { useRuns } from '../../../../src/renderer/src/stores/runs.ts'
import { useSession, type SessionFile } from '../../../../src/renderer/src/stores/session.ts'
import { useTabs } from '../../../../src/renderer/src/stores/tabs.ts'
import {
  ownRuns,
  sessionContent,
  sessionTexts
} from '../../../../src/renderer/src/window/session/content.ts'
import { keptFigure } from '../../../common/figure/kind-examples.ts'
import { answering, model, run } from '../../fake-client.ts'

const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(name => model(name)) as [
  ReturnType<typeof model>,
  ...ReturnType<typeof model>[]
]
const past = (of: ReturnType<typeof model>, text: string, at: number): PastRun => ({
  source: run(of, text).source,
  modelName: of.name,
  at
})
/** A finding of a corpus, whose tab is closed. */
const finding = (corpus: string | null) => {
  const half = { value: 1, baseline: 0, above: 1, spread: 0, p: 0, windows: 20 }
  return {
    ...{ kind: 'head', id: 'f', at: 1, version: '1', layer: 0, head: 0, score: 'self' },
    ...{ model: { path: '/a', fingerprint: 'f' }, modelName: 'a', corpus },
    ...{ over: 'windows of it', text: 'Head 0.0', holds: true, found: half, tested: half },
    loss: null
  }
}
const told = () =>
  ownRuns().map(({ source, modelName }) => {
    const { input } = source
    return `${modelName} ${'text' in input ? input.text : ''}`
  })

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
  answering({})
})
afterEach(() => vi.unstubAllGlobals())

describe('the past runs of a session', () => {
  it('are those of open models, of what tabs stay on or compare with, and of its file, each once and newest first', () => {
    useModels().open = [a]
    const on = { run: run(b!, 'of b').source, at: {} }
    const other = { model: run(c!, '').source.model, at: {} }
    useTabs().tabs = [
      { id: '1', type: 'head', context: { on: 'A', with: null } },
      { id: '2', type: 'head', context: { on, with: other } }
    ]
    useSession().runs = [past(a, 'before', 2), past(e!, 'kept', 3)]
    useLibrary().history = [
      ...[past(a, 'first', 9), past(d!, 'elsewhere', 8), past(c!, 'compared', 7)],
      ...[past(b!, 'of b', 6), past(a, 'before', 5)]
    ]
    expect(told()).toEqual(['a first', 'c compared', 'b of b', 'a before', 'e kept'])
  })

  it('are none of those that ran before the session began', () => {
    useModels().open = [a]
    useSession().began = 5
    useLibrary().history = [past(a, 'now', 5), past(a, 'of the session before', 4)]
    useSession().runs = [past(a, 'of the file', 1)]
    expect(told()).toEqual(['a now', 'a of the file'])
  })

  it('are no more than a session holds: the oldest are left out', () => {
    useModels().open = [a]
    const all = Array.from({ length: sessionLimits.runs + 5 }, (_, i) => past(a, `text ${i}`, i))
    useSession().runs = all
    expect(told()).toHaveLength(sessionLimits.runs)
    expect(told().at(-1)).toBe('a text 5')
  })
})

it('what tabs are set to read, and panels are drawn of, is wished for, whether anything was read or not', () => {
  const corpus = (name: string): LibraryItem => ({
    ...{ kind: 'corpus', name, window: null, stride: null },
    of: { path: `/${name}`, seen: { files: 1, bytes: 1, left: 0, mark: 'm' } }
  })
  const names = ['atlas', 'groups', 'profile', 'states', 'one', 'other', 'neurons', 'training']
  useLibrary().items = [
    ...names,
    'points',
    'frequent',
    'why',
    'map',
    'no tab',
    'finding',
    'panel'
  ].map(corpus)
  useSession().findings = [finding('finding')]
  const [figure] = sessionFigures(keptFigure)
  const reads = ['panel', 'deleted since'].map(name => ({ kind: 'corpus' as const, name }))
  const [panel] = figure!.panels
  // Beside one of an earlier version, which does not say what it reads.
  useSession().figures = [{ ...figure!, panels: [panel!, { ...panel!, id: 'p', reads }] }]
  const set: [type: string, options: Record<string, unknown>][] = [
    // Its other options are no names of corpora.
    ['head-atlas', { over: 'atlas', form: 'map' }],
    ['head-groups', { over: 'groups' }],
    ['head-profile', { over: 'profile' }],
    ['hidden-states', { over: { kind: 'corpus-sentences', name: 'states' } }],
    ['model-comparison', { over: 'one', otherOver: 'other' }],
    ['neurons', { over: 'neurons' }],
    ['timeline', { over: 'training' }],
    ['projector', { texts: { kind: 'corpus', name: 'points' }, frequencyOf: 'frequent' }],
    ['why', { over: { kind: 'corpus', name: 'why' } }],
    ['head-atlas', { over: 'deleted since' }],
    ['projector', { texts: { kind: 'pair', name: 'no tab' } }],
    ['why', { over: { kind: 'pair', name: 'no tab' } }],
    ['head', {}]
  ]
  useTabs().tabs = set.map(([type, options], i) => ({
    ...{ id: String(i), type },
    context: { on: 'A', with: null, options }
  }))
  const { corpora } = KeptWish.parse(JSON.parse(sessionTexts(sessionContent()).wish))
  expect(corpora).toEqual([...names, 'points', 'frequent', 'why', 'finding', 'panel'])
  expect(sessionContent().library.map(({ name }) => name)).toEqual(corpora)
})

describe('what has a name in a session', () => {
  const text = (name: string, own: string): LibraryItem => ({
    ...{ kind: 'text', name },
    input: { text: own }
  })
  const pair = (name: string, clean: string, corrupt: string): LibraryItem => ({
    ...{ kind: 'pair', name },
    ...{ clean: { text: clean }, corrupt: { text: corrupt } }
  })
  const corpus = (name: string, of: string | readonly string[]): LibraryItem => ({
    ...{ kind: 'corpus', name, window: null, stride: null },
    of:
      typeof of === 'string'
        ? { path: of, seen: { files: 1, bytes: 1, left: 0, mark: 'm' } }
        : { texts: of.map(text => ({ name: text, input: { text } })) }
  })
  const edits: LibraryItem = {
    ...{ kind: 'edits', name: 'ablated' },
    edits: [{ hook: 'blocks.0.hook_mlp_out', at: {}, scale: 0, add: null }]
  }
  const layout = { kind: 'layout', name: 'mine', layout: { tabs: [] } } as unknown as LibraryItem
  const names = () => sessionContent().library.map(({ name }) => name)

  it('is what it reads, what its file has, and what was made here since, and nothing else of this machine', async () => {
    useModels().open = [a]
    useLibrary().items = [
      ...[text('ran', 'To be'), text('typed', 'or not'), text('diary', 'Dear diary')],
      ...[pair('compared', 'He', 'She'), pair('half', 'He', 'They'), pair('chosen', 'x', 'y')],
      ...[corpus('of results', '/texts'), corpus('of lines', ['one', 'two'])],
      ...[corpus('found in', '/found'), corpus('letters', '/home/me/letters')],
      ...[edits, { ...edits, name: 'others', edits: [{ ...edits.edits[0]!, scale: 2 }] }, layout]
    ] as LibraryItem[]
    useLibrary().history = [past(a, 'To be', 9)]
    const own = run(a, 'x').source
    useRuns().texts = { A: { [a.path]: 'or not' } }
    useRuns().edits = { A: { [a.path]: edits.edits } }
    useTabs().tabs = [
      {
        ...{ id: '1', type: 'why' },
        context: { on: 'A', with: null, options: { over: { kind: 'pair', name: 'chosen' } } }
      }
    ]
    const asked = (inputs: Corpus['inputs']): AnalysisRequest => ({
      ...{ name: 'head-statistics', params: {}, with: null },
      of: { ...own, corpus: { inputs, window: 128, stride: null } }
    })
    setLookedAt([
      asked([{ path: '/texts' }]),
      asked([{ text: 'one' }, { text: 'two' }]),
      { ...asked([{ text: 'He' }, { text: 'She' }]), params: { layers: [0, 1], at: 'clean' } }
    ])
    useSession().findings = [finding('found in')]
    // What says the same words as these read nothing: the type of a tab, what a finding says, layers, a name, half of a corpus.
    const words = ['why', 'Head 0.0', 'clean', 'chosen'].map(word => text(`says ${word}`, word))
    const layers: LibraryItem = { kind: 'text', name: 'layers', input: { ids: [0, 1] } }
    useLibrary().items = [
      ...[...useLibrary().items, ...words, layers],
      corpus('half of lines', ['one', 'of a diary'])
    ]
    const read = ['ran', 'typed', 'compared', 'chosen', 'of results', 'of lines', 'found in']
    expect(names()).toEqual([...read, 'ablated'])

    // What came with the file, as it came.
    const library = [text('diary', 'Dear diary'), text('half', 'another')]
    useSession().file = { library } as unknown as SessionFile
    expect(names()).toContain('diary')
    expect(names()).not.toContain('half')
    useSession().file = null
    answering({ 'library.put': () => null })
    expect(await useLibrary().put(layout)).toBe(true)
    expect(names()).toEqual([...read, 'ablated', 'mine'])
  })
})
