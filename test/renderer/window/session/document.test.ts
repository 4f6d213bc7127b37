import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '#common/contract/api.ts'
import type { CallOptions } from '#common/contract/rpc.ts'
import type { OpenSession } from '#common/contract/session.ts'
import { packedContent, panelContent } from '#common/figure/panels/panel-content.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { movedTo } from '#common/model/moved-to.ts'
import type { LibraryItem } from '#common/model/library.ts'
import type { Note } from '#common/model/session.ts'
import { useLibrary } from '../../../../src/renderer/src/stores/library.ts'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../../src/renderer/src/stores/runs.ts'
import { useSession } from '../../../../src/renderer/src/stores/session.ts'
import { useTabs } from '../../../../src/renderer/src/stores/tabs.ts'
import { useWindow } from '../../../../src/renderer/src/stores/window.ts'
import { useWorkspace } from '../../../../src/renderer/src/stores/workspace.ts'
import { lookAgain, takeKept, takePresent } from '../../../../src/renderer/src/window/open-model.ts'
import { sessionContent } from '../../../../src/renderer/src/window/session/content.ts'
import { useDocument } from '../../../../src/renderer/src/window/session/document.ts'
import { speakThere } from '../../../../src/renderer/src/window/session/relocate-model.ts'
import { useUndo } from '../../../../src/renderer/src/window/session/undo.ts'
import { keptFigure } from '../../../common/figure/kind-examples.ts'
import { answering, model, pending, run } from '../../fake-client.ts'
import { attachDock } from '../../fake-dock.ts'

type Saved = Result<'sessions.save'>

const path = '/home/heads.lamella'
/** One that has a text by name. */
const named = '/home/named.lamella'
const saved = { at: 5, version: '1', keep: 'seen', bytes: 10 } as const
const seen = { files: 2, bytes: 9, left: 0, mark: 'm' }
const note = (markdown: string): Note => ({ id: '1', on: null, markdown, at: 1 })
const own = (name: string, info: Partial<ReturnType<typeof model>> = {}) => {
  const { path, fingerprint } = model(name, info)
  const ref = { path, fingerprint }
  return { ref, name, state: 'here', foundAt: null, formerly: [], kept: true } as const
}
const opened = (change: Partial<OpenSession> = {}): OpenSession => ({
  ...{ id: 'one', path, readOnly: null, saved, texts: [], moves: [], notes: [] },
  models: [{ ...own('a'), formerly: [] }],
  content: { window: window(), library: [], runs: [], notes: [], findings: [], figures: [] },
  ...change
})
const window = (paths: readonly string[] = ['/a']): OpenSession['content']['window'] => ({
  ...{ version: 2, models: [...paths], provider: 'auto', tabs: [], activeTab: null, layout: null },
  ...{ groups: [], lookedAt: [] }
})

let calls: ReturnType<typeof answering>
/** What saving comes to. */
let saving: (options: CallOptions) => Promise<Saved> | Saved
/** Why no model is taken to be elsewhere. */
let refusal: LamellaError | null
/** What opening a model comes to. */
let openingModel: Promise<unknown>
/** What opening a session, keeping what has a name, and looking at a model wait for. */
let reading: Promise<unknown>
let keeping: Promise<unknown>
let looking: Promise<unknown>
/** What is told of a session that is opened, beside what is in it. */
let told: Partial<OpenSession>
/** Why models are not there, where a session stands in for them. */
let absent: Pick<ModelInfo, 'absent'>
beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  vi.stubGlobal('window', { addEventListener: () => undefined })
  vi.stubGlobal('sessionStorage', {
    ...{ getItem: () => null, setItem: () => undefined, removeItem: () => undefined }
  })
  openingModel = reading = keeping = looking = Promise.resolve()
  refusal = null
  told = absent = {}
  saving = () => ({
    id: 'one',
    path,
    saved,
    models: [{ ...own('b'), formerly: [] }],
    texts: [],
    notes: []
  })
  calls = answering({
    'sessions.open': async ({ path: asked }) => {
      await reading
      const library = [{ kind: 'text', name: 'Mine', input: { text: 'a text' } } as const]
      if (asked === named) return opened({ content: { ...opened().content, library } })
      return asked === path ? opened(told) : opened({ id: 'other', path: asked })
    },
    'sessions.save': (_, options) => saving(options),
    'sessions.sizes': () => ({ recompute: 1, seen: 2, everything: 3, texts: [], without: [] }),
    'sessions.close': () => null,
    'sessions.recent': () => [],
    'sessions.missing': () => [],
    'sessions.relocate': async ({ from, to }) => {
      await looking
      if (refusal !== null) throw refusal
      const there = typeof to === 'string' ? { path: to, fingerprint: `files at ${to}` } : to
      const notes = typeof to === 'string' ? [`a: lies at ${to} now`] : []
      return { session: movedTo(opened({ notes }), from, there), model: there }
    },
    'workspace.save': () => null,
    'library.put': async () => {
      await keeping
      return null
    },
    'library.remember': () => null,
    'models.close': () => null,
    'models.recent': () => [],
    'models.open': async ({ path }) => {
      await openingModel
      if (path === '/moved') return model('moved', { fingerprint: 'files at /moved' })
      return model(path.slice(1), absent)
    }
  })
  setActivePinia(createPinia())
  attachDock(
    () => null,
    () => undefined
  )
  useUndo()
  useWorkspace().ready = true
  await settled()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await nextTick()
}
/** Has sessions wait to be read. */
function held() {
  const read = pending<void>()
  reading = read.promise
  return read
}
const called = (method: string) => calls.filter(call => call.method === method).length

