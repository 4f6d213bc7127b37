import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { OpenSession } from '#common/contract/session.ts'
import { parseSessionWindow } from '#common/contract/session-window.ts'
import { LamellaError } from '#common/model/errors.ts'
import { movedTo } from '#common/model/moved-to.ts'
import { useLibrary } from '../../../src/renderer/src/stores/library.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../src/renderer/src/stores/runs.ts'
import { useSelection } from '../../../src/renderer/src/stores/selection.ts'
import { useSession } from '../../../src/renderer/src/stores/session.ts'
import { useSettings } from '../../../src/renderer/src/stores/settings.ts'
import { useStatus } from '../../../src/renderer/src/stores/status.ts'
import { useWorkspace } from '../../../src/renderer/src/stores/workspace.ts'
import {
  parseWorkspace,
  type WorkspaceState
} from '../../../src/renderer/src/stores/workspace-state.ts'
import { bringSession } from '../../../src/renderer/src/window/session/bring-session.ts'
import { openAgain, openModel } from '../../../src/renderer/src/window/open-model.ts'
import { runInput } from '../../../src/renderer/src/window/run-input.ts'
import { answering, model, pending, run } from '../fake-client.ts'

const a = model('a')
const cell = { query: 2, key: 1 }
const left = parseWorkspace({
  version: 2,
  models: [a.path],
  groups: [{ name: 'A', model: a.path, texts: { [a.path]: 'left' }, layer: 1, head: 2, cell }],
  tabs: [{ id: 't', type: 'head', context: { on: 'A', with: null } }],
  activeTab: 't'
})!

let saved: WorkspaceState[]
let opening: ReturnType<typeof pending<ModelInfo>>
let leave: () => void
let answers: Parameters<typeof answering>[0]
beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  vi.stubGlobal('sessionStorage', { getItem: () => null, removeItem: () => undefined })
  vi.stubGlobal('window', {
    location: { pathname: '/', search: '' },
    addEventListener(name: string, hear: () => void) {
      if (name === 'pagehide') leave = hear
    }
  })
  setActivePinia(createPinia())
  saved = []
  opening = pending<ModelInfo>()
  answers = {
    'app.info': () => ({ name: 'Lamella', version: '1', shell: 'serve', samples: [] }) as never,
    'workspace.load': () => left as never,
    'workspace.save'({ state }) {
      saved.push(JSON.parse(state) as WorkspaceState)
      return null
    },
    'models.open': () => opening.promise,
    'models.recent': () => [],
    'models.cached': () => [],
    'library.get': () => ({ history: [], items: [] }),
    'library.remember': () => null,
    'text.tokenize': () => [],
    'runs.start': ({ source }) =>
      run(a, 'text' in source.input ? source.input.text : '', {
        tokens: Array(4).fill({}) as never
      })
  }
  answering(answers)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function settled(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve()
  await nextTick()
}

it('keeps what is done while models open, and all that is on its way', async () => {
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  await settled()
  useSession().notes = [{ id: 'n', on: null, markdown: 'meanwhile', at: 1 }]
  await settled()
  leave()
  await settled()
  const [own] = saved
  expect(own?.notes).toMatchObject([{ markdown: 'meanwhile' }])
  expect(own).toMatchObject({ models: left.models, groups: left.groups, tabs: left.tabs })
  // Also in a session that is saved now.
  expect(workspace.sessionWindow()).toMatchObject({ models: left.models, groups: left.groups })

  opening.resolve(a)
  for (let i = 0; i < 5; i++) await settled()
  expect(workspace.ready).toBe(true)
  expect(useSelection().cell).toEqual(cell)
  expect(workspace.sessionWindow()).toMatchObject({ models: left.models, groups: left.groups })
})

it('knows what was made in its session also after it was left', async () => {
  const before = { ...left, made: ['text before'] }
  answering({ ...answers, 'workspace.load': () => before as never, 'library.put': () => null })
  const workspace = useWorkspace()
  opening.resolve(a)
  await workspace.load()
  await workspace.start(bringSession)
  await useLibrary().put({ kind: 'text', name: 'since', input: { text: 'To be' } })
  await settled()
  await workspace.saveNow()
  expect(saved.at(-1)?.made).toEqual(['text before', 'text since'])
})

