import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import { useHeadFolders } from '../../../src/renderer/src/stores/head-folders.ts'
import { useWindow } from '../../../src/renderer/src/stores/window.ts'
import { answering, model, pending, run } from '../fake-client.ts'

/** What reading and writing a folder come to. */
let reading: ReturnType<typeof pending<never>>
let writing: ReturnType<typeof pending<never>>
const broken = new LamellaError('file-invalid', 'broken')
const over = { corpus: null, window: 64, stride: null }

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
  reading = pending()
  writing = pending()
  answering({ 'headvis.read': () => reading.promise, 'headvis.write': () => writing.promise })
})
afterEach(() => void vi.unstubAllGlobals())

it('says that a folder could not be read where one is asked for to be read alone', async () => {
  const folders = useHeadFolders()
  folders.ask('read')
  const read = folders.read('/a')
  folders.ask('write')
  reading.reject(broken)
  await read
  expect(folders.error).toBeNull()
  folders.ask('read')
  expect(folders.error).toEqual(broken)
  folders.ask('write')
  folders.ask('read')
  expect(folders.error).toBeNull()
})

it('comes again to say that a folder could not be written, whatever was asked for meanwhile', async () => {
  const folders = useHeadFolders()
  const panels = useWindow()
  folders.ask('write')
  const written = folders.write('/a', run(model('a'), 'one'), over)
  folders.ask('read')
  panels.dialog = null
  writing.reject(broken)
  expect(await written).toBe(false)
  expect([panels.dialog, folders.use, folders.error]).toEqual(['headvis', 'write', broken])
})

it('says that a folder could not be written also after one could not be read', async () => {
  const folders = useHeadFolders()
  const panels = useWindow()
  folders.ask('read')
  const read = folders.read('/a')
  panels.dialog = null
  folders.ask('write')
  const written = folders.write('/a', run(model('a'), 'one'), over)
  writing.reject(broken)
  await written
  reading.reject(new LamellaError('not-found', 'gone'))
  await read
  expect(folders.error).toEqual(broken)
})

it('takes the place of no other dialog, and does not come again where it was given up', async () => {
  const folders = useHeadFolders()
  const panels = useWindow()
  const written = async (dialog: typeof panels.dialog, thrown: LamellaError) => {
    writing = pending()
    folders.ask('write')
    const work = folders.write('/a', run(model('a'), 'one'), over)
    panels.dialog = dialog
    writing.reject(thrown)
    expect(await work).toBe(false)
    return panels.dialog
  }
  expect(await written('open', broken)).toBe('open')
  expect(folders.error).toEqual(broken)
  expect(await written(null, cancelled())).toBe(null)
})