describe('saving', () => {
  it('has what was done meanwhile be what is not saved', async () => {
    const done = pending<Saved>()
    saving = () => done.promise
    const session = useSession()
    const waiting = useDocument().save(path, 'seen', false)
    await settled()
    session.notes = [note('written meanwhile')]
    await settled()
    done.resolve({ id: 'one', path, saved, models: [], texts: [], notes: [] })
    expect(await waiting).toBe(true)
    await settled()
    expect(session.changed).toBe(true)
    saving = () => ({ id: 'one', path, saved, models: [], texts: [], notes: [] })
    await useDocument().save(path, 'seen', false)
    await settled()
    expect(session.changed).toBe(false)
  })

  it('tells which models the file has, and has the window kept as it is then', async () => {
    await useDocument().save(path, 'seen', false)
    expect(useSession().file?.models).toMatchObject([{ ref: { path: '/b' } }])
    expect(called('workspace.save')).toBe(2)
  })

  it.each([[[]], [['1 result could not be had and is not in it: the engine ended']]])(
    'says what is not in it: %j',
    async notes => {
      saving = () => ({ id: 'one', path, saved, models: [], texts: [], notes })
      expect(await useDocument().save(path, 'seen', false)).toBe(true)
      const session = useSession()
      const title = `“${session.name}” is saved.`
      expect(session.notice).toEqual(notes.length === 0 ? null : { title, lines: notes })
    }
  )

  it('ends before another session is opened', async () => {
    const done = pending<Saved>()
    saving = () => done.promise
    const document = useDocument()
    void document.save(path, 'seen', false)
    const opening = document.open('/home/other.lamella')
    await settled()
    expect(called('sessions.open')).toBe(0)
    done.resolve({ id: 'first', path, saved, models: [], texts: [], notes: [] })
    await opening
    expect(useSession().file?.id).toBe('other')
    expect(calls).toContainEqual({ method: 'sessions.close', params: { id: 'first' } })
  })

  it('that fails before another opens leaves that to be asked for again', async () => {
    const document = useDocument()
    await document.open(path)
    useSession().notes = [note('not saved')]
    await settled()
    await document.open('/home/other.lamella')
    expect(useWindow().dialog).toBe('unsaved')
    saving = () => Promise.reject(new LamellaError('file-unwritable', 'the disk is full'))
    await document.answer(true)
    expect(document.error).toMatchObject({ error: { message: 'the disk is full' }, unsaved: true })
    saving = () => ({ id: 'one', path, saved, models: [], texts: [], notes: [] })
    await document.saveOrAsk()
    expect(called('sessions.open')).toBe(1)
  })
})

describe('how far saving is', () => {
  it('is said whatever is done for it, until it ends', async () => {
    const done = pending<Saved>()
    saving = ({ onProgress }) => {
      onProgress?.({ label: 'Hashing model.safetensors', done: 1, total: 2 })
      return done.promise
    }
    const document = useDocument()
    expect(document.progress).toBeNull()
    const work = document.save(path, 'seen', false)
    await settled()
    expect(document.progress?.progress.label).toBe('Hashing model.safetensors')
    done.resolve({ id: 'one', path, saved, models: [], texts: [], notes: [] })
    await work
    expect(document.progress).toBeNull()
  })
})

describe('what is done once the session is saved', () => {
  it('is not where saving fails after it is asked no more where', async () => {
    const document = useDocument()
    await document.open(path)
    useSession().file = null
    useSession().notes = [note('not saved')]
    await settled()
    await document.open('/home/other.lamella')
    await document.answer(true)
    expect(useWindow().dialog).toBe('save')
    const done = pending<Saved>()
    saving = () => done.promise
    const waiting = document.save(path, 'seen', false)
    await settled()
    useWindow().dialog = null
    done.reject(new LamellaError('file-unwritable', 'the disk is full'))
    expect(await waiting).toBe(false)
    saving = () => ({ id: 'one', path, saved, models: [], texts: [], notes: [] })
    await document.save(path, 'seen', false)
    expect(called('sessions.open')).toBe(1)
  })

  it('is once another try of the same dialog is saved', async () => {
    const document = useDocument()
    await document.open(path)
    useSession().file = null
    useSession().notes = [note('not saved')]
    await settled()
    await document.open('/home/other.lamella')
    await document.answer(true)
    saving = () => Promise.reject(new LamellaError('file-unwritable', 'of this name already'))
    await document.save(path, 'seen', false)
    saving = () => ({ id: 'one', path, saved, models: [], texts: [], notes: [] })
    await document.save(path, 'seen', true)
    expect(useSession().file?.id).toBe('other')
  })
})

describe('a window that is being put back', () => {
  it('is there before another session takes its place, or it is saved', async () => {
    const [document, workspace] = [useDocument(), useWorkspace()]
    workspace.ready = false
    const opening = document.open(path)
    const saving = document.save(path, 'seen', false)
    const making = document.startNew()
    await settled()
    expect([called('sessions.open'), called('sessions.save')]).toEqual([0, 0])
    workspace.ready = true
    await Promise.all([opening, saving, making])
    expect([called('sessions.open'), called('sessions.save')]).toEqual([1, 1])
  })
})

