import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import {
  mostPast,
  type Library,
  type LibraryItem,
  type NamedLayout,
  type PastRun
} from '#common/model/library.ts'
import { useLibrary } from '../../../src/renderer/src/stores/library.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useSession } from '../../../src/renderer/src/stores/session.ts'
import { answering, model, pending } from '../fake-client.ts'

const layout: NamedLayout = {
  kind: 'layout',
  name: 'New layout',
  layout: {
    direction: 'row',
    parts: [{ share: 1, tabs: [{ type: 'head', on: 'A', with: null }], front: 0 }],
    floating: []
  }
}
let refusal: LamellaError | null
let calls: ReturnType<typeof answering>
beforeEach(() => {
  setActivePinia(createPinia())
  refusal = null
  calls = answering({
    'library.put': () => {
      if (refusal) throw refusal
      return null
    },
    'library.remove': () => null,
    'library.remember': () => null
  })
})
const last = () => calls.at(-1)

describe('a layout in the library', () => {
  it('is among those that are chosen, and new ones have a name that is free', async () => {
    const library = useLibrary()
    const text: LibraryItem = { kind: 'text', name: 'New layout 2', input: { text: 'a' } }
    library.items = [layout, text]
    expect(library.layouts).toEqual([layout])
    await library.add(layout)
    expect(last()).toEqual({
      method: 'library.put',
      params: { item: { ...layout, name: 'New layout 2' }, instead: null }
    })
    expect(library.renaming).toEqual({ kind: 'layout', name: 'New layout 2' })
  })

  it('is renamed in place and deleted', async () => {
    const library = useLibrary()
    await library.rename(layout, 'Mine')
    expect(last()?.params).toEqual({ item: { ...layout, name: 'Mine' }, instead: 'New layout' })
    await library.remove(layout)
    expect(last()).toEqual({
      method: 'library.remove',
      params: { kind: 'layout', name: 'New layout' }
    })
  })

  it('that is refused is said, and not asked to be named', async () => {
    const library = useLibrary()
    refusal = new LamellaError('file-unwritable', 'library.json: the disk is full')
    await library.add(layout)
    expect(library.error?.message).toBe('library.json: the disk is full')
    expect(library.renaming).toBe(null)
  })
})

it('a run that comes back keeps its time, and one of other files is told apart', async () => {
  const library = useLibrary()
  const of = (fingerprint: string, at: number): PastRun => ({
    source: {
      ...{ model: { path: '/a', fingerprint }, input: { text: 'x' } },
      ...{ edits: [], provider: 'auto' }
    },
    ...{ modelName: 'a', at }
  })
  library.history = [of('now', 2), of('former', 1)]
  expect(library.history.map(library.isOfOtherFiles)).toEqual([false, true])
  useModels().open = [model('a', { fingerprint: 'former' })]
  expect(library.history.map(library.isOfOtherFiles)).toEqual([true, false])
  await library.rememberNew(of('now', 9))
  expect(library.history.map(({ at }) => at)).toEqual([2, 1])
  // One of the session's file need not be in the list.
  useSession().setRuns([of('kept', 3)])
  await library.rememberNew(of('kept', 9))
  await library.rememberNew(of('new', 9))
  expect(library.history.map(({ at }) => at)).toEqual([9, 2, 1])
})

it('a run that comes back before it is known what ran keeps its time, too', async () => {
  const past: PastRun = {
    source: {
      ...{ model: { path: '/a', fingerprint: 'now' }, input: { text: 'x' } },
      ...{ edits: [], provider: 'auto' }
    },
    ...{ modelName: 'a', at: 2 }
  }
  const loading = pending<Library>()
  vi.stubGlobal('window', { addEventListener: () => undefined })
  calls = answering({ 'library.get': () => loading.promise })
  const library = useLibrary()
  library.follow()
  const remembering = library.rememberNew({ ...past, at: 9 })
  await Promise.resolve()
  loading.resolve({ history: [past], items: [] })
  await remembering
  vi.unstubAllGlobals()
  expect(library.history).toEqual([past])
  expect(calls.map(({ method }) => method)).toEqual(['library.get'])
})

it('past runs of a session are in the library as far as there is room, and take the place of none', async () => {
  const past = (name: string): PastRun => ({
    source: {
      model: { path: '/a', fingerprint: 'files of a' },
      ...{ input: { text: name }, edits: [], provider: 'cpu' }
    },
    ...{ modelName: 'a', at: 1 }
  })
  const own = Array.from({ length: mostPast - 1 }, (_, i) => past(`${i}`))
  const library = useLibrary()
  library.history = own
  await library.takeRuns([past('0'), past('new'), past('too many')])
  expect(last()).toEqual({ method: 'library.remember', params: { runs: [past('new')] } })
  library.history = [past('new'), ...own]
  calls.length = 0
  await library.takeRuns([past('too many')])
  expect(calls).toEqual([])
})
