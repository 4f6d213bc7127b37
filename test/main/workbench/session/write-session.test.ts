import { expect, it } from 'vitest'
import type { HandlerContext } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import type { AnalysisRequest, KeptWish } from '#common/contract/session.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Absence } from '#common/model/absence.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Keep, SessionContent } from '#common/model/session.ts'
import type { Model } from '../../../../src/main/workbench/model/model.ts'
import type { OpenModels } from '../../../../src/main/workbench/model/open-models.ts'
import type { RunRecord } from '../../../../src/main/workbench/run/run-record.ts'
import type { Runnable } from '../../../../src/main/workbench/run/runnable.ts'
import { createAbsences } from '../../../../src/main/workbench/session/absences.ts'
import { standInId } from '../../../../src/main/workbench/session/absent.ts'
import type { KeptModel } from '../../../../src/main/workbench/session/kept-model.ts'
import { requestKey } from '../../../../src/main/workbench/session/request-key.ts'
import type { SessionThread } from '../../../../src/main/workbench/session/session-files.ts'
import {
  type KeptBefore,
  type SessionParts,
  writeKept
} from '../../../../src/main/workbench/session/write-session.ts'

const ref = { path: '/models/letters', fingerprint: 'f' }
const hooks = ['blocks.0.hook_resid_pre', 'blocks.1.hook_resid_pre']
const model = {
  info: { ...ref, id: 'letters', name: 'letters', hooks, family: 'gpt2' },
  checkpoint: { files: [] },
  files: []
} as unknown as Model
const source: RunSource = { model: ref, input: { text: 'To be' }, edits: [], provider: 'cpu' }
const request: AnalysisRequest = {
  ...{ name: 'predictions', params: {}, with: null },
  of: { model: ref, corpus: null, edits: [], provider: 'cpu' }
}
const run = { id: 'run', source, tokens: [], modelId: 'letters' } as unknown as Run
const record = { run, model, unedited: null } as unknown as RunRecord<Runnable>
const value = { shape: [2], data: Float32Array.of(1, 2) }
const result = { axes: {}, variables: {}, attributes: { name: 'predictions' } } as Dataset

const wish: KeptWish = { runs: [source], results: [request], corpora: [] }
const content: SessionContent = {
  ...{ window: null, library: [], runs: [], notes: [], findings: [], figures: [] }
}

/** A session that keeps the run, one of its values and the result; its thread answers what it is asked. */
const before = {
  ...{ content, runs: [run], saved: { keep: 'seen' } },
  models: [{ info: model.info, files: [], described: null, formerly: [] } as unknown as KeptModel],
  values: new Map([['run', { run: 'run', hooks: new Map([[hooks[0]!, 8]]) }]]),
  results: new Map([
    [requestKey(request), { key: 'own', request, bytes: 1, fingerprints: new Map() }]
  ]),
  thread: {
    ask: (call: string) =>
      Promise.resolve(call === 'value' ? { value, precision: 'float32' } : result)
  }
} as unknown as KeptBefore

const notOpen = () => new LamellaError('not-found', 'This model is not open')

/** As all that is under way ends when its model is closed. */
const closed = (close: () => void) => {
  close()
  return Promise.reject(cancelled())
}

interface Saving {
  readonly wish?: KeptWish
  /** What computes otherwise; `close` closes the model. */
  readonly parts?: (close: () => void) => object
  readonly keep?: Keep
  readonly before?: KeptBefore | null
  readonly context?: Partial<HandlerContext>
  readonly put?: (row: { readonly table: string; readonly json: string }) => void
}