describe('a session whose file is gone after a break', () => {
  it('is saved nowhere, also where what was done since is taken back, and can be saved', async () => {
    const [document, session] = [useDocument(), useSession()]
    await document.open(path)
    session.notes = [note('one')]
    await settled()
    reading = Promise.reject(new LamellaError('not-found', 'gone'))
    await session.reopen(session.left()!, () => false, false)
    await useUndo().undo()
    await settled()
    expect([session.notes, session.changed]).toEqual([[], true])
    session.notes = [note('two')]
    await settled()
    await document.startNew()
    expect(useWindow().dialog).toBe('unsaved')
    await document.save('/home/again.lamella', 'seen', false)
    const asked = calls.findLast(({ method }) => method === 'sessions.save')
    expect(asked?.params).toMatchObject({ id: null, elsewhere: false })
    expect(session.changed).toBe(false)
  })
})

describe('a session that is saved as another is to take its place', () => {
  it('is saved first, and the other is of its own file', async () => {
    const document = useDocument()
    await document.open(path)
    const session = useSession()
    session.notes = [note('not saved')]
    await settled()
    await document.open('/home/other.lamella')
    expect(useWindow().dialog).toBe('unsaved')
    const done = pending<Saved>()
    saving = () => done.promise
    void document.saveOrAsk()
    const answered = document.answer(false)
    await settled()
    expect(called('sessions.open')).toBe(1)
    done.resolve({ id: 'one', path, saved, models: [], texts: [], notes: [] })
    await answered
    await settled()
    expect([session.file?.path, session.changed]).toEqual(['/home/other.lamella', false])
    session.notes = [note('of the other')]
    await settled()
    expect(session.changed).toBe(true)
  })
})

describe('what takes the place of a session', () => {
  it.each([
    ['/home/other.lamella', '“other”'],
    [path, '“heads” as its file has it']
  ])('is named: %s', async (asked, title) => {
    const document = useDocument()
    await document.open(path)
    useSession().notes = [note('not saved')]
    await settled()
    await document.open(asked)
    expect(document.asking?.title).toBe(title)
  })
})

describe('a window in which nothing is', () => {
  const context = { on: 'A', with: null } as const
  it('gives way to a session without being asked about', async () => {
    const [document, session] = [useDocument(), useSession()]
    session.changed = true
    await document.open(path)
    expect([session.file?.path, useWindow().dialog]).toEqual([path, null])
  })

  it.each([
    ['a note', () => (useSession().notes = [note('a note')])],
    ['a tab', () => (useTabs().tabs = [{ id: '1', type: 'overview', context }])],
    ['a file', () => useDocument().open(path)]
  ])('is none that has %s', async (_, put) => {
    await put()
    await settled()
    useSession().changed = true
    await useDocument().startNew()
    expect(useWindow().dialog).toBe('unsaved')
  })
})

