import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LamellaError, type ErrorCode } from '#common/model/errors.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../src/renderer/src/stores/runs.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
import { useWorkspace } from '../../../src/renderer/src/stores/workspace.ts'
import { answering, model, run } from '../fake-client.ts'

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