it('keeps nothing in the place of what was left where that is not known', async () => {
  answering({
    ...answers,
    'workspace.load': () => Promise.reject(new LamellaError('disconnected', 'gone'))
  })
  const workspace = useWorkspace()
  await workspace.load()
  await workspace.start(bringSession)
  useStatus().reconnections++
  await settled()
  await workspace.saveNow()
  expect([workspace.error?.code, saved]).toEqual(['disconnected', []])
})

it('says that it goes on with what was kept in its tab alone', async () => {
  const workspace = useWorkspace()
  opening.resolve(a)
  await workspace.load()
  useStatus().goesOn = true
  await workspace.start(bringSession)
  expect(workspace.note).toMatch(/kept in this tab/)
})

it('opens the model in front first and runs its text, and keeps the order of the models', async () => {
  const [b, c] = [model('b'), model('c')]
  const several = {
    ...left,
    models: [b.path, a.path, c.path],
    groups: [...left.groups, { ...left.groups[0]!, name: 'B', model: b.path }]
  }
  const others = pending<null>()
  const started: string[] = []
  const calls = answering({
    ...answers,
    'workspace.load': () => several as never,
    async 'models.open'({ path }) {
      if (path !== a.path) await others.promise
      return [a, b, c].find(own => own.path === path)!
    },
    'runs.start'({ source }) {
      started.push(source.model.path)
      return run(a, 'left', { tokens: Array(4).fill({}) as never })
    }
  })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 5; i++) await settled()
  const opened = () =>
    calls.flatMap(({ method, params }) =>
      method === 'models.open' ? [(params as { path: string }).path] : []
    )
  expect(opened()).toEqual([a.path, b.path])
  expect(started).toEqual([a.path])
  expect(useSelection().cell).toEqual(cell)
  expect(workspace.sessionWindow()).toMatchObject({ models: several.models })
  others.resolve(null)
  for (let i = 0; i < 9; i++) await settled()
  expect(opened()).toEqual([a.path, b.path, c.path])
  expect(started).toEqual([a.path])
  expect(workspace.sessionWindow().models).toEqual(several.models)
  // What is opened since stands last.
  const models = useModels()
  models.open = [...models.open, model('later')]
  expect(workspace.sessionWindow().models).toEqual([...several.models, '/later'])
})

it('runs no texts of a session that another took the place of', async () => {
  const b = model('b')
  const later = pending<ModelInfo>()
  const started: unknown[] = []
  answering({
    ...answers,
    'models.open': ({ path }) => (path === a.path ? opening.promise : later.promise),
    'runs.start'({ source }) {
      started.push(source.input)
      return run(b, 'there', { tokens: Array(4).fill({}) as never })
    }
  })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  await settled()
  const groups = [{ ...left.groups[0]!, model: b.path, texts: { [b.path]: 'there' } }]
  void workspace.restoreSession({ ...left, models: [b.path], groups })
  opening.resolve(a)
  for (let i = 0; i < 5; i++) await settled()
  expect(started).toEqual([])
  later.resolve(b)
  for (let i = 0; i < 5; i++) await settled()
  expect(started).toEqual([{ text: 'there' }])
  expect(useModels().activeOf('A')).toEqual(b)
  expect(useSelection().cell).toEqual(cell)
})

it('keeps what is selected in a session that took the place of one whose texts ran', async () => {
  const ran = pending<void>()
  const all = ['a', 'b', 'c'].map(name => model(name))
  answering({
    ...answers,
    'models.open': ({ path }) => all.find(own => own.path === path)!,
    async 'runs.start'({ source }) {
      if (source.model.path === '/b') await ran.promise
      return run(a, 'left')
    }
  })
  const names = ['A', 'B', 'C'] as const
  const several = {
    ...left,
    models: all.map(({ path }) => path),
    groups: names.map((name, i) => ({
      ...{ ...left.groups[0]!, name, model: all[i]!.path, texts: { [all[i]!.path]: 'left' } }
    })),
    tabs: names.map(on => ({ ...left.tabs[0]!, id: `tab ${on}`, context: { on, with: null } })),
    activeTab: 'tab A'
  }
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.restoreSession(several)
  for (let i = 0; i < 5; i++) await settled()
  expect(useRuns().underWay).toEqual(['B'])
  answering({ ...answers, 'models.open': () => opening.promise })
  void workspace.restoreSession({ ...several })
  ran.resolve()
  for (let i = 0; i < 5; i++) await settled()
  expect(workspace.sessionWindow().groups.map(({ cell }) => cell)).toEqual([cell, cell, cell])
})

