import { expect, it } from 'vitest'
import type { Run } from '#common/contract/schemas.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Token } from '#common/model/token.ts'
import type { KeptSession } from '../../../../src/main/workbench/session/kept-session.ts'
import { rerun, type Computed } from '../../../../src/main/workbench/session/rerun.ts'
import { model } from '../../../renderer/fake-client.ts'
import { uncancelled } from '../../../golden/workbench.ts'

const info = model('m')
const source: RunSource = {
  ...{ model: { path: info.path, fingerprint: info.fingerprint }, input: { text: 'To be' } },
  ...{ edits: [], provider: 'cpu' }
}
const [before, now] = ['To', 'to'].map(text => [{ id: 1, text, start: 0, end: 2 } as Token])
const hook = 'blocks.0.hook_resid_pre'
const number = { shape: [1], data: Float32Array.of(1) }

/** What a session of one run comes to, whose text is read as other tokens now. */
async function again(
  kept: { readonly hooks: readonly string[] },
  computed: Partial<Computed> = {}
) {
  const session = {
    runs: [{ id: 'run', source, tokens: before } as unknown as Run],
    values: new Map([['run', { run: 'run', hooks: new Map(kept.hooks.map(hook => [hook, 4])) }]]),
    results: new Map(),
    thread: { ask: () => Promise.resolve({ value: number, precision: 'float32' }) }
  } as unknown as KeptSession
  const all = {
    'models.open': () => Promise.resolve(info),
    'models.close': () => Promise.resolve(null),
    'text.tokenize': () => Promise.resolve(now!),
    'runs.start': () => Promise.resolve({ id: 'again', tokens: now! }),
    'runs.value': () => Promise.resolve(number),
    ...computed
  } as unknown as Computed
  const told = await rerun(
    {
      computed: all,
      reading: () => () => Promise.reject(new Error('nothing is kept of analyses')),
      models: { openBy: () => [] }
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

it('tells once why nothing of a run can be had, of its values or else of its tokens', async () => {
  const fault = new LamellaError('not-found', '/m: is not there')
  const gone = { 'models.open': () => Promise.reject(fault) }
  const problem = { difference: null, problem: fault.message }
  expect(await again({ hooks: [] }, gone)).toEqual([{ what: tokens, ...problem }])
  expect(await again({ hooks: [hook] }, gone)).toEqual([{ what: value, ...problem }])
})
