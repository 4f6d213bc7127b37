import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { OpenSession } from '#common/contract/session.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { PastRun } from '#common/model/library.ts'
import type { ModelMove, ModelRef } from '#common/model/model-ref.ts'
import { fileOf, useSession } from '../../../src/renderer/src/stores/session.ts'
import { useTasks } from '../../../src/renderer/src/stores/tasks.ts'
import { parseWorkspace } from '../../../src/renderer/src/stores/workspace-state.ts'
import { answering, model, pending } from '../fake-client.ts'

const left = { path: '/home/heads.lamella', savedAt: 5, moves: [], forgotten: [], notes: [] }
const content = { window: {}, library: [], runs: [], notes: [], findings: [], figures: [] }
const opened = (own: Partial<OpenSession> = {}): OpenSession => ({
  id: 'one',
  path: left.path,
  readOnly: null,
  content,
  saved: { at: 5, version: '1', keep: 'seen', bytes: 10 },
  models: [],
  texts: [],
  moves: [],
  notes: [],
  ...own
})

const ref = (path: string): ModelRef => ({ path, fingerprint: `files at ${path}` })
const pastRun = (text: string, model: ModelRef): PastRun => ({
  source: { model, input: { text }, edits: [], provider: 'cpu' },
  ...{ modelName: 'little', at: 1 }
})

let answers: (OpenSession | LamellaError)[]
/** What opening a session waits for. */
let reading: Promise<unknown>
let calls: ReturnType<typeof answering>
beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers()
  reading = Promise.resolve()
  calls = answering({
    'sessions.open': async () => {
      await reading
      const next = answers.length > 1 ? answers.shift()! : answers[0]!
      if (next instanceof LamellaError) throw next
      return next
    },
    'sessions.close': () => null
  })
})
afterEach(() => vi.useRealTimers())

/** What a window of before asks for is none of them. */
const openings = () => calls.filter(({ method }) => method === 'sessions.open')

describe('a session that was open as the window was left', () => {
  it('is the file’s again, with what the window has', async () => {
    answers = [opened()]
    const session = useSession()
    expect(await session.reopen(left)).toBe(null)
    expect(session.name).toBe('heads')
    expect(session.file).toMatchObject({ id: 'one', readOnly: null })
  })

  it('is taken from the file where that was saved elsewhere and nothing was done here', async () => {
    answers = [opened({ saved: { ...opened().saved, at: 9 } })]
    expect(await useSession().reopen(left)).toEqual(content)
  })

  it('has its models where they were found, and not the past runs that were deleted', async () => {
    const [from, to] = ['/was', '/is'].map(path => ({ path, fingerprint: `files at ${path}` }))
    const moves = [{ from: from!, to: to! }]
    const past = (text: string): PastRun => ({
      source: { model: to!, input: { text }, edits: [], provider: 'cpu' },
      ...{ modelName: 'little', at: 1 }
    })
    const [kept, gone] = [past('kept'), past('deleted')]
    answers = [opened({ moves, content: { ...content, runs: [kept, gone] } })]
    const session = useSession()
    await session.reopen(left)
    session.forget([gone, past('of the library alone')])
    expect(session.runs).toEqual([kept])
    const again = session.left()!
    expect(parseWorkspace({ version: 1, file: again })?.file).toEqual(again)
    await session.reopen(again)
    expect(calls.at(-1)).toEqual({
      method: 'sessions.open',
      params: { path: left.path, moves }
    })
    expect(session.runs).toEqual([kept])
    await session.retry()
    expect(calls.at(-1)?.params).toMatchObject({ moves })
    session.remind([gone])
    expect(session.runs).toEqual([kept, gone])
    expect(session.left()).toMatchObject({ forgotten: [] })
  })

  it('is never written over what was saved elsewhere', async () => {
    answers = [opened({ saved: { ...opened().saved, at: 9 } })]
    const session = useSession()
    session.changed = true
    expect(await session.reopen(left)).toBe(null)
    expect(session.file?.readOnly).toMatch(/saved elsewhere/)
  })

  it('is as it is in its file where that was saved from here just before all ended', async () => {
    answers = [opened({ saved: { ...opened().saved, at: 9 } })]
    const session = useSession()
    session.changed = true
    expect(await session.reopen(left, () => true)).toBe(null)
    expect(session.file).toMatchObject({ readOnly: null, saved: { at: 9 } })
  })

  it('is not written over what was saved elsewhere after another look or reload either', async () => {
    answers = [opened({ saved: { ...opened().saved, at: 9 } })]
    const session = useSession()
    session.changed = true
    await session.reopen(left)
    expect(session.mayBeFree).toBe(false)
    await session.retry()
    expect(session.file?.readOnly).toMatch(/saved elsewhere/)
    const again = session.left()!
    session.file = null
    await session.reopen(again)
    expect(session.file).toMatchObject({
      readOnly: expect.stringMatching(/saved elsewhere/) as string
    })
  })

  it('that another program had and saved says so once it is free, and is not written over', async () => {
    answers = [
      opened({ readOnly: 'Another program has it open' }),
      opened({ saved: { ...opened().saved, at: 9 } })
    ]
    const session = useSession()
    await session.reopen(left)
    expect(session.mayBeFree).toBe(true)
    await session.retry()
    expect(session.file?.readOnly).toMatch(
      /saved elsewhere since it was opened here: open it again/
    )
    expect(session.mayBeFree).toBe(false)
  })

  it('is here, and not saved, where its file is gone', async () => {
    answers = [new LamellaError('not-found', '/home/heads.lamella: no such file')]
    const session = useSession()
    await session.reopen(left)
    expect(session.file).toBe(null)
    expect(session.changed).toBe(true)
    expect(session.notice).toMatchObject({ title: expect.stringContaining('“heads”') as string })
  })

  it('is tried again while the window of before still has it', async () => {
    const busy = opened({ readOnly: 'Another window has it open' })
    answers = [busy, busy, opened({ id: 'two' })]
    const session = useSession()
    await session.reopen(left)
    expect(session.file?.readOnly).not.toBe(null)
    await vi.advanceTimersByTimeAsync(5_100)
    expect(session.file?.readOnly).not.toBe(null)
    await vi.advanceTimersByTimeAsync(5_100)
    expect(session.file).toMatchObject({ id: 'two', readOnly: null })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(openings()).toHaveLength(3)
  })

  it('is not tried again where another program has it', async () => {
    answers = [opened({ readOnly: 'Another program has it open' })]
    await useSession().reopen(left)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(openings()).toHaveLength(1)
  })
})