describe('a session that opens', () => {
  it('is refused where its window is of a later version, and the one that is open stays', async () => {
    const [document, session] = [useDocument(), useSession()]
    await document.open('/home/other.lamella')
    const later = { version: 3, tabs: [{ id: 'a', type: 'of tomorrow' }] }
    told = { content: { ...opened().content, window: later } }
    await document.open(path)
    await settled()
    expect(document.error).toMatchObject({
      title: 'The session could not be opened',
      error: { code: 'unsupported', message: `${path}: its tabs are of another version of Lamella` }
    })
    expect(session.file?.path).toBe('/home/other.lamella')
    // Nobody else is kept from it.
    expect(calls).toContainEqual({ method: 'sessions.close', params: { id: 'one' } })
  })

  it('has the library take over all that has a name in it, beside what is called the same', async () => {
    const text: LibraryItem = { kind: 'text', name: 'A', input: { text: 'of the session' } }
    const known: LibraryItem = { kind: 'text', name: 'Known', input: { text: 'the same' } }
    const items: LibraryItem[] = [
      {
        ...{ kind: 'corpus', name: 'Lines', window: 8, stride: 4 },
        of: { texts: [{ name: 'first', input: { text: 'שלום' } }] }
      },
      {
        ...{ kind: 'corpus', name: 'Files', window: null, stride: null },
        of: { path: '/t', seen, unasked: true }
      },
      { kind: 'pair', name: 'Two', clean: { text: 'he' }, corrupt: { text: 'she' } },
      {
        kind: 'edits',
        name: 'No head',
        edits: [{ hook: 'blocks.0.attn.hook_z', at: { head: [2] }, scale: 0, add: null }]
      }
    ]
    useLibrary().items = [known, { ...text, input: { text: 'of before' } }]
    told = { content: { ...opened().content, library: [text, known, ...items] } }
    await useDocument().open(path)
    await settled()
    const put = calls.filter(({ method }) => method === 'library.put').map(({ params }) => params)
    const wanted = [{ ...text, name: 'A 2' }, ...items]
    expect(put).toEqual(wanted.map(item => ({ item, instead: null })))
  })

  it('is changed by what is done before its models are open, and by nothing else', async () => {
    const model = pending<void>()
    openingModel = model.promise
    const session = useSession()
    const opening = useDocument().open(path)
    await settled()
    expect(session.changed).toBe(false)
    session.notes = [note('written early')]
    await settled()
    expect(session.changed).toBe(true)
    model.resolve()
    await opening
    await settled()
    expect(useModels().open.map(({ path }) => path)).toEqual(['/a'])
    expect(session.changed).toBe(true)
    expect(useUndo().last?.label).toBe('wrote a note')
    await useUndo().undo()
    await settled()
    expect(session.changed).toBe(false)
  })

  it('has its tabs and findings read what it brings, and nothing that is called the same here', async () => {
    const corpus = (name: string, path: string): LibraryItem => ({
      ...{ kind: 'corpus', name, window: null, stride: null },
      of: { path, seen, unasked: true }
    })
    const pair = (clean: string): LibraryItem => ({
      ...{ kind: 'pair', name: 'Plays', clean: { text: clean } },
      corrupt: { text: 'they' }
    })
    useLibrary().items = [
      ...[corpus('Plays', '/home/me/private'), corpus('Letters', '/letters')],
      corpus('Diary', '/home/me/diary')
    ]
    const library = [corpus('Plays', '/theirs'), corpus('Letters', '/letters'), pair('he')]
    const set: [type: string, options: Record<string, unknown>][] = [
      ['head-atlas', { over: 'Plays', form: 'Plays' }],
      ['model-comparison', { over: 'Letters', otherOver: 'Plays' }],
      ['projector', { texts: { kind: 'corpus-sentences', name: 'Plays' }, frequencyOf: 'Plays' }],
      ['hidden-states', { over: { kind: 'pair', name: 'Plays' } }],
      // The session does not have what these name.
      ['neurons', { over: 'Diary' }],
      ['why', { over: { kind: 'corpus', name: 'Diary' } }]
    ]
    const tabs = set.map(([type, options], i) => ({
      ...{ id: String(i), type, preview: false },
      context: { on: 'A', with: null, options }
    }))
    const findings = ['Plays', 'Letters', 'Diary', null].map(corpus => ({ kind: 'head', corpus }))
    const shown = { ...(window() as object), tabs: JSON.parse(JSON.stringify(tabs)) as never }
    told = { content: { ...opened().content, window: shown, library, findings } }
    await useDocument().open(path)
    await settled()
    expect(useTabs().tabs.map(({ context }) => context.options)).toEqual([
      { over: 'Plays 2', form: 'Plays' },
      { over: 'Letters', otherOver: 'Plays 2' },
      { texts: { kind: 'corpus-sentences', name: 'Plays 2' }, frequencyOf: 'Plays 2' },
      { over: { kind: 'pair', name: 'Plays' } },
      { over: 'Diary 2' },
      { over: { kind: 'corpus', name: 'Diary 2' } }
    ])
    const corpora = ['Plays 2', 'Letters', 'Diary 2', null]
    expect(useSession().findings).toEqual(corpora.map(corpus => ({ kind: 'head', corpus })))
    expect(useSession().changed).toBe(false)
    // As the library has it by then: what it is called is as it was put.
    const put = calls.flatMap(({ method, params }) => (method === 'library.put' ? [params] : []))
    expect(put).toEqual([
      { item: corpus('Plays 2', '/theirs'), instead: null },
      { item: pair('he'), instead: null }
    ])
    const brought = put.map(params => (params as { item: LibraryItem }).item)
    useLibrary().items = [...useLibrary().items, ...brought]
    const { library: saved } = sessionContent()
    expect(saved).toEqual([corpus('Letters', '/letters'), ...brought])
  })

  it('is read of what the library has of the same content, by whichever name, also by its panels', async () => {
    const plays = (name: string, text: string): LibraryItem => ({
      ...{ kind: 'corpus', name, window: null, stride: null },
      of: { texts: [{ name: 'first', input: { text } }] }
    })
    useLibrary().items = [plays('Plays', 'own'), plays('Plays 2', 'theirs')]
    const context = { on: 'A' as const, with: null, options: { over: 'Plays' } }
    const [kept] = sessionFigures(keptFigure)
    const taken = await panelContent(kept!.panels[0]!.content)
    const made = { view: 'head-atlas', context, note: '' }
    const panel = { ...kept!.panels[0]!, content: await packedContent({ ...taken, made }) }
    const figure = { ...kept!, panels: [panel] }
    const later = { kind: 'of a later version' }
    const tabs = [{ id: 't', type: 'head-atlas', preview: false, context }]
    const shown = { ...(window() as object), tabs } as never
    const library = [plays('Plays', 'theirs')]
    const figures = [figure, later] as never
    told = { content: { ...opened().content, window: shown, library, figures } }
    vi.useRealTimers()
    await useDocument().open(path)
    expect(called('library.put')).toBe(0)
    expect(useTabs().tabs[0]?.context.options).toEqual({ over: 'Plays 2' })
    const [own] = sessionFigures(useSession().figures)
    const read = await panelContent(own!.panels[0]!.content)
    const options = { over: 'Plays 2' }
    expect(read).toEqual({ ...taken, made: { ...made, context: { ...context, options } } })
    expect(useSession().figures[1]).toEqual(later)
    expect(sessionContent().library).toEqual([plays('Plays 2', 'theirs')])
  })

  it('is read by its panels as what it brings, and as nothing that is called the same here', async () => {
    const plays = (name: string, text: string): LibraryItem => ({
      ...{ kind: 'corpus', name, window: null, stride: null },
      of: { texts: [{ name: 'first', input: { text } }] }
    })
    useLibrary().items = [plays('Plays', 'own'), plays('Diary', 'dear')]
    const [kept] = sessionFigures(keptFigure)
    const taken = await panelContent(kept!.panels[0]!.content)
    const drawnOf = async (id: string, over: string) => {
      const made = {
        ...{ view: 'head-atlas', note: '' },
        context: { on: 'A' as const, with: null, options: { over } }
      }
      const content = await packedContent({ ...taken, made })
      const reads = [{ kind: 'corpus' as const, name: over }]
      return { ...kept!.panels[0]!, id, content, reads }
    }
    // What the session does not bring, and what is called the same, and what is nowhere else.
    const panels = [
      await drawnOf('p', 'Plays'),
      await drawnOf('q', 'Diary'),
      await drawnOf('r', 'Letters')
    ]
    const library = [plays('Plays', 'theirs'), plays('Letters', 'far')]
    told = { content: { ...opened().content, library, figures: [{ ...kept!, panels }] as never } }
    vi.useRealTimers()
    await useDocument().open(path)
    const [own] = sessionFigures(useSession().figures)
    const names = ['Plays 2', 'Diary 2', 'Letters']
    expect(own!.panels.map(({ reads }) => reads?.map(({ name }) => name))).toEqual(
      names.map(name => [name])
    )
    const contexts = await Promise.all(own!.panels.map(({ content }) => panelContent(content)))
    expect(contexts.map(({ made }) => made.context.options?.over)).toEqual(names)
    expect(own!.panels[2]).toEqual(panels[2])
  })

  it('brings corpora along whose files nobody here has asked for as such', async () => {
    const seen = { files: 1, bytes: 1, left: 0, mark: 'm' }
    const corpus = (name: string, path: string, unasked = false): LibraryItem => ({
      ...{ kind: 'corpus', name, window: null, stride: null },
      of: { path, seen, ...(unasked && { unasked }) }
    })
    const far = '\\\\host\\share'
    useLibrary().items = [corpus('Own', '/own'), corpus('Before', '/before', true)]
    const library = [
      ...[corpus('Far', far), corpus('Own', '/own', true), corpus('Near', '/home')],
      // Of a folder that is asked for, and of one that another session brought.
      ...[
        { ...corpus('Mine', '/own', true), window: 8 } as LibraryItem,
        corpus('Before', '/before')
      ]
    ]
    told = { content: { ...opened().content, library } }
    await useDocument().open(path)
    await settled()
    const put = calls.flatMap(({ method, params }) => (method === 'library.put' ? [params] : []))
    expect(put).toEqual([
      { item: corpus('Far', far, true), instead: null },
      { item: corpus('Near', '/home', true), instead: null },
      { item: { ...corpus('Mine', '/own'), window: 8 }, instead: null }
    ])
    expect(called('corpus.look')).toBe(0)
    expect(useSession().notice).toBeNull()
  })

  it('is changed by what is done while the library takes over what has a name in it', async () => {
    const session = useSession()
    const kept = pending<void>()
    keeping = kept.promise
    const opening = useDocument().open(named)
    await settled()
    expect(called('library.put')).toBe(1)
    session.notes = [note('written early')]
    await settled()
    kept.resolve()
    await opening
    await settled()
    expect([useUndo().last?.label, session.changed]).toEqual(['wrote a note', true])
    await useUndo().undo()
    await settled()
    expect([session.notes, session.changed]).toEqual([[], false])
  })
})

