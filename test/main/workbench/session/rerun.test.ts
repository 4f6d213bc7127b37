import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { cancelWork } from '#common/model/cancel.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { KeptSession } from '../../../../src/main/workbench/session/kept-session.ts'
import { requestKey } from '../../../../src/main/workbench/session/request-key.ts'
import type { Computed } from '../../../../src/main/workbench/session/rerun/remaking.ts'
import { rerun } from '../../../../src/main/workbench/session/rerun/rerun.ts'
import { model, run, tokens as tokensOf } from '../../../renderer/fake-client.ts'
import { uncancelled } from '../../../golden/workbench.ts'

const info = model('m')
const source = {
  ...{ model: { path: info.path, fingerprint: info.fingerprint }, input: { text: 'To be' } },
  ...{ edits: [], provider: 'cpu' as const }
}
const before = tokensOf('To be', [])
const now = tokensOf('to be', [])
const hook = 'blocks.0.hook_resid_pre'
const number = { shape: [1], data: Float32Array.of(1) }

/** What a session of one run comes to, whose text is read as other tokens now. */
async function again(
  kept: { readonly hooks: readonly string[]; readonly ids?: number[] },
  computed: Partial<Computed> = {},
  signal = new AbortController().signal
) {
  const asked = kept.ids ? { ...source, input: { ids: kept.ids } } : source
  const session = {
    content: { findings: [], figures: [] },
    models: [],
    texts: new Map(),
    runs: [run(info, 'To be', { id: 'run', source: asked, tokens: before })],
    values: new Map([['run', { run: 'run', hooks: new Map(kept.hooks.map(hook => [hook, 4])) }]]),
    results: new Map(),
    thread: { ask: () => Promise.resolve({ value: number, precision: 'float32' }) }
  } as unknown as KeptSession
  const all = {
    'models.open': () => Promise.resolve(info),
    'models.close': () => Promise.resolve(null),
    'text.tokenize': () => Promise.resolve(now),
    'text.decode': () => Promise.resolve({ text: 'to be', tokens: now }),
    'runs.start': () => Promise.resolve(run(info, 'To be', { id: 'again', tokens: now })),
    'runs.value': () => Promise.resolve(number),
    ...computed
  } as unknown as Computed
  const { again: told } = await rerun(
    {
      computed: all,
      reading: () => () => Promise.reject(new Error('nothing is kept of analyses')),
      models: { openBy: () => [] },
      version: '1',
      readFiles: false
    },
    session,
    uncancelled(signal)
  )
  return told.map(({ what, difference, problem }) => ({ what, difference, problem }))
}

const tokens = 'tokens of "To be"'
const value = `${hook} of "To be"`

it('tells that a text is read as other tokens, whether values of its run are kept or not', async () => {
  const others = { what: tokens, difference: null, problem: 'are others now' }
  expect(await again({ hooks: [] })).toEqual([others])
  expect(await again({ hooks: [hook] })).toEqual([
    others,
    { what: value, difference: 0, problem: null }
  ])
})

it('names a run of token ids by the text that they stand for', async () => {
  expect(await again({ hooks: [], ids: [0] })).toMatchObject([{ what: tokens }])
})

it('tells once why nothing of a run can be had, of its values or else of its tokens', async () => {
  const fault = new LamellaError('not-found', '/m: is not there')
  const gone = { 'models.open': () => Promise.reject(fault) }
  const problem = { difference: null, problem: fault.message }
  expect(await again({ hooks: [] }, gone)).toEqual([{ what: tokens, ...problem }])
  expect(await again({ hooks: [hook] }, gone)).toEqual([{ what: value, ...problem }])
})

it('ends where it is cancelled, in place of telling that of each', async () => {
  const controller = new AbortController()
  const cancelled = () => {
    cancelWork(controller)
    return Promise.reject(new LamellaError('cancelled', 'Cancelled'))
  }
  const remade = again({ hooks: [hook] }, { 'runs.start': cancelled }, controller.signal)
  await expect(remade).rejects.toMatchObject({ code: 'cancelled' })
})

describe('texts that a session does not carry', () => {
  const place = mkdtempSync(join(tmpdir(), 'lamella-rerun-'))
  const there = join(place, 'there.txt')
  writeFileSync(there, 'To be')
  afterAll(() => rmSync(place, { recursive: true }))
  const result = { axes: {}, variables: {}, attributes: {} }

  /** What a session of a result of what lies at a path comes to, and what was read for it. */
  async function readFor(path: string, readFiles = true) {
    const corpus = { inputs: [{ path }], window: null, stride: null }
    const of = { model: source.model, corpus, edits: [], provider: 'cpu' as const }
    const request = { name: 'token-counts', params: {}, of, with: null }
    const session = {
      content: { findings: [], figures: [] },
      ...{ models: [], texts: new Map(), runs: [], values: new Map() },
      results: new Map([[requestKey(request), { request, bytes: 1, fingerprints: new Map() }]]),
      thread: { ask: () => Promise.resolve(result) }
    } as unknown as KeptSession
    const { again, read, unread } = await rerun(
      {
        computed: {
          'models.open': () => Promise.resolve(info),
          'models.close': () => Promise.resolve(null)
        } as unknown as Computed,
        reading: read => async (_, context) => {
          await read(context)(path, context)
          return result
        },
        models: { openBy: () => [] },
        version: '1',
        readFiles
      },
      session,
      uncancelled()
    )
    return { problems: again.map(({ problem }) => problem), read, unread }
  }

  it('are read on this machine where they may be, and told as read once they were', async () => {
    expect(await readFor(there)).toEqual({ problems: [null], read: [there], unread: [] })
    const gone = join(place, 'gone.txt')
    const { problems, read } = await readFor(gone)
    expect(problems).toEqual([expect.stringContaining('gone.txt')])
    expect(read).toEqual([])
  })

  it('are not read unasked, and told as not read, whether anything lies there or not', async () => {
    const gone = join(place, 'gone.txt')
    for (const path of [there, gone])
      expect(await readFor(path, false)).toEqual({
        problems: [
          `${path}: the session has no copy of it, and files of this machine are not read unasked`
        ],
        read: [],
        unread: [path]
      })
  })

  it('are not read by their name alone, nor by the path of another machine', async () => {
    // It would be found: tests run where it lies.
    const name = 'package.json'
    expect(await readFor(name)).toEqual({
      problems: [`${name}: the session has its name alone, and no copy of it`],
      read: [],
      unread: []
    })
    const share = '//server/plays.txt'
    expect(await readFor(share)).toEqual({
      problems: [`${share}: lies on another machine, which is not asked before you are`],
      read: [],
      unread: []
    })
  })

  it.skipIf(process.platform === 'win32')('say so of a path of another system', async () => {
    const path = 'C:\\plays.txt'
    expect(await readFor(path)).toEqual({
      problems: [`${path}: lies on another system, and the session has no copy of it`],
      read: [],
      unread: []
    })
  })
})