/** Writes a session of one model, one run of it with two values, and one result. */
async function written({ parts, keep = 'everything', context = {}, put, ...own }: Saving) {
  const closing = new AbortController()
  const there = () => !closing.signal.aborted
  const models: Partial<OpenModels> = {
    openBy: () => (there() ? [model] : []),
    isOpen: there,
    resolve({ path }) {
      if (there() && path === ref.path) return model
      throw notOpen()
    },
    whileOpen: (_model, context, action) =>
      there() ? action({ ...context, signal: closing.signal }) : Promise.reject(notOpen())
  }
  const rows: string[] = []
  const to = {
    ask(call: string, row: { readonly table?: string; readonly hook?: string }) {
      if (call === 'putJson') put?.(row as { table: string; json: string })
      rows.push(
        [call, row.table ?? row.hook ?? row].filter(each => typeof each === 'string').join(' ')
      )
      return Promise.resolve(null)
    }
  } as unknown as SessionThread
  const all = {
    models,
    hashes: { of: () => Promise.resolve([]) },
    runs: { made: () => Promise.resolve(record) },
    forward: { isComplete: () => Promise.resolve(true), value: () => Promise.resolve(value) },
    cache: { hooks: () => Promise.resolve(hooks.map(hook => ({ hook, bytes: 8 }))) },
    lookedAt: { hooks: () => new Map(hooks.map(hook => [hook, 8])), resultBytes: () => null },
    absences: createAbsences({ onGone: () => undefined }),
    analyse: () => (there() ? Promise.resolve(result) : Promise.reject(notOpen())),
    ...parts?.(() => closing.abort(cancelled()))
  } as unknown as SessionParts
  const asked = { content, wish: own.wish ?? wish, keep }
  const notes = await writeKept(all, asked, own.before ?? null, to, {
    client: 'one',
    signal: new AbortController().signal,
    progress: () => undefined,
    ...context
  })
  return { rows, notes }
}

const [first, second] = hooks.map(hook => `putValue ${hook}`)

it('has all numbers of a model that is open', async () => {
  const { rows, notes } = await written({})
  expect(notes).toEqual([])
  expect(rows).toEqual([
    ...['putJson models', 'putJson provenance', 'putJson runs', first!, second!, 'putResult']
  ])
})

it('says which machine wrote it', async () => {
  const told: string[] = []
  await written({ put: ({ table, json }) => void (table === 'provenance' && told.push(json)) })
  const { platform, arch, versions } = process
  expect(told.map(json => JSON.parse(json) as unknown)).toEqual([
    { platform, architecture: arch, node: versions.node }
  ])
})

it('goes on without what is of a model that is closed meanwhile, and says so', async () => {
  const parts = (close: () => void) => ({
    forward: {
      isComplete: () => Promise.resolve(true),
      value: (_record: unknown, hook: string) =>
        hook === hooks[0] ? Promise.resolve(value) : closed(close)
    }
  })
  const own = await written({ parts })
  expect(own.rows).toEqual(['putJson models', 'putJson provenance', 'putJson runs', first])
  expect(own.notes).toEqual([
    '1 value of runs could not be had and is not in it: its model was closed meanwhile',
    '1 result could not be had and is not in it: its model was closed meanwhile'
  ])
  const run = await written({ parts: close => ({ runs: { made: () => closed(close) } }) })
  expect(run.rows).toEqual(['putJson models', 'putJson provenance'])
  expect(run.notes[0]).toBe(
    '1 run could not be had and is not in it: its model was closed meanwhile'
  )
})

it('takes from its file what is of a model that is closed meanwhile', async () => {
  const value = await written({
    before,
    parts: close => ({
      forward: { isComplete: () => Promise.resolve(true), value: () => closed(close) }
    })
  })
  expect(value.rows.slice(3)).toEqual([first, 'putResult'])
  expect(value.notes).toEqual([
    '1 value of runs could not be had and is not in it: its model was closed meanwhile'
  ])
  const run = await written({ before, parts: close => ({ runs: { made: () => closed(close) } }) })
  expect(run.rows.slice(2)).toEqual(['putJson runs', first, 'putResult'])
  expect(run.notes).toEqual([])
  const result = await written({ before, parts: close => ({ analyse: () => closed(close) }) })
  expect(result.rows.at(-1)).toBe('putResult')
  expect(result.notes).toEqual([])
})

it('says of which model that is set aside the numbers are those that its file had', async () => {
  const saved = async (absence: Absence, keep: Keep = 'seen') => {
    const absences = createAbsences({ onGone: () => undefined })
    absences.set('one', standInId(ref), absence)
    const resolve = () => {
      throw notOpen()
    }
    const { rows, notes } = await written({
      ...{ before, keep },
      parts: () => ({ absences, models: { openBy: () => [], resolve } })
    })
    return { rows: rows.slice(2), notes }
  }
  expect(await saved('aside')).toEqual({
    rows: ['putJson runs', first, 'putResult'],
    notes: [
      'letters is set aside: its numbers are those that the file had, and none that were computed since'
    ]
  })
  expect((await saved('missing')).notes).toEqual([])
  expect(await saved('aside', 'recompute')).toEqual({ rows: [], notes: [] })
})