describe('models that are on their way', () => {
  it('are those of a new session that is made of their group', async () => {
    const models = useModels()
    const there = pending<void>()
    openingModel = there.promise
    void models.bringBack(['/a'], { A: '/a' })
    await settled()
    useLibrary().made = new Set(['text of the session before'])
    void useDocument().startNew()
    await settled()
    expect(useLibrary().made.size).toBe(0)
    expect(models.pathOf('A')).toBe('/a')
    there.resolve()
    await settled()
    expect(models.activeOf('A')?.path).toBe('/a')
    expect(useSession().changed).toBe(false)
  })

  it('are not those of a new session where they could not be opened', async () => {
    const models = useModels()
    openingModel = Promise.reject(new Error('gone'))
    await models.bringBack(['/a'], { A: '/a' })
    expect(models.lost).toEqual(['/a'])
    await useDocument().startNew()
    expect([models.failures, models.pathOf('A')]).toEqual([[], null])
    expect(calls.filter(({ method }) => method === 'models.open')).toHaveLength(1)
  })

  it('are not what a session stood in for that is left, nor is what ran in it', async () => {
    const models = useModels()
    absent = { absent: 'missing' }
    await models.openPath('/away', null)
    absent = {}
    await models.openPath('/here', null)
    useRuns().records = [run(model('here'), 'of before')]
    models.failures = [{ path: '/broken', error: new LamellaError('not-found', 'gone') }]
    await useDocument().startNew()
    await settled()
    expect([models.open.map(({ path }) => path), models.failures]).toEqual([['/here'], []])
    expect(useRuns().records).toEqual([])
  })

  it('do not come into another session that was opened meanwhile', async () => {
    const models = useModels()
    const there = pending<void>()
    openingModel = there.promise
    void models.bringBack(['/old'], { A: '/old' })
    await settled()
    void useDocument().open(path)
    await settled()
    expect(useWorkspace().sessionWindow().models).toEqual(['/a'])
    there.resolve()
    await settled()
    expect(models.open.map(({ path }) => path)).toEqual(['/a'])
  })
})

