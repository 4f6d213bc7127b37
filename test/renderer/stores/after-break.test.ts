import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import { LamellaError, type ErrorCode } from '#common/model/errors.ts'
import { useLatest } from '../../../src/renderer/src/reactive/use-latest.ts'
import { useNewest } from '../../../src/renderer/src/reactive/use-newest.ts'
import { endBreak } from '../../../src/renderer/src/stores/after-break.ts'
import { useHeadFolders } from '../../../src/renderer/src/stores/head-folders.ts'
import { useLibrary } from '../../../src/renderer/src/stores/library.ts'
import { useLiveTokens } from '../../../src/renderer/src/stores/live-tokens.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useResults } from '../../../src/renderer/src/stores/results.ts'
import { useSession } from '../../../src/renderer/src/stores/session.ts'
import { useWorkspace } from '../../../src/renderer/src/stores/workspace.ts'
import { useFolder } from '../../../src/renderer/src/window/use-folder.ts'
import { answering, model, tokens } from '../fake-client.ts'

/** Why everything fails; null where nothing does. */
let failure: LamellaError | null
const broken = () => new LamellaError('disconnected', 'The workbench does not answer')
const scopes: EffectScope[] = []
beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  failure = broken()
  setActivePinia(createPinia())
})
afterEach(() => {
  vi.unstubAllGlobals()
  for (const scope of scopes.splice(0)) scope.stop()
})

function orFail<T>(value: T): T {
  if (failure) throw failure
  return value
}
async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await nextTick()
    await new Promise(resolve => setTimeout(resolve))
  }
}
function within<T>(make: () => T): T {
  const scope = effectScope()
  scopes.push(scope)
  return scope.run(make)!
}

/** Whether it is asked for again after a break. */
const codes: readonly [ErrorCode, boolean][] = [
  ['disconnected', true],
  // A workbench that was started anew does not have a model before it is opened there.
  ['not-found', true],
  ['unsupported', false]
]

describe.each(codes)('after a break, what failed as %s', (code, again) => {
  beforeEach(() => void (failure = new LamellaError(code, 'it failed')))

  it('is asked for again by a view', async () => {
    const key = ref(1)
    const load = () => Promise.resolve().then(() => orFail('value'))
    const all = within(() => [
      useLatest(() => key.value, load),
      useNewest(
        () => key.value,
        load,
        () => true
      )
    ])
    await settled()
    expect(all.map(({ error }) => error.value?.code)).toEqual([code, code])
    failure = null
    endBreak()
    await settled()
    expect(all.map(({ value }) => value.value)).toEqual(again ? ['value', 'value'] : [null, null])
    expect(all.every(({ error }) => (error.value === null) === again)).toBe(true)
  })

  it('is split into tokens again, although nothing was typed since', async () => {
    answering({ 'text.tokenize': ({ text }) => orFail(tokens(text, [2])) })
    const live = within(() =>
      useLiveTokens(
        () => model('a'),
        () => 'typed'
      )
    )
    await settled()
    expect([live.error.value?.code, live.tokens.value.length]).toEqual([code, 0])
    failure = null
    endBreak()
    await settled()
    expect([live.error.value === null, live.tokens.value.length]).toEqual([again, again ? 2 : 0])
  })
})

it('what a person asked for meanwhile is told no more once the connection is back, and nothing else', async () => {
  const mine = model('a')
  answering({
    'library.remove': () => orFail(null),
    'headvis.read': () => orFail(null as never),
    'models.open': () => orFail(mine),
    'models.recent': () => []
  })
  const [library, folders, results, session] = [
    useLibrary(),
    useHeadFolders(),
    useResults(),
    useSession()
  ]
  const asked = {
    ...{ name: 'asked', params: {}, of: mine.id, modelId: mine.id, label: 'Asking' },
    load: () => Promise.resolve().then(() => orFail(1)),
    bytes: () => 8
  }
  const tell = async () => {
    await library.remove({ kind: 'text', name: 'a', input: { text: 'a' } })
    await folders.read('/a')
    await results.ask(asked).catch(() => undefined)
    session.notice = { title: 'It stays as it is.', lines: [], error: failure! }
  }
  const told = () => [
    library.error?.code,
    folders.error?.code,
    results.stateOf(asked)?.kind,
    session.notice?.error?.code
  ]
  await tell()
  expect(told()).toEqual(['disconnected', 'disconnected', 'failed', 'disconnected'])
  failure = null
  endBreak()
  await nextTick()
  expect(told()).toEqual([undefined, undefined, undefined, undefined])

  failure = new LamellaError('not-found', 'it is not there')
  await tell()
  endBreak()
  await nextTick()
  expect(told()).toEqual(['not-found', 'not-found', 'failed', 'not-found'])
})

it('a folder that could not be listed is listed, unless another was asked for', async () => {
  const listing = (path: string) => ({ path, parent: null, entries: [] }) as never
  const calls = answering({ 'files.list': ({ path }) => orFail(listing(path ?? '/home')) })
  const folder = within(useFolder)
  expect((await folder.list('/a'))?.code).toBe('disconnected')
  failure = null
  endBreak()
  await settled()
  expect(folder.listing.value).toEqual(listing('/a'))
  failure = broken()
  await folder.list('/b')
  folder.leave()
  const asked = calls.length
  endBreak()
  await settled()
  expect(calls.length).toBe(asked)
})

it('the break is over once the models are open again, before texts run', async () => {
  const order: string[] = []
  const mine = model('a')
  answering({
    'models.open': () => {
      order.push('open')
      return mine
    },
    'models.recent': () => [],
    'text.tokenize': () => []
  })
  await useModels().openPath('/a')
  const latest = within(() =>
    useLatest(
      () => 1,
      () => {
        order.push('asked')
        return Promise.reject(broken())
      }
    )
  )
  await settled()
  expect(latest.error.value?.code).toBe('disconnected')
  await useWorkspace().reopenModels()
  await settled()
  expect(order).toEqual(['open', 'asked', 'open', 'asked'])
})