describe('a session whose connection broke', () => {
  const elsewhere = opened({
    ...{ id: 'two', saved: { ...opened().saved, at: 9 } },
    content: { ...content, runs: [pastRun('of the other', ref('/was'))] }
  })
  const other = { ...fileOf(opened({ id: 'other', path: '/home/other.lamella' })) }
  let session: ReturnType<typeof useSession>
  const reopen = () => session.reopen(session.left()!, () => false, false)
  beforeEach(async () => {
    answers = [opened()]
    session = useSession()
    await session.reopen(left)
  })

  it('goes on as it is where the file was saved elsewhere, and is not written over that', async () => {
    const own = [pastRun('of this one', ref('/was'))]
    session.setRuns(own)
    answers = [elsewhere]
    expect(await reopen()).toBe(null)
    expect(session.file).toMatchObject({ id: 'two', saved: { at: 5 } })
    expect(session.file?.readOnly).toMatch(/open it again to see what is in it now/)
    expect(session.runs).toEqual(own)
  })

  it.each([
    ['another', () => (session.file = other), other],
    ['a new one', () => session.close(), null]
  ])('gives way to %s that took its place meanwhile', async (_, replace, file) => {
    const read = pending<void>()
    reading = read.promise
    answers = [elsewhere]
    const reopening = reopen()
    replace()
    read.resolve()
    expect(await reopening).toBe(null)
    expect([session.file, session.runs]).toEqual([file, []])
    expect(calls).toContainEqual({ method: 'sessions.close', params: { id: 'two' } })
  })

  it('is not spoken of where it cannot be had, once another took its place', async () => {
    const read = pending<void>()
    reading = read.promise
    answers = [new LamellaError('not-found', 'gone')]
    const reopening = reopen()
    session.file = other
    read.resolve()
    await reopening
    expect([session.file, session.notice, session.changed]).toEqual([other, null, false])
  })

  it('stays what was saved from here meanwhile', async () => {
    const read = pending<void>()
    reading = read.promise
    const reopening = reopen()
    const saved = { ...session.file!, saved: { ...opened().saved, at: 7 } }
    session.file = saved
    read.resolve()
    await reopening
    expect(session.file).toBe(saved)
    expect(calls.some(({ method }) => method === 'sessions.close')).toBe(false)
  })

  it('has no file any more where that is gone: what is here can be saved as another', async () => {
    answers = [new LamellaError('not-found', 'gone')]
    await reopen()
    expect([session.file, session.changed]).toEqual([null, true])
    // A mere break leaves it open, where no other could be written in its place.
    expect(calls.at(-1)).toEqual({ method: 'sessions.close', params: { id: 'one' } })
  })

  it('is not given away where looking for its models is given up', async () => {
    const { file } = session
    answers = [new LamellaError('cancelled', 'given up')]
    await reopen()
    expect([session.file, session.notice, session.changed]).toEqual([file, null, false])
    expect(calls.some(({ method }) => method === 'sessions.close')).toBe(false)
  })

  it('is asked for again after another break', async () => {
    answers = [new LamellaError('disconnected', 'gone')]
    await reopen()
    expect([session.notice, session.changed]).toEqual([null, false])
    expect(session.left()).toEqual(left)
  })

  it('leaves no file open that is asked for as another takes its place', async () => {
    const read = pending<void>()
    reading = read.promise
    answers = [elsewhere]
    const retrying = session.retry()
    session.file = other
    read.resolve()
    await retrying
    expect(session.file).toEqual(other)
    expect(calls.at(-1)).toEqual({ method: 'sessions.close', params: { id: 'two' } })
  })
})

