import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Params } from '#common/contract/api.ts'
import type { LibraryItem, PastRun } from '#common/model/library.ts'
import { useFigurePanels } from '../../../../src/renderer/src/stores/figure-panels.ts'
import { useFigures } from '../../../../src/renderer/src/stores/figures.ts'
import { useLibrary } from '../../../../src/renderer/src/stores/library.ts'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import { addNote, leaveNote, writeNote } from '../../../../src/renderer/src/stores/notes.ts'
import { useRuns } from '../../../../src/renderer/src/stores/runs.ts'
import { useSession } from '../../../../src/renderer/src/stores/session.ts'
import { useSelection } from '../../../../src/renderer/src/stores/selection.ts'
import { useStatus } from '../../../../src/renderer/src/stores/status.ts'
import { useTabs, type Tab } from '../../../../src/renderer/src/stores/tabs.ts'
import { useWorkspace } from '../../../../src/renderer/src/stores/workspace.ts'
import { takeKept, takePresent } from '../../../../src/renderer/src/window/open-model.ts'
import { useUndo } from '../../../../src/renderer/src/window/session/undo.ts'
import { answering, model, pending, telling } from '../../fake-client.ts'
import { attachDock } from '../../fake-dock.ts'

const a = model('a')
const b = model('b')
/** Where a is found while it is open. */
const moved = model('moved')
const text: LibraryItem = { kind: 'text', name: 'Mine', input: { text: 'a text' } }
const tab = (id: string, type: string, context: Partial<Tab['context']> = {}): Tab => ({
  id,
  type,
  context: { on: 'A', with: null, ...context }
})
/** A dock with these tabs in each stack, side by side. */
const dock = (...stacks: readonly string[][]) => ({
  grid: {
    root: {
      type: 'branch',
      size: 1,
      data: stacks.map(views => ({
        type: 'leaf',
        size: Math.random(),
        data: { id: views[0], views }
      }))
    },
    orientation: 'HORIZONTAL'
  },
  panels: Object.fromEntries(stacks.flat().map(id => [id, { id }]))
})

let calls: ReturnType<typeof answering>
/** What the dock would write. */
let layout: unknown
/** What opening a model waits for. */
let opening: Promise<unknown>
/** What changing the library waits for, where it does. */
let writing: Promise<unknown> | null
/** What the workbench keeps of the library; every change is told before it is answered, as there. */
let kept: LibraryItem[]
/** What the page keeps while it is loaded anew, and what does so. */
let stored: Map<string, string>
let leave: () => void
beforeEach(async () => {
  vi.useFakeTimers()
  opening = Promise.resolve()
  writing = null
  kept = []
  const tell = () => {
    telling('library', { history: [], items: [...kept] })
    return null
  }
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  stored = new Map()
  vi.stubGlobal('window', {
    addEventListener(name: string, hear: () => void) {
      if (name === 'pagehide') leave = hear
    }
  })
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key)
  })
  calls = answering({
    'library.get': () => ({ history: [], items: [] }),
    'library.put': ({ item, instead }) => {
      kept = [...kept.filter(({ name }) => name !== (instead ?? item.name)), item as LibraryItem]
      return tell()
    },
    'library.remove': async ({ name }) => {
      await writing
      kept = kept.filter(item => item.name !== name)
      return tell()
    },
    'library.forget': () => tell(),
    'library.remember': () => tell(),
    'models.close': () => null,
    async 'models.open'({ path }) {
      await opening
      return [a, b, moved].find(model => model.path === path)!
    },
    'models.recent': () => []
  })
  layout = dock(['1', '2'])
  await openWindow([tab('1', 'head'), tab('2', 'attention')])
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A window with these tabs, in the place of the one before. */
async function openWindow(shown: readonly Tab[], change = () => {}): Promise<void> {
  setActivePinia(createPinia())
  useLibrary().follow()
  const tabs = useTabs()
  attachDock(
    () => layout,
    next => (layout = next)
  )
  const models = useModels()
  models.open = [a, b]
  models.activate(a.id, 'A')
  tabs.tabs = shown
  tabs.activeId = '1'
  useRuns().texts = { A: { '/a': 'first' } }
  change()
  useUndo()
  useWorkspace().ready = true
  await settled()
}