it('computes nothing of what stands in, although another window has the model itself open', async () => {
  const absences = createAbsences({ onGone: () => undefined })
  absences.set('one', standInId(ref), 'retokenized')
  const elsewhere: Partial<OpenModels> = {
    ...{ openBy: () => [], isOpen: () => true, resolve: () => model },
    whileOpen: (_model, context, action) => action(context)
  }
  const computes = () => Promise.reject(new Error('computed'))
  const { rows, notes } = await written({
    before,
    parts: () => ({ absences, models: elsewhere, runs: { made: computes }, analyse: computes })
  })
  expect([rows.slice(2), notes]).toEqual([['putJson runs', first, 'putResult'], []])
})

it('says where numbers that the file had by another tokenizer are made by the one that is there', async () => {
  const file = { path: '/models/letters/tokenizer.json', mark: 'before' }
  const held = { label: 'tokenizer.json', bytes: 1, sha256: 'a' }
  const there = { ...model, files: [{ ...file, label: 'tokenizer.json', size: 1, mark: 'now' }] }
  const saved = async (
    sha256: string,
    own: KeptModel['files'][number]['held'] = held,
    parts: object = {},
    of: Run = run
  ) => {
    const known = { ...before.models[0]!, files: [{ ...file, held: own }] }
    const runs: unknown[] = []
    const { notes, rows } = await written({
      before: { ...before, models: [known], runs: [of] },
      wish: { ...wish, runs: [of.source] },
      put: ({ table, json }) => void (table === 'runs' && runs.push(JSON.parse(json))),
      parts: () => ({
        hashes: { of: (files: readonly unknown[]) => Promise.resolve(files.map(() => sha256)) },
        models: {
          ...{ openBy: () => [there], isOpen: () => true, resolve: () => there },
          whileOpen: (
            _: unknown,
            context: HandlerContext,
            action: (own: HandlerContext) => unknown
          ) => action(context)
        },
        ...parts
      })
    })
    return { rows: rows.slice(2), notes: notes.filter(note => note.includes('tokenizer')), runs }
  }
  expect((await saved('b')).notes).toEqual([
    'letters has another tokenizer now: what the file kept of texts by the one before is computed anew where that can be, and is not kept'
  ])
  expect((await saved('a')).notes).toEqual([])
  // Where nobody knows, nothing is said.
  expect((await saved('b', null)).notes).toEqual([])
  // What cannot be had now was of other tokens: it is not set beside the tokenizer that is there.
  const fails = () => Promise.reject(new LamellaError('engine-failed', 'it fails'))
  const failing = { runs: { made: fails }, analyse: fails }
  expect((await saved('a', held, failing)).rows).toEqual(['putJson runs', first, 'putResult'])
  expect((await saved('b', held, failing)).rows).toEqual([])
  expect((await saved('b', null, failing)).rows).toEqual([])
  // No tokenizer read ids: only what they stood for is not told by the one that is there.
  const o = { id: 53, piece: 'o', text: 'o', start: 0, end: 1, special: false }
  const ofIds = { ...run, source: { ...run.source, input: { ids: [53] } }, tokens: [o] }
  const other = await saved('b', held, failing, ofIds)
  expect(other.rows).toEqual(['putJson runs', first])
  const byId = { id: 53, piece: '#53', text: '#53', start: 0, end: 0, special: false }
  expect(other.runs).toEqual([{ ...ofIds, tokens: [byId] }])
  expect((await saved('a', held, failing, ofIds)).runs).toEqual([ofIds])
})