describe('a session that a window comes back to', () => {
  it('is asked for again where the connection broke before it was there', async () => {
    const session = useSession()
    answers = [new LamellaError('disconnected', 'gone'), opened()]
    expect(await session.reopen(left)).toBe(null)
    expect([session.file, session.notice, session.changed]).toEqual([null, null, false])
    expect(session.left()).toEqual(left)
    await session.reopen(session.left()!, () => false, false)
    expect(session.file).toMatchObject({ id: 'one', readOnly: null })
    session.close()
    expect(session.left()).toBe(null)
  })

  it('says what is found of it as it is opened, and that once', async () => {
    const session = useSession()
    const notes = ['a run cannot be read, and is left out']
    answers = [opened({ notes })]
    await session.reopen(left)
    expect(session.notice).toEqual({ title: '“heads” is open.', lines: notes })
    session.notice = null
    await session.reopen(session.left()!)
    expect(session.notice).toBe(null)
  })

  it('is a task as long as it is looked for, and as it is looked at again', async () => {
    const read = pending<void>()
    reading = read.promise
    answers = [opened()]
    const session = useSession()
    const labels = () => useTasks().tasks.map(({ progress }) => progress.label)
    const reopening = session.reopen(left)
    expect(labels()).toEqual(['Opening heads'])
    read.resolve()
    await reopening
    const retrying = session.retry()
    expect(labels()).toEqual(['Opening heads'])
    await retrying
    expect(labels()).toEqual([])
  })
})

describe('models that lie elsewhere than the window says', () => {
  const [a, b, c] = [ref('/a'), ref('/b'), ref('/c')]
  const [ab, bc, ac] = [
    { from: a, to: b },
    { from: b, to: c },
    { from: a, to: c }
  ]
  const back = ({ from, to }: ModelMove): ModelMove => ({ from: to, to: from })

  it.each([
    ['are where they were found', [ab], [ab], []],
    ['were found', [], [ab], [ab]],
    ['were found once more', [ab], [ab, bc], [bc]],
    ['are back', [ab], [], [back(ab)]],
    ['were found elsewhere than before', [ab], [ac], [back(ab), ac]]
  ])('%s', async (_, before, now, found) => {
    answers = [opened({ moves: now })]
    const session = useSession()
    await session.reopen({ ...left, moves: before })
    expect(session.takeFound()).toEqual(found)
    expect(session.found).toEqual([])
    // As it is asked for again.
    await session.retry()
    expect(session.found).toEqual([])
  })

  it('are told, and what was deleted of their past runs stays so', async () => {
    const [kept, gone] = [pastRun('kept', b), pastRun('deleted', b)]
    const notes = ['a: lies at /b now (it was at /a)']
    answers = [opened({ moves: [ab], notes, content: { ...content, runs: [kept, gone] } })]
    const session = useSession()
    session.notes = [{ id: 'n', on: { model: a, at: {} }, markdown: 'of it', at: 1 }]
    await session.reopen({ ...left, forgotten: [pastRun('deleted', a)] })
    for (const move of session.takeFound()) session.speakThere(move)
    expect([session.runs, session.forgotten]).toEqual([[kept], [gone]])
    expect(session.notes).toMatchObject([{ on: { model: b } }])
    expect(session.notice).toEqual({
      title: 'Models of “heads” were moved, copied or put back.',
      lines: notes
    })
  })

  it('are found as it is looked whether the file is free', async () => {
    answers = [opened({ readOnly: 'Another window has it open' }), opened({ moves: [ab] })]
    const session = useSession()
    await session.reopen(left)
    await vi.advanceTimersByTimeAsync(5_100)
    expect(session.found).toEqual([ab])
  })
})

describe('what the workspace keeps of the session', () => {
  it('comes back, and falls away where it is nothing', () => {
    const note = { id: 'n', on: null, markdown: 'A note', at: 1 }
    const kept = { version: 2, file: left, changed: true, notes: [note, { id: 3 }], findings: [{}] }
    expect(parseWorkspace(kept)).toMatchObject({
      file: left,
      changed: true,
      notes: [note],
      findings: [{}],
      figures: []
    })
    expect(parseWorkspace({ version: 2, file: { path: 7 } })).toMatchObject({
      file: null,
      changed: false
    })
  })
})

it('keeps a model of which numbers are in its file, and no other', async () => {
  const [shown, alone, other] = ['/shown', '/alone', '/other'].map(path => model(path.slice(1)))
  const told = ({ path, fingerprint, name }: ModelInfo, kept: boolean) => ({
    ...{ ref: { path, fingerprint }, name, state: 'here' as const, foundAt: null, formerly: [] },
    kept
  })
  answers = [opened({ models: [told(shown!, true), told(alone!, false)] })]
  const session = useSession()
  await session.reopen(left)
  expect([shown!, alone!, other!].map(own => session.keeps(own))).toEqual([true, false, false])
  // What stands in is what is shown already.
  expect(session.keeps({ ...shown!, absent: 'aside' })).toBe(false)
})
