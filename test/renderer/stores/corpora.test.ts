import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { CorpusFiles, NamedCorpus } from '#common/model/library.ts'
import { headStatisticsOf } from '../../../src/renderer/src/stores/analyses.ts'
import { useLibrary } from '../../../src/renderer/src/stores/library.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
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
/** What lies at the path now. */
let now: CorpusFiles
let calls: ReturnType<typeof answering>
const called = (asked: string) => calls.filter(({ method }) => method === asked).length

beforeEach(() => {
  vi.stubGlobal('window', { addEventListener: () => undefined })
  setActivePinia(createPinia())
  now = seen
  calls = answering({ 'corpus.look': () => now, 'analysis.run': () => result })
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
  expect(await reading()).toBe(`invalid-argument: ${path}: changed since it was kept: 2 files, 5 B`)
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
