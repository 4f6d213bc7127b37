import { createPinia, setActivePinia } from 'pinia'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Note } from '#common/model/session.ts'
import { editedNote, writeNote } from '../../../../src/renderer/src/stores/notes.ts'
import { useSession } from '../../../../src/renderer/src/stores/session.ts'
import { notePlacesKey } from '../../../../src/renderer/src/ui/notes/note-places.ts'
import FindingsExplorer from '../../../../src/renderer/src/window/explorers/FindingsExplorer.vue'
import { notePlaces } from '../../../../src/renderer/src/window/notes/note-place.ts'
import { answering } from '../../fake-client.ts'

const pinia = createPinia()
const note = (markdown: string, at: number): Note => ({ id: markdown, on: null, markdown, at })

beforeEach(() => {
  setActivePinia(pinia)
  answering({})
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  vi.stubGlobal('window', {})
})

afterEach(() => {
  editedNote.value = null
  vi.unstubAllGlobals()
})

/** What is written in the notes that stand there, from the top on. */
async function listed(): Promise<string[]> {
  const app = createSSRApp(FindingsExplorer).use(pinia).provide(notePlacesKey, notePlaces)
  const html = await renderToString(app)
  return [...html.matchAll(/note \d/g)].map(([text]) => text)
}

it('lists what was begun last first, and leaves a note where it is while it is written', async () => {
  useSession().notes = [note('note 1', 1), note('note 2', 2), note('note 3', 3)]
  expect(await listed()).toEqual(['note 3', 'note 2', 'note 1'])
  editedNote.value = { id: 'note 1', list: 'findings' }
  writeNote('note 1', 'note 4')
  expect(await listed()).toEqual(['note 3', 'note 2', 'note 4'])
})