const undo = async () => {
  await useUndo().undo()
  await settled()
}
const redo = async () => {
  await useUndo().redo()
  await settled()
}
const label = () => useUndo().last?.label
async function settled(): Promise<void> {
  for (let i = 0; i < 40; i++) await nextTick()
}
const textShown = () => useRuns().textOf(useModels().activeOf('A'), 'A')
const textOf = (path = '/a') => useRuns().texts.A?.[path]

describe('what was done to the tabs', () => {
  it('is said, taken back and done again: closed, moved, compared, linked and set', async () => {
    const tabs = useTabs()
    layout = dock(['1'])
    tabs.tabs = tabs.tabs.slice(0, 1)
    await settled()
    expect(label()).toBe('closed Attention')
    await undo()
    expect(tabs.tabs.map(({ id }) => id)).toEqual(['1', '2'])
    expect(layout).toEqual(expect.objectContaining({ panels: { 1: { id: '1' }, 2: { id: '2' } } }))
    await redo()
    expect(tabs.tabs.map(({ id }) => id)).toEqual(['1'])
    await undo()

    layout = dock(['1'], ['2'])
    tabs.changes++
    await settled()
    expect(label()).toBe('moved Head 0.0 · attention')
    await undo()
    expect(layout).toMatchObject({ grid: { root: { data: [{ data: { views: ['1', '2'] } }] } } })

    tabs.compareWith('1', 'B')
    await settled()
    expect(label()).toBe('compared Head 0.0 · attention')
    tabs.setOptions('2', { order: 'score' })
    await settled()
    expect(label()).toBe('set Attention')
    tabs.putOn('2', 'B')
    await settled()
    expect(label()).toBe('linked Attention to group B')
    await undo()
    await undo()
    expect(tabs.find('2')).toEqual(tab('2', 'attention'))
    expect(tabs.find('1')?.context.with).toBe('B')
    await undo()
    expect(tabs.find('1')?.context.with).toBe(null)
    expect(label()).toBe(undefined)
  })

  it('does not hang on sizes and on which is in front', async () => {
    layout = dock(['1', '2'])
    useTabs().changes++
    useTabs().activeId = '2'
    await settled()
    expect(label()).toBe(undefined)
  })

  it('is not what follows from something else, whether it comes alone or with what was done', async () => {
    const tabs = useTabs()
    tabs.setOptions('2', { order: 'score' })
    await settled()
    tabs.setUnasked(() => tabs.setOptions('2', { order: 'place' }))
    await settled()
    expect(tabs.find('2')?.context.options).toEqual({ order: 'place' })
    expect(useUndo().last).toMatchObject({ label: 'set Attention', number: 1 })
    tabs.compareWith('1', 'B')
    tabs.setUnasked(() => tabs.setOptions('2', { bound: 1 }))
    await settled()
    expect(label()).toBe('compared Head 0.0 · attention')
    await undo()
    expect(tabs.find('2')?.context.options).toEqual({ order: 'place', bound: 1 })
    await undo()
    expect(tabs.find('2')?.context.options).toBeUndefined()
    expect(label()).toBe(undefined)
    await redo()
    expect(tabs.find('2')?.context.options).toEqual({ order: 'score' })
  })

  it('leaves where a tab that stands alone was gone meanwhile', async () => {
    const tabs = useTabs()
    const on = (layer: number) => ({ model: { path: '/a', fingerprint: '' }, at: { layer } })
    tabs.putOn('1', on(0))
    await settled()
    tabs.setOptions('1', { order: 'score' })
    await settled()
    tabs.move('1', 'on', on(2))
    await settled()
    expect(label()).toBe('set Head 0.0 · attention')
    await undo()
    expect(tabs.find('1')?.context).toMatchObject({ on: on(2), options: {} })
  })

  it('is one step where a tab that stands alone runs the text that was typed in it', async () => {
    const [tabs, runs] = [useTabs(), useRuns()]
    const model = { path: '/a', fingerprint: '' }
    const on = (text: string) => ({
      ...{ run: { model, input: { text }, edits: [], provider: 'auto' }, at: {} }
    })
    tabs.putOn('1', on('first') as never)
    await settled()
    const before = tabs.find('1')
    runs.texts = { ...runs.texts, 1: { '/a': 'second' } }
    await settled()
    vi.advanceTimersByTime(60_000)
    tabs.putOn('1', on('second') as never)
    await settled()
    expect(label()).toBe('changed the text')
    await undo()
    expect(tabs.find('1')).toEqual(before)
    expect(runs.texts).not.toMatchObject({ 1: { '/a': 'second' } })
  })

  it('is one step where a view is opened for a panel to be drawn anew', async () => {
    const [tabs, panels] = [useTabs(), useFigurePanels()]
    const first = useFigures().add('0')
    await settled()
    const [before, name] = [tabs.tabs, useFigures().find(first)!.name]
    panels.opened = '3'
    tabs.tabs = [...before, tab('3', 'overview')]
    await settled()
    vi.advanceTimersByTime(60_000)
    useFigures().change(first, { name: 'Other' })
    await settled()
    await undo()
    expect(tabs.tabs).toEqual(before)
    expect(useFigures().find(first)?.name).toBe(name)
    expect(label()).toBe(`made “${name}”`)
  })

  it('opened for a look, one after the other, is one step', async () => {
    const tabs = useTabs()
    const before = tabs.tabs
    for (const type of ['overview', 'head-atlas', 'query-key']) {
      tabs.tabs = [...before, { ...tab('3', type), preview: true }]
      vi.advanceTimersByTime(60_000)
      await settled()
    }
    await undo()
    expect(tabs.tabs).toEqual(before)
    expect(label()).toBe(undefined)
  })
})