it('has no files read for what a session that was opened says was looked at', async () => {
  const inputs = [{ path: '/home/me/diary' }]
  const files: AnalysisRequest = {
    ...request,
    of: { ...request.of, corpus: { inputs, window: null, stride: null } }
  }
  const folder: AnalysisRequest = { ...request, params: { folder: '/home/me' } }
  const told = 'it reads files, and was not looked at since Lamella started'
  for (const reading of [files, folder, { ...request, with: files.of }]) {
    let asked = 0
    const saved = (bytes: number | null, before: KeptBefore | null = null) =>
      written({
        ...{ before, wish: { runs: [], results: [reading], corpora: [] } },
        parts: () => ({
          analyse: () => Promise.resolve((asked++, result)),
          lookedAt: { resultBytes: (key: string) => (key === requestKey(reading) ? bytes : null) }
        })
      })
    const unasked = await saved(null)
    expect([asked, unasked.rows.includes('putResult')]).toEqual([0, false])
    expect(unasked.notes).toEqual([`1 result could not be had and is not in it: ${told}`])
    // What the file has of it, it has further on.
    const results = new Map([[requestKey(reading), before.results.get(requestKey(request))!]])
    const kept = await saved(null, { ...before, results })
    expect([asked, kept.rows.at(-1), kept.notes]).toEqual([0, 'putResult', []])
    expect([(await saved(8)).rows.at(-1), asked]).toEqual(['putResult', 1])
  }
})

it('has a model that stands in also where nothing of it was run', async () => {
  const absences = createAbsences({ onGone: () => undefined })
  absences.set('one', standInId(ref), 'missing')
  const resolve = () => {
    throw notOpen()
  }
  const { rows } = await written({
    ...{ before, wish: { runs: [], results: [], corpora: [] } },
    parts: () => ({ absences, models: { openBy: () => [], resolve } })
  })
  expect(rows).toContain('putJson models')
})

it('keeps what its file has of former files of a model that is open, but for what was deleted', async () => {
  const former = { ...ref, fingerprint: 'former' }
  const of = (text: string) => ({ ...source, model: former, input: { text } })
  const keptRun = (text: string) => ({ ...run, id: text, source: of(text) })
  const asked = { ...request, of: { ...request.of, model: former } }
  const own = {
    ...before,
    content: { ...content, runs: [{ source: of('deleted'), modelName: 'letters', at: 1 }] },
    models: [{ ...before.models[0]!, info: { ...model.info, ...former } }],
    runs: [keptRun('looked at'), keptRun('deleted')],
    values: new Map([['looked at', { run: 'r', hooks: new Map([[hooks[0]!, 8]]) }]]),
    results: new Map([
      [requestKey(asked), { key: 'own', request: asked, bytes: 1, fingerprints: new Map() }]
    ])
  } as unknown as KeptBefore
  const put: string[] = []
  const { notes } = await written({
    ...{ before: own, wish: { runs: [], results: [], corpora: [] } },
    parts: () => ({
      models: {
        openBy: () => [model],
        resolve({ fingerprint }: { fingerprint: string }) {
          if (fingerprint === ref.fingerprint) return model
          throw notOpen()
        }
      },
      runs: { made: () => Promise.reject(notOpen()) }
    }),
    put: ({ table, json }) => {
      const row = JSON.parse(json) as { id?: string; info?: { fingerprint: string } }
      if (table === 'runs' || table === 'models') put.push(row.id ?? row.info!.fingerprint)
    }
  })
  expect(notes).toEqual([])
  expect(put).toEqual([ref.fingerprint, 'former', 'looked at'])
})

it('has each value of a model that is open once, also where its file has it', async () => {
  const { rows } = await written({ before })
  expect(rows.slice(2)).toEqual(['putJson runs', first, second, 'putResult'])
})

it('takes a value from its file that cannot be had now, also where it keeps less from now on', async () => {
  const parts = () => ({
    forward: {
      isComplete: () => Promise.resolve(true),
      value: (_record: unknown, hook: string) =>
        hook === hooks[0]
          ? Promise.reject(new LamellaError('engine-failed', 'The engine stopped'))
          : Promise.resolve(value)
    }
  })
  const all: KeptBefore = { ...before, saved: { keep: 'everything', at: 0 } }
  const { rows, notes } = await written({ before: all, keep: 'seen', parts })
  expect(rows.slice(3)).toEqual([second, first, 'putResult'])
  expect(notes).toEqual([])
})

it('waits for no run of a model that is closed meanwhile', async () => {
  const parts = (close: () => void) => ({
    runs: {
      made(_source: RunSource, { signal }: HandlerContext) {
        close()
        signal.throwIfAborted()
        return Promise.resolve(record)
      }
    }
  })
  expect((await written({ parts })).rows).toEqual(['putJson models', 'putJson provenance'])
})

