import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LibraryItem, type CorpusFiles, type NamedCorpus } from '#common/model/library.ts'
import { headStatisticsOf } from '../../../src/renderer/src/stores/analyses.ts'
import { useCorpora } from '../../../src/renderer/src/stores/corpora.ts'
import { useLibrary } from '../../../src/renderer/src/stores/library.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useSession, type SessionFile } from '../../../src/renderer/src/stores/session.ts'
import { outcome } from '../../main/checkpoint/temporary.ts'
import { answering, model, run } from '../fake-client.ts'

const path = '/home/me/plays'
const seen: CorpusFiles = { files: 2, bytes: 12, left: 0, mark: 'as it was' }
const corpus: NamedCorpus = {
  ...{ kind: 'corpus', name: 'Plays', of: { path, seen } },
  ...{ window: null, stride: null }
}
const result = { axes: {}, variables: {}, attributes: {} }
const letters = model('letters')
/** What lies at the path now; null for nothing, where the session's texts stand in. */
let now: CorpusFiles | null
let calls: ReturnType<typeof answering>
const called = (asked: string) => calls.filter(({ method }) => method === asked).length

beforeEach(() => {
  vi.stubGlobal('window', { addEventListener: () => undefined })
  setActivePinia(createPinia())
  now = seen
  calls = answering({
    'corpus.look': () => ({ files: now ?? seen, kept: now === null }),
    'library.put': ({ item }) => {
      useLibrary().items = [LibraryItem.parse(item)]
      return null
    },
    'analysis.run': () => result
  })
  useLibrary().items = [corpus]
  useModels().open = [letters]
})

afterEach(() => void vi.unstubAllGlobals())

const reading = () => {
  const over = { corpus, window: 64, stride: null }
  const params = { layers: null, classes: {} }
  const { signal } = new AbortController()
  return outcome(
    headStatisticsOf(run(letters, 'one'), over, params).load({
      signal,
      onProgress: () => undefined
    })
  )
}

it('reads files that are what they were when their corpus was kept', async () => {
  expect(await reading()).toEqual(result)
})

it('reads none that are others, as those of another machine are, before they are taken as they are', async () => {
  now = { ...seen, bytes: 5, mark: 'another' }
  expect(await reading()).toBe(
    'invalid-argument: “Plays”: changed since it was kept: now 2 files, 5 B'
  )
  expect(useCorpora().mend(corpus)?.title).toBe('Take it as it is now')
  expect(called('analysis.run')).toBe(0)
  useLibrary().items = [{ ...corpus, of: { path, seen: now } }]
  expect(await reading()).toEqual(result)
})

it('reads files that one of their corpora has seen as they are, whatever others have', async () => {
  const before = { ...corpus, name: 'Plays as they were', of: { path, seen } }
  now = { ...seen, bytes: 5, mark: 'another' }
  const after = { ...corpus, of: { path, seen: now } }
  for (const items of [
    [before, after],
    [after, before]
  ]) {
    useLibrary().items = items
    expect(await reading()).toEqual(result)
  }
})

it('neither reads nor looks at files of no corpus that has a name', async () => {
  useLibrary().items = []
  expect(await reading()).toBe(`invalid-argument: ${path}: is of no corpus that has a name`)
  expect([called('corpus.look'), called('analysis.run')]).toEqual([0, 0])
})

it('looks at no files for a model that is stood in for', async () => {
  useLibrary().items = []
  useModels().open = [{ ...letters, absent: 'missing' }]
  expect(await reading()).toEqual(result)
  expect(called('corpus.look')).toBe(0)
})

/** A session's file that has the texts of a corpus. */
const keeping = (mark: string): SessionFile => ({
  ...{ id: 'one', path: '/a.lamella', readOnly: null, models: [], moves: [], notes: [] },
  saved: { at: 5, version: '1', keep: 'everything', bytes: 10 },
  texts: [{ ...seen, mark, path }],
  library: []
})
const brought: NamedCorpus = { ...corpus, of: { path, seen, unasked: true } }

describe('a corpus that a session brought', () => {
  beforeEach(() => (useLibrary().items = [brought]))

  it('is not looked for before a person asks', async () => {
    await useCorpora().lookAtAll()
    expect(await reading()).toBe(
      'invalid-argument: “Plays”: came with a session, not looked for yet'
    )
    expect([called('corpus.look'), called('analysis.run')]).toEqual([0, 0])
    const { title, run } = useCorpora().mend(brought)!
    expect(title).toBe('Look for its files')
    run()
    await vi.waitFor(() => expect(called('corpus.look')).toBe(1))
    expect(useLibrary().items).toEqual([corpus])
    expect(await reading()).toEqual(result)
  })

  it('is read as the session keeps it, and that is said', async () => {
    useSession().file = keeping('as it was')
    expect(await reading()).toEqual(result)
    expect(called('corpus.look')).toBe(0)
    expect(useCorpora().told(brought)).toBe('“Plays”: texts as the session kept them')
    // Texts of another time are none of its own.
    useSession().file = keeping('of another time')
    expect(await reading()).toMatch(/not looked for yet$/)
  })
})

it('is read as the session keeps it where its files are gone, and from the disk where they are not', async () => {
  useSession().file = keeping('as it was')
  now = null
  expect(await reading()).toEqual(result)
  expect(useCorpora().told(corpus)).toBe('“Plays”: texts as the session kept them')
  now = seen
  expect(await reading()).toEqual(result)
  expect(useCorpora().told(corpus)).toBeNull()
  now = { ...seen, mark: 'another' }
  expect(await reading()).toMatch(/“Plays”: changed since it was kept/)
})