it('leaves the model that its address asks for there until it is open', async () => {
  const address = { pathname: '/', search: `?open=${a.path}` }
  const replaceState = vi.fn((_state: unknown, _title: string, url: string) =>
    Object.assign(address, { pathname: url, search: '' })
  )
  Object.assign(window, { location: address, history: { replaceState } })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  await settled()
  expect(address.search).toBe('?open=/a')
  opening.resolve(a)
  for (let i = 0; i < 5; i++) await settled()
  expect(workspace.ready).toBe(true)
  expect(address.search).toBe('')
})

it('has the group in front be about the model that its address asks for, and opens that first', async () => {
  const wanted = model('wanted')
  const address = { pathname: '/', search: `?open=${wanted.path}` }
  const replaceState = () => Object.assign(address, { search: '' })
  Object.assign(window, { location: address, history: { replaceState } })
  const calls = answering({
    ...answers,
    'models.open': ({ path }) => (path === a.path ? a : wanted)
  })
  const workspace = useWorkspace()
  await workspace.load()
  await workspace.start(bringSession)
  const opened = calls.filter(({ method }) => method === 'models.open')
  expect(opened.map(({ params }) => params)).toEqual([{ path: wanted.path }, { path: a.path }])
  expect(workspace.sessionWindow()).toMatchObject({
    models: [a.path, wanted.path],
    groups: [{ model: wanted.path, texts: { [a.path]: 'left' }, cell: null }]
  })
})

it('has the group in front be about that model also where its address ends as a folder does', async () => {
  const wanted = model('wanted')
  const address = { pathname: '/', search: `?open=${wanted.path}/` }
  const replaceState = () => Object.assign(address, { search: '' })
  Object.assign(window, { location: address, history: { replaceState } })
  answering({ ...answers, 'models.open': ({ path }) => (path === a.path ? a : wanted) })
  const workspace = useWorkspace()
  await workspace.load()
  await workspace.start(bringSession)
  expect(useModels().activeOf('A')).toEqual(wanted)
})

it('has a text that is asked for meanwhile wait for its model', async () => {
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  await settled()
  const asked = runInput({ text: 'asked for' }, 'A')
  opening.resolve(a)
  await asked
  expect(useRuns().currentOf('A')?.source.input).toEqual({ text: 'asked for' })
})

it('keeps a model that could not be opened, to be tried again for its groups', async () => {
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  await settled()
  opening.reject(new Error('gone'))
  for (let i = 0; i < 5; i++) await settled()
  expect(workspace.ready).toBe(true)
  const { path } = a
  expect(workspace.sessionWindow()).toMatchObject({ models: [path], groups: [{ model: path }] })
  // What is asked for meanwhile does not wait for it.
  await runInput({ text: 'asked for' }, 'A')
  opening = pending<ModelInfo>()
  opening.resolve(a)
  await openAgain(path)
  expect(useModels().activeOf('A')).toEqual(a)
  expect(useRuns().currentOf('A')).not.toBe(null)
})

