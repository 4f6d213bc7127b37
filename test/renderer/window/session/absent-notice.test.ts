import { createPinia, setActivePinia } from 'pinia'
import { createSSRApp, nextTick } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useAbsentModels } from '../../../../src/renderer/src/stores/absent-models.ts'
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

/** What is said of all models that are not there, whatever the tabs are of: names of strips, and words. */
async function toldOfAll() {
  const html = await renderToString(createSSRApp(AbsentModels))
  return {
    strips: html.match(/(?<=aria-label=")Model[^"]*/g) ?? [],
    words: html.replaceAll(/<[^>]+>/g, '').replaceAll(/\s+/g, ' ')
  }
}

it('is said once for the window: of one model by name, of several by why and how many', async () => {
  const models = useModels()
  models.open = [model('a', { absent: 'missing' }), model('b')]
  expect((await toldOfAll()).strips).toEqual(['Model a'])
  models.open = [...models.open, model('c', { absent: 'aside' }), model('d', { absent: 'missing' })]
  const { strips, words } = await toldOfAll()
  expect(strips).toEqual(['Models'])
  expect(words).toContain(
    '3 models are shown as the session kept them: missing (2), set aside (1).'
  )
})

it('looks again for those that are not there, but for what is set aside or on another machine', async () => {
  const models = useModels()
  const aside = model('aside', { absent: 'aside' })
  const elsewhere = model('elsewhere', { absent: 'missing', path: '//host/share/elsewhere' })
  const missing = model('missing', { absent: 'missing' })
  models.open = [aside, missing, elsewhere, model('there')]
  expect(useAbsentModels().sought.map(({ path }) => path)).toEqual([missing.path])
  expect((await toldOfAll()).words).toContain('Look again')
  models.open = [aside, elsewhere]
  expect((await toldOfAll()).words).not.toContain('Look again')
  models.open = [elsewhere]
  expect((await toldOfAll()).words).toContain('Look there')
})

it('is put away until another model is not there, or one for another reason', async () => {
  const models = useModels()
  const absent = useAbsentModels()
  const [a, b] = [model('a', { absent: 'missing' }), model('b', { absent: 'missing' })]
  models.open = [a, b]
  await nextTick()
  absent.isAway = true
  models.open = [a]
  await nextTick()
  expect((await toldOfAll()).strips).toEqual([])
  models.open = [{ ...a, absent: 'changed' }]
  await nextTick()
  expect((await toldOfAll()).strips).toEqual(['Model a'])
  absent.isAway = true
  models.open = [{ ...a, absent: 'changed' }, b]
  await nextTick()
  expect((await toldOfAll()).strips).toEqual(['Models'])
})
