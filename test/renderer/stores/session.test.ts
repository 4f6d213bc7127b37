import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OpenSession } from '#common/contract/session.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { PastRun } from '#common/model/library.ts'
import { useSession } from '../../../src/renderer/src/stores/session.ts'
import { parseWorkspace } from '../../../src/renderer/src/stores/workspace-state.ts'
import { answering } from '../fake-client.ts'

const left = { path: '/home/heads.lamella', savedAt: 5, moves: [], forgotten: [] }
const content = { window: {}, library: [], runs: [], notes: [], findings: [], figures: [] }
const opened = (own: Partial<OpenSession> = {}): OpenSession => ({
  id: 'one',
  path: left.path,
  readOnly: null,
  content,
  saved: { at: 5, version: '1', keep: 'seen', bytes: 10 },
  models: [],
  moves: [],
  notes: [],
  ...own
})

let answers: (OpenSession | LamellaError)[]
let calls: ReturnType<typeof answering>
beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers()
  calls = answering({
    'sessions.open': () => {
      const next = answers.length > 1 ? answers.shift()! : answers[0]!
      if (next instanceof LamellaError) throw next
      return next
    },
    'sessions.close': () => null
  })
})
afterEach(() => vi.useRealTimers())

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
    expect(calls).toHaveLength(3)
  })

  it('is not tried again where another program has it', async () => {
    answers = [opened({ readOnly: 'Another program has it open' })]
    await useSession().reopen(left)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls).toHaveLength(1)
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