it('says of which models the files are others than as it was left, and that once', async () => {
  const [b, c] = [model('b'), model('c')]
  const others: Record<string, ModelInfo> = { '/a': { ...a, id: 'other', fingerprint: 'other' } }
  const fails = new Set(['/c'])
  const fingerprints = { '/a': a.fingerprint, '/b': b.fingerprint, '/c': c.fingerprint }
  answering({
    ...answers,
    'workspace.load': () => ({ ...left, models: ['/a', '/b', '/c'], fingerprints }) as never,
    'models.open'({ path }) {
      if (fails.has(path)) throw new LamellaError('not-found', 'gone')
      return others[path] ?? [a, b, c].find(own => own.path === path)!
    },
    'models.close': () => null
  })
  const workspace = useWorkspace()
  const session = useSession()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  expect(workspace.others).toEqual(['/a'])
  // What is to be known of the session is not that: it goes with the next save.
  expect(session.notice).toBe(null)
  leave()
  await settled()
  // Of one that could not be opened it is known what it was.
  expect(saved.at(-1)?.fingerprints).toEqual({ ...fingerprints, '/a': 'other' })
  workspace.others = []
  others['/b'] = { ...b, id: 'other b', fingerprint: 'other' }
  await useModels().openPath('/b')
  expect(workspace.others).toEqual([])
  fails.clear()
  others['/c'] = { ...c, fingerprint: 'other' }
  await openAgain('/c')
  expect(workspace.others).toEqual(['/c'])
  // One that is closed is none of those that are shown.
  await useModels().leave('/c')
  expect(workspace.others).toEqual([])
  leave()
  await settled()
  expect(Object.keys(saved.at(-1)!.fingerprints)).toEqual(['/a', '/b'])
  // What a session was of its own file tells.
  others['/c'] = c
  useModels().leaveAll()
  void workspace.restoreSession({ ...left, models: ['/c'] })
  for (let i = 0; i < 15; i++) await settled()
  expect(workspace.others).toEqual([])
})

it('opens what was chosen of the models of a session again, whichever that was', async () => {
  const asked: unknown[] = []
  const aside = { ...a, id: 'aside', absent: 'aside' as const }
  const of = a.fingerprint
  const chosen = {
    [a.path]: { path: a.path, fingerprint: of, as: 'aside' },
    '/b': { path: '/b', fingerprint: 'b', as: 'present' }
  }
  answering({
    ...answers,
    'workspace.load': () => ({ ...left, chosen }) as never,
    'models.open'(params) {
      asked.push(params)
      return aside
    }
  })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  expect(asked).toEqual([{ path: a.path, of, as: 'aside' }])
  leave()
  await settled()
  expect(saved.at(-1)?.chosen).toEqual(chosen)
})

it('says it of none that a session stands in for, whatever was open in its place', async () => {
  const absent = { ...a, id: 'kept', absent: 'changed' as const }
  answering({
    ...answers,
    'workspace.load': () => ({ ...left, fingerprints: { '/a': 'a copy' } }) as never,
    'models.open': () => absent
  })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  expect(useModels().open).toEqual([absent])
  expect(workspace.others).toEqual([])
})

it('says the same of those that are opened again after a break', async () => {
  answering({ ...answers, 'models.close': () => null })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  opening.resolve(a)
  for (let i = 0; i < 5; i++) await settled()
  useStatus().reconnections++
  for (let i = 0; i < 15; i++) await settled()
  expect(workspace.others).toEqual([])
  opening = pending<ModelInfo>()
  opening.resolve({ ...a, id: 'other', fingerprint: 'other' })
  useStatus().reconnections++
  for (let i = 0; i < 15; i++) await settled()
  expect(workspace.others).toEqual(['/a'])
  // Asked for by a person they are meant as they are.
  workspace.others = []
  opening = pending<ModelInfo>()
  opening.resolve({ ...a, id: 'third', fingerprint: 'third' })
  await workspace.reopenModels()
  expect(workspace.others).toEqual([])
})

it('says it also of a model whose tokenizer alone is another, of none that a session stands in for, and of none whose id was not kept', async () => {
  const all = ['/a', '/b', '/c', '/d'].map(path => model(path.slice(1)))
  const fingerprints = Object.fromEntries(all.map(({ path, fingerprint }) => [path, fingerprint]))
  const ids = Object.fromEntries(all.map(({ path, id }) => [path, id]))
  delete ids['/c']
  const absent = { '/b': { absent: 'missing' as const } }
  answering({
    ...answers,
    'workspace.load': () =>
      ({ ...left, models: Object.keys(fingerprints), fingerprints, ids }) as never,
    'models.open': ({ path }) => ({
      ...all.find(own => own.path === path)!,
      ...(path !== '/d' && { id: `other ${path}` }),
      ...absent[path as '/b']
    })
  })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  expect(workspace.others).toEqual(['/a'])
  leave()
  await settled()
  expect(saved.at(-1)?.ids).toEqual({ ...ids, '/a': 'other /a', '/c': 'other /c' })
})