describe('a session that is being read', () => {
  it('is asked for again where something is done to the one that it would replace', async () => {
    const session = useSession()
    const document = useDocument()
    await document.open(path)
    const read = held()
    const opening = document.open('/home/other.lamella')
    await settled()
    session.notes = [note('written meanwhile')]
    await settled()
    read.resolve()
    await opening
    await settled()
    expect([session.file?.path, useWindow().dialog]).toEqual([path, 'unsaved'])
    expect(calls).toContainEqual({ method: 'sessions.close', params: { id: 'other' } })
    await document.answer(false)
    await settled()
    expect([session.file?.path, session.notes]).toEqual(['/home/other.lamella', []])
  })

  it('waits for the one that is being saved meanwhile, which is that of before', async () => {
    const session = useSession()
    const document = useDocument()
    await document.open(path)
    const read = held()
    const opening = document.open('/home/other.lamella')
    await settled()
    const written = pending<Saved>()
    saving = () => written.promise
    const work = document.save(path, 'seen', false)
    await settled()
    read.resolve()
    await settled()
    expect(session.file?.path).toBe(path)
    expect(calls.some(({ method }) => method === 'sessions.close')).toBe(false)
    written.resolve({ id: 'one', path, saved, models: [], texts: [], notes: [] })
    expect(await work).toBe(true)
    await opening
    await settled()
    expect([session.file?.id, session.changed]).toEqual(['other', false])
    expect(calls).toContainEqual({ method: 'sessions.close', params: { id: 'one' } })
  })

  it('gives what it brings names that are free once the one of before is saved', async () => {
    const document = useDocument()
    await document.open(path)
    const read = held()
    const opening = document.open(named)
    await settled()
    const written = pending<Saved>()
    saving = () => written.promise
    const work = document.save(path, 'seen', false)
    await settled()
    read.resolve()
    await settled()
    useLibrary().items = [{ kind: 'text', name: 'Mine', input: { text: 'another' } }]
    written.resolve({ id: 'one', path, saved, models: [], texts: [], notes: [] })
    await Promise.all([work, opening])
    await settled()
    const put = calls.flatMap(({ method, params }) => (method === 'library.put' ? [params] : []))
    expect(put).toMatchObject([{ item: { name: 'Mine 2', input: { text: 'a text' } } }])
  })

  it('gives way to a new one that is asked for meanwhile', async () => {
    const document = useDocument()
    await document.open(path)
    const read = held()
    const opening = document.open('/home/other.lamella')
    await settled()
    await document.startNew()
    read.resolve()
    await opening
    await settled()
    expect(useSession().file).toBeNull()
  })

  it('is not spoken of where it cannot be, once a later one is there', async () => {
    const document = useDocument()
    const first = held()
    const opening = document.open('/home/other.lamella')
    await settled()
    reading = Promise.resolve()
    await document.open(path)
    first.reject(new Error('no'))
    await opening
    expect(document.error).toBeNull()
  })
})

describe('two sessions that are asked for one after the other', () => {
  it('are read both, and the later is the one of the window, whichever comes last', async () => {
    const first = held()
    const document = useDocument()
    const one = document.open('/home/other.lamella')
    await settled()
    reading = Promise.resolve()
    await document.open(path)
    first.resolve()
    await one
    await settled()
    expect(useSession().file?.path).toBe(path)
    expect(calls).toContainEqual({ method: 'sessions.close', params: { id: 'other' } })
  })
})

describe('a model that is found elsewhere while its session is open', () => {
  const there = { path: '/moved', fingerprint: 'files at /moved' }
  const found = () => {
    const { ref } = own('a')
    const notes = ['a: lies at /moved now']
    told = { ...movedTo(opened({ notes }), ref, there), moves: [{ from: ref, to: there }] }
  }
  const paths = () => useModels().open.map(({ path }) => path)

  it('is spoken of there, as a step that can be taken back', async () => {
    await useDocument().open(path)
    const session = useSession()
    session.notes = [{ ...note('of it'), on: { model: own('a').ref, at: {} } }]
    await settled()
    found()
    // As after a break.
    await session.reopen(session.left()!, () => false, false)
    await settled()
    expect(paths()).toEqual(['/moved'])
    expect(session.notes).toMatchObject([{ on: { model: there } }])
    expect(session.notice).toEqual({
      title: 'Models of “heads” were moved, copied or put back.',
      lines: ['a: lies at /moved now']
    })
    expect(useUndo().last?.label).toBe('found moved')
    await useUndo().undo()
    await settled()
    expect(calls.findLast(({ method }) => method === 'sessions.relocate')?.params).toEqual({
      ...{ id: 'one', from: there, to: own('a').ref }
    })
    expect(paths()).toEqual(['/a'])
    await useUndo().undo()
    await settled()
    expect([session.notes, session.changed]).toEqual([[], false])
  })

  it.each([
    ['missing', 'a is still not there'],
    ['unreadable', 'a cannot be read'],
    ['changed', 'a is another model now than the one of the session']
  ] as const)('is looked for where it is %s, also by what is in it', async (absence, text) => {
    absent = { absent: absence }
    await useDocument().open(path)
    await settled()
    await lookAgain('/a')
    expect(useWorkspace().note).toBe(text)
    useWorkspace().note = null
    found()
    await lookAgain('/a')
    await settled()
    expect(paths()).toEqual(['/moved'])
    expect(useWorkspace().note).toBe(null)
  })
})

describe('a model of which the session keeps numbers', () => {
  it('is set aside where they are to be seen, and taken again, for the groups that are about it', async () => {
    await useDocument().open(path)
    await settled()
    const asked = () => calls.filter(({ method }) => method === 'models.open').at(-1)?.params
    const [model] = useModels().open
    expect(useSession().keeps(model!)).toBe(true)
    expect(useSession().keeps({ ...model!, fingerprint: 'another' })).toBe(false)
    absent = { absent: 'aside' }
    const { ref } = own('a')
    await takeKept(model!)
    expect(asked()).toEqual({ path: '/a', of: ref.fingerprint, as: 'aside' })
    expect(useModels().open).toMatchObject([{ path: '/a', absent: 'aside' }])
    expect(useSession().keeps(useModels().open[0]!)).toBe(false)
    // As it is opened anew for whatever reason it is what was chosen.
    await useModels().openPath('/a')
    expect(asked()).toEqual({ path: '/a', of: ref.fingerprint, as: 'aside' })
    expect(useModels().chosen).toEqual({ '/a': { ...ref, as: 'aside' } })
    absent = {}
    await takePresent(useModels().open[0]!)
    expect(asked()).toEqual({ path: '/a', of: ref.fingerprint })
    expect(useModels().open[0]!.absent).toBeUndefined()
    expect(useModels().chosen).toEqual({})
    // Of another one what is there now is asked for, and stays so.
    await takePresent({ ...useModels().open[0]!, absent: 'changed' })
    expect(asked()).toEqual({ path: '/a', as: 'present' })
    await useModels().openPath('/a')
    expect(asked()).toEqual({ path: '/a', of: ref.fingerprint, as: 'present' })
    // Closing it is taken back as it was; with the session what was chosen goes.
    await useModels().leave('/a')
    expect(useModels().chosen).toEqual({ '/a': { ...ref, as: 'present' } })
    useModels().leaveAll()
    expect(useModels().chosen).toEqual({})
    // Of a file that keeps no numbers there is nothing to see.
    const file = useSession().file!
    const models = file.models.map(own => ({ ...own, kept: false }))
    useSession().file = { ...file, models }
    expect(useSession().keeps(model!)).toBe(false)
  })
})

