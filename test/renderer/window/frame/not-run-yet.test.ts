import { createPinia, setActivePinia } from 'pinia'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { LinkGroup } from '#common/model/subject.ts'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../../src/renderer/src/stores/runs.ts'
import { useTabs } from '../../../../src/renderer/src/stores/tabs.ts'
import NotRunYet from '../../../../src/renderer/src/window/frame/NotRunYet.vue'
import { answering, model } from '../../fake-client.ts'

const letters = model('letters')
const ids = model('ids', { tokenizer: null })

beforeEach(async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
  answering({
    'models.open': ({ path }) => (path === letters.path ? letters : ids),
    'models.recent': () => [],
    'text.tokenize': () => []
  })
  await useModels().openPath(letters.path, 'A')
  await useModels().openPath(ids.path, 'B')
})
afterEach(() => vi.unstubAllGlobals())

/** What is offered where a view of a group is, as it reads. */
async function offered(scope: LinkGroup, model = useModels().activeOf(scope)): Promise<string> {
  const subject = { scope, model }
  const html = await renderToString(createSSRApp(NotRunYet, { what: 'Heads stand', subject }))
  return html
    .replaceAll(/<[^>]*disabled[^>]*>/g, ' disabled ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

it('offers to run the text of the group that it is of, whichever is in focus', async () => {
  const runs = useRuns()
  runs.setText(letters, 'a cat', 'A')
  expect(useTabs().scope).toBe('A')
  expect(await offered('A')).toContain('Run the text')
  expect(await offered('B')).toContain('Run random ids')
  expect(await offered('B')).toContain('once token ids have run')

  runs.setText(letters, '', 'A')
  runs.setText(ids, '5, 100', 'B')
  expect(await offered('A')).toContain('Type a text')
  // What cannot be run there is not run.
  expect(await offered('B')).toContain('disabled Run the ids')
  runs.setText(ids, '5, 7', 'B')
  expect(await offered('B')).not.toContain('disabled')
})

it('runs no text of a model alone that a tab is compared with', async () => {
  useRuns().setText(letters, 'a cat', 'C')
  expect(await offered('C', letters)).toContain('disabled Run the text')
})