describe('what was typed', () => {
  it('is taken back as far as it was typed without a pause of a second', async () => {
    const runs = useRuns()
    for (const [value, pause] of [
      ['first w', 100],
      ['first wo', 900],
      ['first word', 1500],
      ['first words', 0]
    ] as const) {
      runs.setText(a, value, 'A')
      await settled()
      vi.advanceTimersByTime(pause)
    }
    await undo()
    expect(textOf()).toBe('first word')
    await undo()
    expect(textOf()).toBe('first')
    await redo()
    await redo()
    expect(textOf()).toBe('first words')
  })

  it('is what was there before, also where the first text is that of another model', async () => {
    const [models, runs] = [useModels(), useRuns()]
    models.activate(b.id, 'A')
    await settled()
    expect(runs.text).toBe('first')
    runs.text = 'second'
    await settled()
    expect(label()).toBe('changed the text')
    await undo()
    expect(runs.text).toBe('first')
    await redo()
    expect(runs.text).toBe('second')
    leave()
    await openWindow(useTabs().tabs, () => {
      useModels().activate(b.id, 'A')
      useRuns().texts = { A: { '/a': 'first', '/b': 'second' } }
    })
    await undo()
    expect(useRuns().text).toBe('first')
  })

  it('leaves a model that was opened for no group between two letters', async () => {
    const models = useModels()
    models.open = [a]
    await settled()
    useRuns().text = 'o'
    await settled()
    models.open = [a, b]
    await settled()
    useRuns().text = 'on'
    await settled()
    await undo()
    expect([textOf(), models.open]).toEqual(['o', [a, b]])
    await undo()
    expect(textOf()).toBe('first')
  })

  it('in a note is a step once there is something in it, and an empty one is none', async () => {
    const session = useSession()
    addNote(null, 'notes')
    const [empty] = session.notes
    await settled()
    expect(label()).toBe(undefined)
    leaveNote(empty!.id)
    await settled()
    expect([session.notes, label()]).toEqual([[], undefined])
    addNote(null, 'notes')
    const { id } = session.notes[0]!
    writeNote(id, 'w')
    await settled()
    expect(label()).toBe('wrote a note')
    addNote(null, 'notes')
    await undo()
    expect(session.notes).toEqual([])
    await redo()
    expect(session.notes).toMatchObject([{ id, markdown: 'w' }])
  })

  it('says of a finding that is removed that it is deleted', async () => {
    const session = useSession()
    session.findings = [{ id: 'f' }] as never
    await settled()
    expect(useUndo().last).toMatchObject({ label: 'kept a finding', deleted: null })
    session.findings = []
    await settled()
    expect(useUndo().last).toMatchObject({ label: 'removed a finding', deleted: 'A finding' })
  })

  it('leaves a note that is begun, and says no deletion of one that is emptied', async () => {
    const session = useSession()
    const note = (markdown: string) => ({ id: '9', on: null, markdown, at: 1 })
    session.notes = [note(' \n')]
    await settled()
    expect(label()).toBe(undefined)
    useRuns().texts = { A: { '/a': 'second' } }
    useRuns().carried = 'since'
    await settled()
    await undo()
    expect(session.notes).toHaveLength(1)
    session.notes = [note('w')]
    await settled()
    session.notes = [note('')]
    await settled()
    expect(useUndo().last).toMatchObject({ label: 'wrote a note', deleted: null })
    session.notes = []
    await settled()
    expect(label()).toBe('wrote a note')
  })

  it('leaves the text that was carried since', async () => {
    useRuns().texts = { A: { '/a': 'second' } }
    await settled()
    useRuns().carried = 'since'
    await settled()
    await undo()
    expect(useRuns().carried).toBe('since')
  })

  it('leaves the texts of other models and the selection as they are', async () => {
    const runs = useRuns()
    const edit = { hook: 'blocks.0.attn.hook_z', at: {}, scale: 0, add: 0 }
    runs.setEdits([edit], 'A')
    await settled()
    expect(label()).toBe('changed the edits')
    runs.texts = { ...runs.texts, A: { ...runs.texts.A, '/b': 'of b' } }
    await settled()
    useSelection().selectHead(2, 3, 'A')
    await undo()
    await undo()
    expect(runs.editsOf(a, 'A')).toEqual([])
    expect(runs.texts.A).toEqual({ '/a': 'first' })
    expect(useSelection().headOf('A')).toEqual({ layer: 2, head: 3 })
  })
})