describe('a model that is pointed to', () => {
  const pointed = async () => {
    await useDocument().open(path)
    useSession().notes = [{ ...note('of it'), on: { model: own('a').ref, at: {} } }]
    await settled()
    expect(await useDocument().relocate(own('a').ref, '/moved')).toBe(null)
    await settled()
  }
  const models = () => useModels().open.map(({ path }) => path)

  it('is a step: taken back it is where it was, and what was done before is of that', async () => {
    await pointed()
    const { label } = useUndo().last!
    expect(label).toBe('pointed to moved')
    // As the window says once it is loaded anew.
    useSession().notice = { title: 'As it was left.', lines: ['a: lies at /moved now', 'more'] }
    expect(models()).toEqual(['/moved'])
    expect(useSession().notes).toMatchObject([{ on: { model: { path: '/moved' } } }])
    await useUndo().undo()
    await settled()
    expect(calls.findLast(({ method }) => method === 'sessions.relocate')?.params).toEqual({
      ...{ id: 'one', from: { path: '/moved', fingerprint: 'files at /moved' } },
      to: own('a').ref
    })
    expect(models()).toEqual(['/a'])
    expect(useSession().notice?.lines).toEqual(['more'])
    expect(useSession().notes).toMatchObject([{ on: { model: own('a').ref } }])
    await useUndo().undo()
    await settled()
    expect([useSession().notes, useSession().changed]).toEqual([[], false])
    await useUndo().redo()
    await useUndo().redo()
    await settled()
    expect(models()).toEqual(['/moved'])
    expect([useUndo().last?.label, useSession().changed]).toEqual([label, true])
  })

  it('is not said to be elsewhere any more where nothing else was said', async () => {
    await pointed()
    useSession().notice = { title: 'As it was left.', lines: ['a: lies at /moved now'] }
    await useUndo().undo()
    await settled()
    expect(useSession().notice).toBe(null)
  })

  it('keeps nothing from being taken back where it cannot be', async () => {
    await useDocument().open(path)
    refusal = new LamellaError('invalid-argument', 'another model')
    expect(await useDocument().relocate(own('a').ref, '/moved')).toBe(refusal)
    useSession().notes = [note('later')]
    await settled()
    await useUndo().undo()
    expect(useSession().notes).toEqual([])
  })

  it('is there in tabs that were closed, too, until that is taken back', async () => {
    const tabs = useTabs()
    await useDocument().open(path)
    const context = { on: { model: own('a').ref, at: {} }, with: null }
    tabs.closed = [{ tab: { id: '1', type: 'tensor', context }, standing: null }]
    await useDocument().relocate(own('a').ref, '/moved')
    const there = { path: '/moved', fingerprint: 'files at /moved' }
    expect(tabs.closed).toMatchObject([{ tab: { context: { on: { model: there } } } }])
    await useUndo().undo()
    await settled()
    expect(tabs.closed).toMatchObject([{ tab: { context: { on: { model: own('a').ref } } } }])
  })

  it('is looked at while other things are done, which are steps before it', async () => {
    const look = pending<void>()
    looking = look.promise
    const document = useDocument()
    const session = useSession()
    await document.open(path)
    const pointing = document.relocate(own('a').ref, '/moved')
    await settled()
    session.notes = [{ ...note('meanwhile'), on: { model: own('a').ref, at: {} } }]
    await settled()
    expect([useUndo().last?.label, session.changed]).toEqual(['wrote a note', true])
    look.resolve()
    await pointing
    await settled()
    expect(useUndo().last?.label).toBe('pointed to moved')
    expect(session.notes).toMatchObject([{ on: { model: { path: '/moved' } } }])
    await useUndo().undo()
    await useUndo().undo()
    await settled()
    expect([session.notes, session.changed]).toEqual([[], false])
  })

  it('is waited for by a save, which is of where it lies then', async () => {
    await useDocument().open(path)
    const look = pending<void>()
    looking = look.promise
    const pointing = useDocument().relocate(own('a').ref, '/moved')
    await settled()
    const saved = useDocument().save(path, 'seen', false)
    await settled()
    const asked = () => calls.filter(({ method }) => method === 'sessions.save')
    expect([asked(), useDocument().progress?.progress.label]).toEqual([[], 'Saving the session'])
    look.resolve()
    await pointing
    expect(await saved).toBe(true)
    const { content } = asked()[0]!.params as { content: string }
    const { window } = JSON.parse(content) as OpenSession['content']
    expect(window).toMatchObject({ models: ['/moved'] })
  })

  it('is waited for by what measures the session, which is of where it lies then', async () => {
    await useDocument().open(path)
    const look = pending<void>()
    looking = look.promise
    const pointing = useDocument().relocate(own('a').ref, '/moved')
    const measured = useDocument().sizes(new AbortController().signal)
    await settled()
    expect(called('sessions.sizes')).toBe(0)
    look.resolve()
    await pointing
    expect(await measured).toMatchObject({ everything: 3 })
    const { params } = calls.find(({ method }) => method === 'sessions.sizes')!
    const { window } = JSON.parse((params as { content: string }).content) as OpenSession['content']
    expect(window).toMatchObject({ models: ['/moved'] })
  })

  it('is taken back once where that is asked for twice while it is looked at', async () => {
    const session = useSession()
    await useDocument().open(path)
    session.notes = [note('one')]
    await settled()
    const look = pending<void>()
    looking = look.promise
    const pointing = useDocument().relocate(own('a').ref, '/moved')
    await settled()
    const undoing = [useUndo().undo(), useUndo().undo()]
    // Keys that are pressed then are taken: what they do is known once it is their turn.
    expect(useUndo().busy).toBe(true)
    look.resolve()
    await Promise.all([pointing, ...undoing])
    expect(useUndo().busy).toBe(false)
    await settled()
    expect(models()).toEqual(['/a'])
    expect(calls.filter(({ method }) => method === 'sessions.relocate')).toHaveLength(2)
    expect([session.notes, useUndo().last]).toEqual([[], null])
  })

  it('is elsewhere by a further step where something was done while taking it back was looked at', async () => {
    await pointed()
    const look = pending<void>()
    looking = look.promise
    const undoing = useUndo().undo()
    await settled()
    const [of] = useSession().notes
    useSession().findings = [{}]
    await settled()
    look.resolve()
    await undoing
    await settled()
    expect(models()).toEqual(['/a'])
    expect([useUndo().last?.label, useUndo().next]).toEqual(['pointed to a', null])
    await useUndo().undo()
    await settled()
    expect([models(), useSession().notes]).toEqual([['/moved'], [of]])
    expect(useUndo().last?.label).toBe('kept a finding')
    await useUndo().undo()
    expect([useSession().findings, useUndo().last?.label]).toEqual([[], 'pointed to moved'])
  })

  it('stays where it is where the session became another while it was looked at', async () => {
    const look = pending<void>()
    looking = look.promise
    const document = useDocument()
    await document.open(path)
    const pointing = document.relocate(own('a').ref, '/moved')
    const next = document.relocate(own('b').ref, '/moved')
    await settled()
    await document.open('/home/other.lamella')
    look.resolve()
    expect(await pointing).toMatchObject({ code: 'file-changed' })
    expect(await next).toMatchObject({ code: 'file-changed' })
    expect(called('sessions.relocate')).toBe(1)
    await settled()
    expect([models(), useSession().file?.id]).toEqual([['/a'], 'other'])
    expect(document.error?.error.message).toMatch(/^The session became another/)
  })

  it('stays where it is, in words, where no file of a session is open, and says nothing of another session', async () => {
    await pointed()
    const session = useSession()
    const { file } = session
    session.file = null
    await useUndo().undo()
    expect(session.notice?.error?.message).toBe('The session’s file is not open')
    session.file = file
    session.notice = null
    const look = pending<void>()
    looking = look.promise
    const undoing = useUndo().undo()
    await settled()
    session.changed = false
    await useDocument().startNew()
    look.resolve()
    await undoing
    expect(session.notice).toBeNull()
  })

  it('has what was deleted of its past runs stay deleted, also after a reload', async () => {
    const past = (text: string) => ({
      source: { model: own('a').ref, input: { text }, edits: [], provider: 'cpu' as const },
      ...{ modelName: 'a', at: 1 }
    })
    await useDocument().open(path)
    const session = useSession()
    session.setRuns([past('kept'), past('deleted')], [past('deleted')])
    await useDocument().relocate(own('a').ref, '/moved')
    await settled()
    expect(session.runs).toMatchObject([
      { source: { model: { path: '/moved' }, input: { text: 'kept' } } }
    ])
    expect(session.left()?.forgotten).toMatchObject([
      { source: { model: { path: '/moved' }, input: { text: 'deleted' } } }
    ])
  })

  it('stays where it is while the workbench refuses to take it back, and that is said', async () => {
    await pointed()
    const { last } = useUndo()
    refusal = new LamellaError('not-found', '/moved: the session knows no such model')
    await useUndo().undo()
    await settled()
    expect(useUndo().last).toBe(last)
    expect(models()).toEqual(['/moved'])
    expect(useSession().notice).toMatchObject({
      title: '“pointed to moved” stays as it is.',
      error: refusal
    })
  })
  it('is the very one that was set aside as closing it is taken back, and where it lies elsewhere', async () => {
    await useDocument().open(path)
    await settled()
    absent = { absent: 'aside' }
    const { ref } = own('a')
    await takeKept(ref)
    await settled()
    const asked = () => calls.findLast(({ method }) => method === 'models.open')?.params
    await useModels().leave('/a')
    await settled()
    expect(useModels().open).toEqual([])
    await useUndo().undo()
    await settled()
    expect(asked()).toEqual({ path: '/a', of: ref.fingerprint, as: 'aside' })
    expect(useModels().open).toMatchObject([{ ...ref, absent: 'aside' }])
    const to = { path: '/moved', fingerprint: 'files at /moved' }
    await speakThere({ from: ref, to })
    expect(asked()).toEqual({ path: '/moved', of: to.fingerprint, as: 'aside' })
  })
})
