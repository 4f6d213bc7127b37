import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Run } from '#common/contract/schemas.ts'
import { LamellaError, type ErrorCode } from '#common/model/errors.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../src/renderer/src/stores/runs.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
import { useWorkspace } from '../../../src/renderer/src/stores/workspace.ts'
import { answering, model, pending, run } from '../fake-client.ts'

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
})
afterEach(() => void vi.unstubAllGlobals())

const codes: readonly [ErrorCode, boolean][] = [
  ['disconnected', true],
  ['file-changed', true],
  ['unsupported', false]
]
it.each(codes)('runs what failed as %s once models are opened anew: %s', async (code, again) => {
  const own = model('a')
  let failure: LamellaError | null = new LamellaError(code, 'it failed')
  answering({
    'models.open': () => own,
    'models.recent': () => [],
    'text.tokenize': () => [],
    'library.remember': () => null,
    'runs.start'() {
      if (failure) throw failure
      return run(own, 'one')
    }
  })
  await useModels().openPath('/a')
  const runs = useRuns()
  runs.text = 'one'
  await runs.start()
  expect(runs.errorOf('A')?.code).toBe(code)
  failure = null
  useTabs().open('attention', 'A')
  await useWorkspace().reopenModels()
  expect(runs.currentOf('A') !== null).toBe(again)
})

it('says nothing of what failed before while the same text runs again', async () => {
  const own = model('a')
  let answer: Promise<Run> = Promise.reject(new LamellaError('unsupported', 'it failed'))
  answering({
    'models.open': () => own,
    'models.recent': () => [],
    'text.tokenize': () => [],
    'library.remember': () => null,
    'runs.start': () => answer
  })
  await useModels().openPath('/a')
  const runs = useRuns()
  runs.text = 'one'
  await runs.start()
  expect(runs.errorOf('A')?.message).toBe('it failed')
  const running = pending<Run>()
  answer = running.promise
  const again = runs.start()
  expect(runs.errorOf('A')).toBeNull()
  running.resolve(run(own, 'one'))
  await again
  expect(runs.errorOf('A')).toBeNull()
})

describe('as models are opened anew', () => {
  const opened = (path: string) => model(path.slice(1))
  let opening: (path: string) => Promise<ReturnType<typeof model>>
  beforeEach(() => {
    answering({
      'models.open': ({ path }) => opening(path),
      'models.close': () => null,
      'models.recent': () => []
    })
    useTabs().open('attention', 'A')
  })

  it.each(['disconnected', 'not-found'] as const)(
    'those that were lost stay their groups’: %s',
    async code => {
      const models = useModels()
      opening = () => Promise.reject(new LamellaError(code, 'gone'))
      await models.bringBack(['/a'], { A: '/a' })
      opening = path => Promise.resolve(opened(path))
      await useWorkspace().reopenModels()
      for (let i = 0; i < 40; i++) await Promise.resolve()
      expect(models.pathOf('A')).toBe('/a')
      // What broke with the connection is asked for again.
      expect(models.activeOf('A')?.path).toBe(code === 'disconnected' ? '/a' : undefined)
    }
  )

  it('those that are closed meanwhile stay closed', async () => {
    const models = useModels()
    opening = path => Promise.resolve(opened(path))
    for (const path of ['/a', '/b', '/c']) await models.openPath(path, 'A')
    opening = async path => {
      if (path === '/a') await models.leave('/b')
      return opened(path)
    }
    await useWorkspace().reopenModels()
    expect(models.open.map(({ path }) => path)).toEqual(['/a', '/c'])
    expect(models.activeOf('A')?.path).toBe('/c')
  })
})
