import { createPinia, setActivePinia } from 'pinia'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useSession } from '../../../../src/renderer/src/stores/session.ts'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import AbsentModels from '../../../../src/renderer/src/window/session/AbsentModels.vue'
import AbsentNotice from '../../../../src/renderer/src/window/session/AbsentNotice.vue'
import { answering, model } from '../../fake-client.ts'

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
  answering({})
})
afterEach(() => vi.unstubAllGlobals())

/** What is said of a model that is not there, by whether its session's file keeps numbers of it. */
async function told(kept: boolean): Promise<string> {
  const own = model('a', { absent: 'missing' })
  const ref = { path: own.path, fingerprint: own.fingerprint }
  const state = 'missing' as const
  const known = { ref, name: 'a', state, foundAt: null, formerly: [], kept }
  useSession().file = {
    ...{
      id: '1',
      path: '/a.lamella',
      readOnly: null,
      moves: [],
      notes: [],
      models: [known],
      texts: [],
      library: []
    },
    saved: { at: 1, version: '1', keep: 'seen', bytes: 1 }
  }
  const html = await renderToString(createSSRApp(AbsentNotice, { model: own }))
  return html.replaceAll(/<[^>]+>/g, '').replaceAll(/\s+/g, ' ')
}

it('says that only what was kept is shown, and where nothing was, that', async () => {
  expect(await told(true)).toContain('a is not where it was: only what was kept is shown.')
  expect(await told(false)).toContain('a is not where it was: nothing that it computed was kept.')
})

it('is said once for the window of each model that is not there, whatever its tabs are of', async () => {
  useModels().open = [
    model('a', { absent: 'missing' }),
    model('b'),
    model('c', { absent: 'aside' })
  ]
  const html = await renderToString(createSSRApp(AbsentModels))
  expect(html.match(/aria-label="Model [^"]*"/g)).toEqual([
    'aria-label="Model a"',
    'aria-label="Model c"'
  ])
})
