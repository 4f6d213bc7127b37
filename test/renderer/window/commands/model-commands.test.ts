import { createPinia, setActivePinia } from 'pinia'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import { useSession } from '../../../../src/renderer/src/stores/session.ts'
import { modelCommands } from '../../../../src/renderer/src/window/commands/model-commands.ts'
import { answering, model } from '../../fake-client.ts'

// Modules ask for it as they are loaded.
vi.hoisted(() => vi.stubGlobal('window', { addEventListener: () => undefined }))

const now = model('a')

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
  answering({})
  useModels().open = [now]
  useModels().activeId = now.id
})
afterAll(() => vi.unstubAllGlobals())

/** What the palette offers of models that a session kept of the path. */
function kept(...fingerprints: string[]): (readonly [title: string, note: string | undefined])[] {
  const models = [now.fingerprint, ...fingerprints].map(fingerprint => ({
    ...{ ref: { path: now.path, fingerprint }, name: 'a', state: 'here' as const },
    ...{ foundAt: null, formerly: [], kept: true }
  }))
  useSession().file = {
    ...{ id: '1', path: '/a.lamella', readOnly: null, moves: [], notes: [], models, texts: [] },
    library: [],
    saved: { at: 1, version: '1', keep: 'seen', bytes: 1 }
  }
  return modelCommands()
    .filter(({ title }) => title.includes('other files'))
    .map(({ title, note }) => [title, note])
}

it('several other files of a model that a session kept are told apart by their fingerprints', () => {
  const title = 'Show what the session kept of other files of a'
  expect(kept('0123456789', 'abcdef0123')).toEqual([
    [title, '01234567'],
    [title, 'abcdef01']
  ])
  expect(kept('0123456789')).toEqual([[title, undefined]])
})