it('says it once of each, also of one that was on its way as the connection broke', async () => {
  const all = ['/a', '/c'].map(path => model(path.slice(1)))
  let isDown = true
  answering({
    ...answers,
    'workspace.load': () =>
      ({
        ...left,
        models: ['/a', '/c'],
        fingerprints: { '/a': 'before', '/c': 'before' }
      }) as never,
    'models.open'({ path }) {
      if (path === '/c' && isDown) throw new LamellaError('disconnected', 'gone')
      return all.find(own => own.path === path)!
    },
    'models.close': () => null
  })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  expect(workspace.others).toEqual(['/a'])
  isDown = false
  useStatus().reconnections++
  for (let i = 0; i < 25; i++) await settled()
  expect(useModels().lost).toEqual([])
  expect(workspace.others).toEqual(['/a', '/c'])
})

it('does not say it of one that is closed and opened anew by a person meanwhile', async () => {
  const all = ['/a', '/b'].map(path => model(path.slice(1)))
  const held = pending<null>()
  let isBroken = false
  answering({
    ...answers,
    'workspace.load': () => ({ ...left, models: ['/a', '/b'] }) as never,
    async 'models.open'({ path }) {
      const own = all.find(model => model.path === path)!
      if (!isBroken) return own
      if (path === '/a') await held.promise
      return { ...own, id: `other ${path}`, fingerprint: 'other' }
    },
    'models.close': () => null
  })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  isBroken = true
  useStatus().reconnections++
  await settled()
  const models = useModels()
  await models.leave('/b')
  const asked = models.openPath('/b')
  held.resolve(null)
  await asked
  for (let i = 0; i < 15; i++) await settled()
  expect(models.open.map(({ id }) => id)).toEqual(['other /a', 'other /b'])
  expect(workspace.others).toEqual(['/a'])
})

it('says of no other session that the files of its models have changed during a break', async () => {
  let there: ModelInfo = a
  const held = pending<null>()
  let isHeld = false
  answering({
    ...answers,
    async 'models.open'() {
      if (isHeld) await held.promise
      return there
    },
    'models.close': () => null
  })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  isHeld = true
  useStatus().reconnections++
  await settled()
  there = { ...a, id: 'other', fingerprint: 'other' }
  useModels().leaveAll()
  void workspace.restoreSession({ ...left })
  held.resolve(null)
  for (let i = 0; i < 15; i++) await settled()
  expect(useModels().open).toEqual([there])
  expect(workspace.others).toEqual([])
})

it('says it of models that stay open as the tabs of the window give way to others', async () => {
  let there: ModelInfo = a
  answering({ ...answers, 'models.open': () => there, 'models.close': () => null })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  there = { ...a, id: 'other', fingerprint: 'other' }
  // As where a model is pointed to, and all are opened anew.
  void workspace.restoreSession(workspace.sessionWindow())
  for (let i = 0; i < 15; i++) await settled()
  expect(workspace.others).toEqual(['/a'])
})

it('says nothing of an adapter for which another base is chosen, which is on its way no more', async () => {
  let isGone = true
  const answer = () => {
    if (isGone) throw new LamellaError('invalid-argument', 'its base is not known')
    return { ...a, fingerprint: 'with its base' }
  }
  const fingerprints = { '/a': 'with another base' }
  answering({
    ...answers,
    'workspace.load': () => ({ ...left, fingerprints }) as never,
    'models.open': answer
  })
  const workspace = useWorkspace()
  const models = useModels()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  expect(models.lost).toEqual(['/a'])
  isGone = false
  await openModel('/a', { base: '/base' })
  for (let i = 0; i < 15; i++) await settled()
  expect(models.activeOf('A')?.path).toBe('/a')
  expect(workspace.others).toEqual([])
  isGone = true
  await models.openPath('/a', 'A')
  expect(models.away).toEqual([])
})