describe('models', () => {
  it('that were closed are opened again, where they were', async () => {
    const models = useModels()
    await models.close(a.id)
    await settled()
    expect(label()).toBe('closed a')
    expect(models.activeOf('A')).toEqual(b)
    await undo()
    expect(models.activeOf('A')).toEqual(a)
    expect(useUndo().next?.label).toBe('closed a')
    expect(label()).toBe(undefined)
  })

  it('that were closed are one step where they are several, and run their texts once they are back', async () => {
    const models = useModels()
    for (const { id } of [a, b]) void models.close(id)
    await settled()
    expect(label()).toBe('closed 2 models')
    calls.length = 0
    await undo()
    const ran = calls.filter(({ method }) => method === 'runs.start')
    expect(ran.map(({ params }) => (params as Params<'runs.start'>).source.input)).toEqual([
      { text: 'first' }
    ])
  })

  it('run what was carried to them as a text of their own, which is no step', async () => {
    const runs = useRuns()
    runs.texts = {}
    runs.carried = 'carried'
    await settled()
    const before = useUndo().seal()
    await runs.start('A')
    await settled()
    expect([textOf(), useUndo().seal()]).toEqual(['carried', before])
    runs.text = 'typed'
    await settled()
    expect(label()).toBe('changed the text')
    runs.carried = 'another'
    await undo()
    expect(textOf()).toBe('carried')
  })

  it('that were closed have the text again that was carried to them', async () => {
    const [models, runs] = [useModels(), useRuns()]
    runs.texts = { A: { '/b': 'of b' } }
    runs.carried = 'carried'
    await settled()
    expect(textShown()).toBe('carried')
    await models.close(a.id)
    await settled()
    expect(textShown()).toBe('of b')
    await undo()
    expect([models.activeOf('A'), textShown()]).toEqual([a, 'carried'])
  })

  it('are brought back while other things are done, which are steps', async () => {
    const models = useModels()
    await models.close(a.id)
    await settled()
    const there = pending<void>()
    opening = there.promise
    void useUndo().undo()
    await settled()
    expect([models.activeOf('A'), models.pathOf('A')]).toEqual([null, '/a'])
    useRuns().texts = { A: { '/b': 'meanwhile' } }
    await settled()
    expect(label()).toBe('changed the text')
    await models.close(b.id)
    await settled()
    expect(label()).toBe('closed b')
    there.resolve()
    await settled()
    expect(models.activeOf('A')).toEqual(a)
    expect(label()).toBe('closed b')
    await undo()
    await undo()
    expect(label()).toBe(undefined)
    expect(models.open.map(({ path }) => path).toSorted()).toEqual(['/a', '/b'])
  })

  it('that are on their way back close again where that is done again at once', async () => {
    const models = useModels()
    await models.close(a.id)
    await settled()
    const there = pending<void>()
    opening = there.promise
    void useUndo().undo()
    await settled()
    void useUndo().redo()
    await settled()
    there.resolve()
    await settled()
    expect(models.open).toEqual([b])
    expect(models.activeOf('A')).toEqual(b)
    expect([label(), useUndo().next]).toEqual(['closed a', null])
  })

  it('that are on their way back stay where closing them is done again and taken back at once', async () => {
    const models = useModels()
    await models.close(a.id)
    await settled()
    const there = pending<void>()
    opening = there.promise
    void useUndo().undo()
    await settled()
    void useUndo().redo()
    await settled()
    void useUndo().undo()
    await settled()
    there.resolve()
    await settled()
    expect([label(), useUndo().next?.label]).toEqual([undefined, 'closed a'])
    expect(models.open.map(({ path }) => path).toSorted()).toEqual(['/a', '/b'])
    expect(models.activeOf('A')).toEqual(a)
  })

  it('that are there again by then are not asked for', async () => {
    const models = useModels()
    await models.close(a.id)
    await settled()
    await models.openPath('/a', null)
    await settled()
    calls.length = 0
    await undo()
    expect(calls.filter(({ method }) => method === 'models.open')).toEqual([])
    expect(models.activeOf('A')).toEqual(a)
  })

  it('that were opened into a group that had none leave it so', async () => {
    const models = useModels()
    models.activate(b.id, 'B')
    await settled()
    expect(label()).toBe('switched to b')
    await undo()
    expect([models.activeOf('A'), models.activeOf('B')]).toEqual([a, null])
  })

  it('that were chosen are given back', async () => {
    const models = useModels()
    models.activate(b.id, 'A')
    await settled()
    expect(label()).toBe('switched to b')
    await undo()
    expect(models.activeOf('A')).toEqual(a)
  })
})

