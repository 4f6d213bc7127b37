import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { z } from 'zod'
import { AnalysisRequest } from '#common/contract/session.ts'
import { dataset } from '#common/data/dataset.ts'
import type { SessionFile } from '../../../../src/main/session/protocol.ts'
import { sessionWork } from '../../../../src/main/session/work.ts'
import type { KeptModel } from '../../../../src/main/workbench/session/kept-model.ts'
import {
  keepsNumbers,
  keptResult,
  keptSession,
  relocated,
  type KeptSession
} from '../../../../src/main/workbench/session/kept-session.ts'
import { requestKey } from '../../../../src/main/workbench/session/request-key.ts'
import type { SessionThread } from '../../../../src/main/workbench/session/session-files.ts'
import { model } from '../../../renderer/fake-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-kept-'))
afterAll(() => rmSync(folder, { recursive: true }))

const kept = (name: string): KeptModel => ({
  info: model(name),
  ...{ files: [], formerly: [] }
})
const [a, b, c] = [kept('a'), kept('b'), kept('c')]

function asked({ info: { path, fingerprint } }: KeptModel): AnalysisRequest {
  return AnalysisRequest.parse({ name: 'value-check', of: { model: { path, fingerprint } } })
}

it('gives results of a model that moved, and moved again, as of where it lies now', async () => {
  const work = sessionWork()
  const path = join(folder, 'moved.lamella')
  await work.begin({ path })
  const result = dataset({}, {}, { model: a.info.fingerprint, other: 'of none' })
  await work.putResult({ key: 'k', request: z.json().parse(asked(a)), result })
  const content = { window: {}, library: [], runs: [], notes: [], findings: [], figures: [] }
  const saved = { at: 1, version: '1', keep: 'seen' as const }
  const { file } = await work.finish({ content, saved })
  const thread = {
    ask: (name: 'values', argument: never) => Promise.resolve(work[name](argument))
  } as unknown as SessionThread

  const { kept: read } = await keptSession(thread, file)
  const there = relocated(relocated(read, a.info, b), b.info, c)
  expect(await keptResult(there, requestKey(asked(b)))).toBeNull()
  const found = await keptResult(there, requestKey(asked(c)))
  expect(found?.attributes).toEqual({ model: c.info.fingerprint, other: 'of none' })
  await work.close(null)
})

it('knows a model by the last hundred places where it was, and by none where it is', () => {
  const places = Array.from({ length: 150 }, (_, i) => kept(`place ${i}`))
  const thread = {} as SessionThread
  const content = { window: {}, library: [], runs: [], notes: [], findings: [], figures: [] }
  const none = { runs: [], values: new Map(), results: new Map() }
  const first = { thread, content, models: [places[0]!], ...none } as unknown as KeptSession
  const moved = places.slice(1).reduce((all, to, i) => relocated(all, places[i]!.info, to), first)
  const names = (from: number, to: number) =>
    places.slice(from, to).map(({ info }) => info.fingerprint)
  expect(moved.models[0]!.formerly).toEqual(names(49, 149))
  // Where it was before it is again.
  const back = relocated(moved, places[149]!.info, places[148]!)
  expect(back.models[0]!.formerly).toEqual([...names(49, 148), ...names(149, 150)])
})

it('says in a line what is wrong with a row that is left out', async () => {
  const thread = { ask: () => Promise.resolve([]) } as unknown as SessionThread
  const models = ['{}', '{', JSON.stringify(a)]
  const file = { path: '/s/x.lamella', notes: [], models, runs: ['[]'] } as unknown as SessionFile
  const { kept: read, notes } = await keptSession(thread, file)
  expect(read.models.map(({ info }) => info.name)).toEqual(['a'])
  expect(notes).toEqual([
    'x.lamella: a model cannot be read, and is left out (info: expected an object, got nothing)',
    'x.lamella: a model cannot be read, and is left out (not JSON)',
    'x.lamella: a run cannot be read, and is left out (expected an object, got an empty list)'
  ])
})

it('takes no widths for a model’s that no model has: a window would be drawn of them', async () => {
  const thread = { ask: () => Promise.resolve([]) } as unknown as SessionThread
  const withWidths = (own: object) =>
    JSON.stringify({ ...a, info: { ...a.info, config: { ...a.info.config, ...own } } })
  const widths = [{ nLayers: 1e9 }, { nLayers: -1 }, { nHeads: 0.5 }, { nLayers: 4096, nHeads: 17 }]
  const models = [...widths.map(withWidths), withWidths({ nLayers: 128, nHeads: 128 })]
  const file = { path: '/s/x.lamella', notes: [], models, runs: [] } as unknown as SessionFile
  const { kept: read, notes } = await keptSession(thread, file)
  expect(read.models).toHaveLength(1)
  expect(notes.map(note => /\((.*)\)/.exec(note)?.[1])).toEqual([
    'info.config.nLayers: expected at most 4096, got 1000000000',
    'info.config.nLayers: expected at least 0, got -1',
    'info.config.nHeads: expected a whole number, got 0.5',
    'info.config: expected at most 65536 heads'
  ])
})

it('keeps numbers of a model of which it has a value or a result, also one that compares it', () => {
  const ref = ({ info: { path, fingerprint } }: KeptModel) => ({ path, fingerprint })
  const of = (model: KeptModel) => ({ ...asked(model).of })
  const runs = [a, b].map(model => ({ id: model.info.id, source: { model: ref(model) } }))
  const kept = (values: string[], requests: AnalysisRequest[]) =>
    ({
      runs,
      values: new Map(values.map(run => [run, { run, hooks: new Map() }])),
      results: new Map(requests.map(request => [requestKey(request), { request }]))
    }) as unknown as KeptSession
  const of3 = (session: KeptSession) => [a, b, c].map(model => keepsNumbers(session, ref(model)))
  expect(of3(kept([], []))).toEqual([false, false, false])
  expect(of3(kept([b.info.id], []))).toEqual([false, true, false])
  expect(of3(kept([], [asked(c)]))).toEqual([false, false, true])
  expect(of3(kept([], [{ ...asked(a), with: of(c) }]))).toEqual([true, false, true])
})