describe('a session of a file', () => {
  const path = '/home/heads.lamella'
  const file = { path, savedAt: 5, moves: [], forgotten: [], notes: [] }
  const content = { window: {}, library: [], runs: [], notes: [], findings: [], figures: [] }
  const opened = (own: Partial<OpenSession> = {}): OpenSession => ({
    ...{ id: 'one', path, readOnly: null, content, models: [], texts: [], moves: [], notes: [] },
    saved: { at: 5, version: '1', keep: 'seen', bytes: 10 },
    ...own
  })
  const note = (path: string, fingerprint: string) => ({
    ...{ id: 'n', markdown: 'of it', at: 1 },
    on: { model: { path, fingerprint }, at: {} }
  })

  it('that was saved elsewhere during a break is not shown, nor written over', async () => {
    const notes = [note('/a', a.fingerprint)]
    let answer = opened()
    answering({
      ...answers,
      'workspace.load': () => ({ ...left, file, notes }) as never,
      'models.open': () => a,
      'sessions.open': () => answer
    })
    const workspace = useWorkspace()
    const session = useSession()
    await workspace.load()
    void workspace.start(bringSession)
    for (let i = 0; i < 15; i++) await settled()
    expect(session.file).toMatchObject({ readOnly: null })
    answer = opened({ id: 'two', saved: { ...answer.saved, at: 9 } })
    useStatus().reconnections++
    for (let i = 0; i < 15; i++) await settled()
    expect(session.notes).toEqual(notes)
    expect(session.file).toMatchObject({ id: 'two', saved: { at: 5 } })
    expect(session.file?.readOnly).toMatch(/open it again to see what is in it now/)
  })

  it('that was saved elsewhere while the window was away reads what it brings, by the names that has here', async () => {
    const plays = (text: string) => ({
      ...{ kind: 'corpus' as const, name: 'Plays', window: null, stride: null },
      of: { texts: [{ name: 'first', input: { text } }] }
    })
    const tab = { id: 't', type: 'head-atlas', preview: false }
    const context = { on: 'A', with: null, options: { over: 'Plays' } }
    const window = { ...left, tabs: [{ ...tab, context }] } as never
    const findings = [{ kind: 'head', corpus: 'Plays' }]
    const there = { ...content, window, library: [plays('theirs')], findings }
    const calls = answering({
      ...answers,
      'workspace.load': () => ({ ...left, file }) as never,
      'library.get': () => ({ history: [], items: [plays('own')] }),
      'library.put': () => null,
      'models.open': () => a,
      'sessions.open': () => opened({ content: there, saved: { ...opened().saved, at: 9 } })
    })
    const workspace = useWorkspace()
    const session = useSession()
    await workspace.load()
    void workspace.start(bringSession)
    for (let i = 0; i < 25; i++) await settled()
    expect(workspace.sessionWindow().tabs[0]?.context.options).toEqual({ over: 'Plays 2' })
    expect(session.findings).toEqual([{ kind: 'head', corpus: 'Plays 2' }])
    const put = calls.flatMap(({ method, params }) => (method === 'library.put' ? [params] : []))
    expect(put).toEqual([{ item: { ...plays('theirs'), name: 'Plays 2' }, instead: null }])
  })

  it('that was saved from here as the connection broke is not said to be saved elsewhere', async () => {
    // Panes are of another size by then, for what is said takes room, and views have asked for more.
    const layout = (height: number) => ({ grid: { height, root: { size: height } }, panels: {} })
    const lookedAt = [{ name: 'patterns', params: {}, of: {}, with: null }]
    const window = { ...left, layout: layout(810) } as never
    const { notes } = parseWorkspace({ ...left, notes: [note('/a', a.fingerprint)] })!
    const there = { ...content, window, notes }
    const here = { ...left, layout: layout(633), lookedAt, changed: true, notes, file }
    answering({
      ...answers,
      'workspace.load': () => here as never,
      'models.open': () => a,
      'sessions.open': () => opened({ content: there, saved: { ...opened().saved, at: 9 } })
    })
    const workspace = useWorkspace()
    const session = useSession()
    await workspace.load()
    void workspace.start(bringSession)
    for (let i = 0; i < 15; i++) await settled()
    expect(session.file).toMatchObject({ readOnly: null, saved: { at: 9 } })
    expect(session.changed).toBe(false)
  })

  it('says what was chosen there in place of what is another by now, and what lies beside one', async () => {
    const kept = { ...a, id: 'kept', absent: 'changed' as const }
    const b = model('b')
    const told = (model: ModelInfo, state: 'here' | 'changed') => ({
      ...{ ref: { path: model.path, fingerprint: model.fingerprint }, name: model.name, state },
      ...{ foundAt: null, formerly: [], kept: true }
    })
    const chosen = { '/a': { path: '/a', fingerprint: 'taken', as: 'present' } }
    const calls = answering({
      ...answers,
      'workspace.load': () =>
        ({
          ...{ ...left, file, models: ['/a', '/b'] },
          ...{ chosen, fingerprints: { '/a': 'taken' } }
        }) as never,
      'models.open': ({ path }) => (path === '/b' ? b : kept),
      'models.close': () => null,
      'sessions.open': () => opened({ models: [told(a, 'changed'), told(b, 'changed')] })
    })
    const workspace = useWorkspace()
    await workspace.load()
    void workspace.start(bringSession)
    for (let i = 0; i < 25; i++) await settled()
    const asked = calls.filter(({ method }) => method === 'models.open')
    expect(asked.map(({ params }) => params)).toEqual([
      { path: '/a', of: 'taken', as: 'present' },
      { path: '/b' }
    ])
    expect(useModels().open).toEqual([kept, b])
    // Nobody chose anything else: it is no step, and what was taken is asked for again.
    expect(useModels().chosen).toEqual(chosen)
    expect([workspace.others, workspace.otherBeside]).toEqual([['/b'], ['/b']])
  })

  it('says nothing of a model that is not where it was found any more, which its tabs tell', async () => {
    const [from, to] = ['before', 'put back'].map(fingerprint => ({ path: '/a', fingerprint }))
    answering({
      ...answers,
      'workspace.load': () => ({ ...left, file: { ...file, moves: [{ from, to }] } }) as never,
      'models.open': () => ({ ...a, ...from, absent: 'changed' as const }),
      'sessions.open': () => opened({ moves: [], notes: [] })
    })
    const workspace = useWorkspace()
    await workspace.load()
    void workspace.start(bringSession)
    for (let i = 0; i < 15; i++) await settled()
    expect(useSession().notice).toBe(null)
  })

  it('has its models where they were found, and says so', async () => {
    const from = { path: '/a', fingerprint: a.fingerprint }
    const there = model('moved')
    const to = { path: there.path, fingerprint: there.fingerprint }
    const notes = ['a: lies at /moved now (it was at /a)']
    const models = [
      {
        ...{ ref: to, name: 'a', state: 'here' as const },
        ...{ foundAt: to.path, formerly: [from.fingerprint], kept: true }
      }
    ]
    const alone = { on: { model: from, at: {} }, with: null }
    const calls = answering({
      ...answers,
      'workspace.load': () =>
        ({
          ...{ ...left, file, notes: [note('/a', a.fingerprint)] },
          tabs: [...left.tabs, { id: 'alone', type: 'tensor', context: alone }],
          fingerprints: { '/a': a.fingerprint }
        }) as never,
      'models.open': () => there,
      'runs.start': () => run(there, 'left', { tokens: Array(4).fill({}) as never }),
      'sessions.open': () => opened({ moves: [{ from, to }], models, notes })
    })
    const workspace = useWorkspace()
    const session = useSession()
    await workspace.load()
    void workspace.start(bringSession)
    for (let i = 0; i < 15; i++) await settled()
    const asked = calls.filter(({ method }) => method === 'models.open')
    expect(asked.map(({ params }) => params)).toEqual([{ path: '/moved' }])
    const { groups, tabs } = workspace.sessionWindow()
    expect(groups).toMatchObject([{ model: '/moved', texts: { '/moved': 'left' }, cell }])
    expect(tabs[1]?.context.on).toEqual({ model: to, at: {} })
    expect(session.notes).toEqual([note('/moved', there.fingerprint)])
    expect(session.changed).toBe(false)
    expect(session.notice).toMatchObject({ lines: notes })
    expect(session.notice?.ofChanges).toBeUndefined()
    // By its fingerprint of before it is the very same.
    expect(workspace.others).toEqual([])
  })

  describe('that was saved from here as all ended, and whose model was found elsewhere since,', () => {
    const [from, to] = ['/a', '/moved'].map(path => ({ path, fingerprint: `files at ${path}` }))
    const move = { from: from!, to: to! }
    const there = model('moved', { path: '/moved', fingerprint: 'files at /moved' })
    const plain = (window: object) => JSON.parse(JSON.stringify(window)) as never
    /** What the file has of a window, with its model where that was found. */
    const found = (window: object): OpenSession =>
      opened({
        ...{ id: 'two', moves: [move], saved: { ...opened().saved, at: 9 } },
        content: { ...content, window: movedTo(plain(window), move.from, move.to) }
      })

    it('is its own once it is loaded anew, with nothing that is not saved', async () => {
      answering({
        ...answers,
        'workspace.load': () => ({ ...left, file, changed: true }) as never,
        'models.open': () => there,
        'sessions.open': () => found(left)
      })
      const workspace = useWorkspace()
      const session = useSession()
      await workspace.load()
      void workspace.start(bringSession)
      for (let i = 0; i < 15; i++) await settled()
      expect(session.file).toMatchObject({ saved: { at: 9 }, readOnly: null })
      expect(session.changed).toBe(false)
    })

    it('is its own after a break', async () => {
      let answer = opened()
      answering({
        ...answers,
        'workspace.load': () => ({ ...left, file }) as never,
        'models.open': () => ({ ...a, ...from }),
        'sessions.open': () => answer
      })
      const workspace = useWorkspace()
      await workspace.load()
      void workspace.start(bringSession)
      for (let i = 0; i < 15; i++) await settled()
      answer = found(workspace.sessionWindow())
      useStatus().reconnections++
      for (let i = 0; i < 15; i++) await settled()
      expect(useSession().file).toMatchObject({ saved: { at: 9 }, readOnly: null })
    })
  })
})