describe('what was chosen of the models of a session', () => {
  const ref = ({ path, fingerprint }: typeof a) => ({ path, fingerprint })
  const now = model('a', { id: 'there now', fingerprint: 'other' })
  const aside = model('a', { id: 'kept', absent: 'aside' })
  const changed = model('a', { id: 'kept', absent: 'changed' })
  /** What opening the path comes to, by what is asked for. */
  let own: typeof a
  const open = () => useModels().open.find(({ path }) => path === '/a')
  beforeEach(() => {
    own = a
    calls = answering({
      'models.open'({ of, as }) {
        if (as === 'aside') return aside
        return as === 'present' ? now : of === changed.fingerprint && own === now ? changed : own
      },
      'models.close': () => null,
      'models.recent': () => [],
      'library.remember': () => null
    })
  })

  it('is a step: set aside, and computed with again', async () => {
    await takeKept(ref(a))
    await settled()
    expect([label(), useSession().changed]).toEqual(['set a aside', true])
    await takePresent(aside)
    await settled()
    expect(label()).toBe('computed with a again')
    await undo()
    expect(open()).toEqual(aside)
    await undo()
    expect([open(), label(), useSession().changed]).toEqual([a, undefined, false])
    await redo()
    expect([open(), label()]).toEqual([aside, 'set a aside'])
  })

  it('is one where what is there now is opened in its place, also once that is saved', async () => {
    own = changed
    await useModels().openPath('/a', null)
    await settled()
    expect(label()).toBe(undefined)
    await takePresent(changed)
    await settled()
    expect([label(), useSession().changed]).toEqual(['opened a as it is there', true])
    await undo()
    expect(open()).toEqual(changed)
    await redo()
    expect(open()).toEqual(now)
    // The session is of what is there, too, from then on.
    own = now
    const models = [now, a].map(info => ({
      ...{
        ref: ref(info),
        name: 'a',
        state: 'here' as const,
        foundAt: null,
        formerly: [],
        kept: true
      }
    }))
    useSession().file = {
      ...{ id: '1', path: '/a.lamella', readOnly: null, moves: [], notes: [], models, texts: [] },
      library: [],
      saved: { at: 1, version: '1', keep: 'seen', bytes: 1 }
    }
    expect(useSession().keepsBeside(now)).toEqual([ref(a)])
    await undo()
    expect(open()).toEqual(changed)
    await redo()
    expect(open()).toEqual(now)
  })
})

