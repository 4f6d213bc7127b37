import { expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import type { KeptSession } from '../../../../src/main/workbench/session/kept-session.ts'
import { rerun, type Computed } from '../../../../src/main/workbench/session/rerun/rerun.ts'
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
  computed: Partial<Computed> = {}
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
      version: '1'
    },
    session,
    uncancelled()
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