it('brings back what was typed in a tab that stands alone and did not run', async () => {
  const source = { ...run(a, 'ran').source }
  const on = { run: source, at: {} }
  const tabs = [{ id: 't', type: 'head', context: { on, with: null } }]
  opening.resolve(a)
  answering({ ...answers, 'workspace.load': () => ({ ...left, tabs }) as never })
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  for (let i = 0; i < 15; i++) await settled()
  expect(useRuns().textOf(a, 't')).toBe('ran')
  useRuns().setText(a, 'typed', 't')
  leave()
  await settled()
  const then = saved.at(-1)!
  expect(then.alone).toEqual([{ tab: 't', cell: null, texts: { [a.path]: 'typed' } }])
  void workspace.restoreSession(parseSessionWindow(then)!)
  for (let i = 0; i < 15; i++) await settled()
  expect(useRuns().textOf(a, 't')).toBe('typed')
  // What was left before it was kept has none.
  const before = [{ tab: 't', cell: null }]
  void workspace.restoreSession(parseSessionWindow({ ...then, alone: before })!)
  for (let i = 0; i < 15; i++) await settled()
  expect(useRuns().textOf(a, 't')).toBe('ran')
})

it('brings the text back that was carried to a model on which none was typed', async () => {
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  opening.resolve(a)
  for (let i = 0; i < 5; i++) await settled()
  useRuns().text = 'carried'
  const other = model('other')
  useModels().open = [a, other]
  useModels().activate(other.id, 'A')
  await settled()
  expect(useRuns().textOf(other, 'A')).toBe('carried')
  const kept = parseSessionWindow(JSON.parse(JSON.stringify(workspace.sessionWindow())))!
  useRuns().carried = 'another'
  void workspace.restoreSession(kept)
  expect(useRuns().textOf(other, 'A')).toBe('carried')
})

it('is saved half a second after it changed last, and within five where it changes all the time', async () => {
  const workspace = useWorkspace()
  await workspace.load()
  void workspace.start(bringSession)
  opening.resolve(a)
  for (let i = 0; i < 5; i++) await settled()
  await vi.advanceTimersByTimeAsync(1000)
  saved = []
  const settings = useSettings()
  for (let i = 0; i < 40; i++) {
    settings.digits = settings.digits === '3' ? '4' : '3'
    await settled()
    await vi.advanceTimersByTimeAsync(300)
  }
  expect(saved).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(500)
  expect(saved).toHaveLength(3)
})