describe('a model that is found elsewhere', () => {
  const ref = ({ path, fingerprint }: typeof a) => ({ path, fingerprint })
  const find = () => (useSession().found = [{ from: ref(a), to: ref(moved) }])
  const open = () => useModels().open.map(({ path }) => path)

  it('is asked for nothing any more where it was', async () => {
    find()
    expect(open()).toEqual(['/b'])
    await settled()
    const asked = calls.filter(({ method }) => method === 'models.open')
    expect(asked.map(({ params }) => params)).not.toContainEqual({ path: '/a' })
    expect([open(), label()]).toEqual([['/moved', '/b'], 'found moved'])
  })

  it('has its past runs in the list by where it is', async () => {
    const past: PastRun = {
      source: { model: ref(a), input: { text: 'x' }, edits: [], provider: 'auto' },
      ...{ modelName: 'a', at: 1 }
    }
    useSession().setRuns([past])
    find()
    await settled()
    const runs = [{ ...past, source: { ...past.source, model: ref(moved) } }]
    expect(calls.findLast(({ method }) => method === 'library.remember')?.params).toEqual({ runs })
  })
})

describe('what has a name', () => {
  it('is kept, renamed and deleted, and each of it taken back', async () => {
    const library = useLibrary()
    await library.put(text)
    await settled()
    expect(label()).toBe('kept the text “Mine”')
    await library.rename(text, 'Yours')
    await settled()
    expect(label()).toBe('renamed the text “Mine”')
    await library.remove({ ...text, name: 'Yours' })
    await settled()
    expect(useUndo().last).toMatchObject({ label: 'deleted the text “Yours”', deleted: 'Yours' })
    await undo()
    expect(kept).toEqual([{ ...text, name: 'Yours' }])
    await undo()
    expect(calls.at(-1)).toEqual({
      method: 'library.put',
      params: { item: text, instead: 'Yours' }
    })
    await undo()
    expect(kept).toEqual([])
    await redo()
    expect(kept).toEqual([text])
  })

  it('in another window is left alone', async () => {
    await useLibrary().put(text)
    await settled()
    kept = [text, { ...text, name: 'Theirs' }]
    telling('library', { history: [], items: kept })
    await settled()
    expect(label()).toBe('kept the text “Mine”')
    await undo()
    expect(kept.map(({ name }) => name)).toEqual(['Theirs'])
  })

  it('and runs that were deleted from the list come back', async () => {
    const past: PastRun = {
      source: { model: a, input: { text: 'x' }, edits: [], provider: 'auto' },
      modelName: 'a',
      at: 1
    }
    const library = useLibrary()
    await library.forget([past])
    await settled()
    expect(useUndo().last).toMatchObject({ label: 'deleted a run', deleted: 'A run' })
    await undo()
    expect(calls.at(-1)).toEqual({ method: 'library.remember', params: { runs: [past] } })
    await redo()
    expect(calls.at(-1)).toEqual({ method: 'library.forget', params: { runs: [past] } })
    await undo()
    expect(label()).toBe(undefined)
  })

  it('is taken back without that being a step, however long the library takes', async () => {
    await useLibrary().put(text)
    await settled()
    const written = pending<void>()
    writing = written.promise
    const undoing = useUndo().undo()
    await settled()
    written.resolve()
    await undoing
    await settled()
    expect([kept, label(), useUndo().next?.label]).toEqual([[], undefined, 'kept the text “Mine”'])
  })
})