it('compares no model with one that is not open, and takes that from its file', async () => {
  const other = { path: '/models/other', fingerprint: 'g' }
  const compared: AnalysisRequest = { ...request, with: { ...request.of, model: other } }
  const wish: KeptWish = { runs: [], results: [compared], corpora: [] }
  let asked = 0
  const parts = () => ({
    analyse() {
      asked++
      return Promise.reject(notOpen())
    }
  })
  const none = await written({ wish, parts })
  expect([asked, none.notes]).toEqual([0, []])
  const kept = { key: 'own', request: compared, bytes: 1, fingerprints: new Map<string, string>() }
  const results = new Map([[requestKey(compared), kept]])
  const { rows } = await written({ wish, parts, before: { ...before, results } })
  expect([asked, rows.at(-1)]).toEqual([0, 'putResult'])
})

it('is not saved where the workbench closes or it is given up meanwhile', async () => {
  const ended = () => ({ analyse: () => Promise.reject(cancelled()) })
  await expect(written({ before, parts: ended })).rejects.toThrow('Cancelled')
  const controller = new AbortController()
  const parts = (close: () => void) => ({
    analyse() {
      controller.abort()
      return closed(close)
    }
  })
  const { signal } = controller
  await expect(written({ before, parts, context: { signal } })).rejects.toThrow()
})

it('tells what it waits for, and how far what it computes is', async () => {
  const told: [string, number, number][] = []
  const progress: HandlerContext['progress'] = ({ label, done, total }) =>
    void told.push([label, done, total])
  const telling =
    (label: string, of: unknown) =>
    (...args: unknown[]) => {
      const context = args.at(-1) as HandlerContext
      context.progress({ label, done: 1, total: 2 })
      return Promise.resolve(of)
    }
  const parts = () => ({
    runs: { made: telling('Reading', record) },
    forward: {
      isComplete: () => Promise.resolve(true),
      value: telling('Running block 1 of 2', value)
    },
    analyse(_request: AnalysisRequest, context: HandlerContext) {
      context.progress({ label: 'Waiting for other analyses', done: 0, total: 0 })
      return Promise.resolve(result)
    }
  })
  await written({ parts, context: { progress } })
  expect(told).toEqual([
    ['Saving the session', 0, 2],
    ['Saving the session · Reading', 0.25, 2],
    ['Saving the session · Running block 1 of 2', 0.625, 2],
    ['Saving the session · Running block 1 of 2', 0.875, 2],
    ['Saving the session', 1, 2],
    ['Saving the session · Waiting for other analyses', 1, 2]
  ])
})

it('says of which model no copy will be known, and keeps what was read of its files before', async () => {
  const files = ['one', 'two'].map(label => ({ label, path: `/${label}`, mark: label, size: 1 }))
  const whole = { ...model, files } as unknown as Model
  const held = { label: 'one', bytes: 1, sha256: 'of one' }
  const rows: { readonly table: string; readonly json: string }[] = []
  const saved = async (known: readonly object[]) => {
    rows.length = 0
    const [kept] = before.models
    const info = whole.info
    const { notes } = await written({
      keep: 'recompute',
      before: { ...before, models: [{ ...kept!, info, files: known } as KeptModel] },
      parts: () => ({
        models: { openBy: () => [whole], resolve: () => whole, isOpen: () => true },
        hashes: { of: () => Promise.reject(new LamellaError('file-changed', 'two: has changed')) }
      }),
      put: row => rows.push(row)
    })
    const { json } = rows.find(({ table }) => table === 'models')!
    const { files } = JSON.parse(json) as KeptModel
    return { notes, held: files.map(({ held }) => held?.sha256 ?? null) }
  }
  const one = { path: '/one', mark: 'one', held }
  expect(await saved([one, { path: '/two', mark: 'two before', held }])).toEqual({
    notes: [
      'Copies of 1 model will not be known again, for its files could not be read whole: two: has changed'
    ],
    held: ['of one', null]
  })
  expect(await saved([one, { path: '/two', mark: 'two', held }])).toEqual({
    notes: [],
    held: ['of one', 'of one']
  })
})