describe('the provider that is chosen', () => {
  it('is taken back and chosen again, and differs from what is saved', async () => {
    const status = useStatus()
    useUndo().noteSaved(useUndo().seal())
    status.choice = 'webgpu'
    await settled()
    expect(label()).toBe('set the provider to webgpu')
    expect(useSession().changed).toBe(true)
    const asked = () => useRuns().sourceOf(a, 'A').provider
    expect(asked()).toBe('webgpu')
    await undo()
    expect(asked()).toBe('auto')
    expect(useSession().changed).toBe(false)
    await redo()
    expect(asked()).toBe('webgpu')
    expect(useSession().changed).toBe(true)
  })

  it('stays where something else is taken back', async () => {
    useTabs().compareWith('1', 'B')
    await settled()
    useStatus().choice = 'cpu'
    await settled()
    useSession().notes = [{ id: 'n', on: null, markdown: 'a note', at: 1 }]
    await settled()
    await undo()
    expect(useStatus().choice).toBe('cpu')
    expect(label()).toBe('set the provider to cpu')
  })
})

describe('a window that is loaded anew', () => {
  const three = [tab('1', 'head'), tab('2', 'attention'), tab('3', 'overview')]

  it('goes on with what was done in it, and knows what is saved', async () => {
    const tabs = useTabs()
    tabs.tabs = three
    await settled()
    useUndo().noteSaved(useUndo().seal())
    tabs.compareWith('1', 'B')
    await settled()
    useSession().notes = [{ id: 'n', on: null, markdown: 'a note', at: 1 }]
    await settled()
    await undo()
    leave()
    const shown = tabs.tabs.map(own => ({ ...own }))
    await openWindow(shown, () => (useSession().changed = true))
    expect(label()).toBe('compared Head 0.0 · attention')
    await redo()
    expect(useSession().notes).toMatchObject([{ markdown: 'a note' }])
    await undo()
    await undo()
    expect(useTabs().find('1')?.context.with).toBe(null)
    expect(useSession().changed).toBe(false)
    await undo()
    expect(useTabs().tabs.map(({ id }) => id)).toEqual(['1', '2'])
    expect(useSession().changed).toBe(true)
    expect(label()).toBe(undefined)
  })

  describe('while its models are on their way', () => {
    let there: ReturnType<typeof pending<void>>
    /** Groups A and B are about one model each, of which none is open yet. */
    const openBefore = (change = () => {}) =>
      openWindow(three, () => {
        there = pending<void>()
        opening = there.promise
        const models = useModels()
        models.open = []
        models.clearGroups()
        void models.bringBack(['/a'], { A: '/a' })
        void models.bringBack(['/b'], { B: '/b' })
        change()
      })
    beforeEach(async () => {
      useModels().activate(b.id, 'B')
      useTabs().tabs = three
      await settled()
      leave()
    })

    it('goes on with what was done, and what is done then is a step', async () => {
      await openBefore()
      const { session, models } = { session: useSession(), models: useModels() }
      expect([label(), session.changed]).toEqual(['opened Overview', false])
      session.notes = [{ id: 'n', on: null, markdown: 'early', at: 1 }]
      await settled()
      expect([label(), session.changed]).toEqual(['wrote a note', true])
      there.resolve()
      await settled()
      expect([models.activeOf('A'), models.activeOf('B')]).toEqual([a, b])
      expect([label(), session.changed]).toEqual(['wrote a note', true])
      await undo()
      expect([session.notes, session.changed]).toEqual([[], false])
      expect(models.open).toEqual([a, b])
    })

    it('is not changed by one that comes, nor by one that cannot', async () => {
      await openBefore()
      const before = useUndo().last
      there.reject(new Error('gone'))
      await settled()
      expect([useModels().open, useModels().pathOf('A')]).toEqual([[], '/a'])
      expect([useUndo().last, useSession().changed]).toEqual([before, false])
    })

    it('keeps one that comes while something is typed, also where that is taken back', async () => {
      await openBefore()
      useRuns().texts = { A: { '/a': 'first w' } }
      await settled()
      there.resolve()
      await settled()
      useRuns().texts = { A: { '/a': 'first wo' } }
      await settled()
      await undo()
      expect([textOf(), label()]).toEqual(['first', 'opened Overview'])
      expect(useModels().open).toEqual([a, b])
    })

    it('has another model where that was chosen before its own came, as a step', async () => {
      await openBefore()
      const models = useModels()
      const other = model('c')
      models.open = [other]
      models.activate(other.id, 'A')
      await settled()
      expect([label(), useSession().changed]).toEqual(['opened c', true])
      there.resolve()
      await settled()
      expect([models.activeOf('A'), models.activeOf('B')]).toEqual([other, b])
      expect(label()).toBe('opened c')
      await undo()
      expect(models.activeOf('A')).toEqual(a)
    })

    it('has one that cannot be opened no more once that is dismissed, which is a step', async () => {
      await openBefore()
      there.reject(new Error('gone'))
      await settled()
      const models = useModels()
      models.dismissFailure('/b')
      await settled()
      expect([label(), models.pathOf('B')]).toEqual(['closed b', null])
      opening = Promise.resolve()
      await undo()
      expect(models.activeOf('B')).toEqual(b)
    })

    it('gives a group its model back where another that was chosen meanwhile is taken back', async () => {
      await openBefore()
      const models = useModels()
      const other = model('c')
      models.open = [other]
      models.activate(other.id, 'A')
      await settled()
      void useUndo().undo()
      await settled()
      expect(models.pathOf('A')).toBe('/a')
      there.resolve()
      await settled()
      expect(models.activeOf('A')).toEqual(a)
    })

    it('takes a group back that had none while its model is on its way', async () => {
      await openBefore()
      await undo()
      expect([useUndo().next?.label, useModels().pathOf('B')]).toEqual(['opened Overview', null])
      there.resolve()
      await settled()
      expect([useModels().activeOf('A'), useModels().activeOf('B')]).toEqual([a, null])
    })

    it('asks for no model again that could not be opened, as something else is taken back', async () => {
      await openBefore()
      there.reject(new Error('gone'))
      await settled()
      useSession().notes = [{ id: 'n', on: null, markdown: 'later', at: 1 }]
      await settled()
      expect(useModels().lost).toEqual(['/a', '/b'])
      calls.length = 0
      await undo()
      await undo()
      expect(calls.filter(({ method }) => method === 'models.open')).toEqual([])
    })

    it('is left again with all that was done in it', async () => {
      await openBefore()
      useTabs().compareWith('1', 'B')
      await settled()
      leave()
      const shown = useTabs().tabs
      await openBefore(() => (useTabs().tabs = shown))
      expect(label()).toBe('compared Head 0.0 · attention')
      await undo()
      expect(label()).toBe('opened Overview')
    })
  })

  it('takes each run back that was deleted in it, and no other', async () => {
    const past = (text: string): PastRun => ({
      source: { model: a, input: { text }, edits: [], provider: 'auto' },
      modelName: 'a',
      at: 1
    })
    await useLibrary().forget([past('x')])
    await settled()
    await useLibrary().forget([past('y')])
    await settled()
    leave()
    await openWindow(useTabs().tabs)
    await undo()
    expect(calls.at(-1)).toEqual({ method: 'library.remember', params: { runs: [past('y')] } })
    await undo()
    expect(calls.at(-1)).toEqual({ method: 'library.remember', params: { runs: [past('x')] } })
  })

  it('knows nothing of what was done in another session, or before the last time', async () => {
    useTabs().tabs = three
    await settled()
    leave()
    await openWindow(three.slice(1))
    expect(label()).toBe(undefined)
    await openWindow(three)
    expect(label()).toBe(undefined)
  })

  it.each([
    ['is cut', (left: string) => left.slice(0, 40)],
    ['is none', () => 'null'],
    ['names parts that are not there', (left: string) => left.replace(/"tabs":\d+/, '"tabs":99')],
    ['lacks how the session was', (left: string) => left.replace('"present":', '"before":')]
  ])('goes on without what it left where that %s', async (_, damaged) => {
    useTabs().tabs = three
    await settled()
    leave()
    const [[place, left]] = [...stored] as [[string, string]]
    expect(damaged(left)).not.toBe(left)
    stored.set(place, damaged(left))
    await openWindow(three)
    expect(label()).toBe(undefined)
    useTabs().compareWith('1', 'B')
    await settled()
    expect(label()).toBe('compared Head 0.0 · attention')
  })
})

describe('another session', () => {
  it('has no closed tabs to open again but its own', async () => {
    const tabs = useTabs()
    tabs.closed = [{ tab: tab('3', 'lines'), standing: null }]
    await useUndo().restart(() => Promise.resolve())
    expect(tabs.closed).toEqual([])
  })
})
