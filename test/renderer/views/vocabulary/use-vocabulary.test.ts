import { setImmediate as turn } from 'node:timers/promises'
import { createPinia, setActivePinia } from 'pinia'
import { effectScope, reactive, shallowRef } from 'vue'
import { expect, it } from 'vitest'
import type { Token } from '#common/model/token.ts'
import type { VocabularyListing } from '#common/model/vocabulary.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { useVocabulary } from '../../../../src/renderer/src/views/vocabulary/use-vocabulary.ts'
import { VocabularyOptions } from '../../../../src/renderer/src/views/vocabulary/vocabulary-options.ts'
import { answering, model, pending, tokens } from '../../fake-client.ts'

it('tells the tokens of what is listed by the vocabulary that it was found in', async () => {
  setActivePinia(createPinia())
  const searches: ReturnType<typeof pending<VocabularyListing>>[] = []
  const calls = answering({
    'text.vocabulary'() {
      const own = pending<VocabularyListing>()
      searches.push(own)
      return own.promise
    },
    'text.decode': ({ ids }) => ({
      text: '',
      tokens: ids.map(id => ({ ...tokens('a', [])[0]!, id }))
    })
  })
  const listed = (...ids: number[]): VocabularyListing => ({
    ...{ ids: Int32Array.from(ids), rows: 9, tokens: 9 },
    ...{ kinds: [], scripts: [], lengths: [] }
  })
  const [letters, words] = [model('letters'), model('words')]
  const of = shallowRef(letters)
  const options = reactive(VocabularyOptions.parse({}))
  const scope = effectScope()
  const { listing, isOwn, known, sight } = scope.run(() =>
    useVocabulary(() => ({ model: of.value }) as ViewSubject, options)
  )!
  await expect.poll(() => searches.length).toBe(1)
  searches[0]!.resolve(listed(1, 2))
  sight.value = [0, 2]
  await expect.poll(() => known.value.size).toBe(2)
  expect(listing.current.value?.model.id).toBe(letters.id)

  of.value = words
  await expect.poll(() => searches.length).toBe(2)
  // Those that are listed are of the letters as long as the words are searched.
  expect([listing.value.value?.model.id, known.value.size]).toEqual([letters.id, 2])
  expect(listing.current.value).toBeNull()
  // Nothing is selected by them in the vocabulary of the words.
  expect(isOwn.value).toBe(false)
  searches[1]!.resolve(listed(1))
  await expect.poll(() => known.value.size).toBe(1)
  expect(listing.current.value?.model.id).toBe(words.id)
  const decoded = calls.filter(({ method }) => method === 'text.decode')
  expect(decoded.map(({ params }) => params)).toMatchObject([
    { modelId: letters.id, ids: [1, 2] },
    { modelId: words.id, ids: [1] }
  ])

  expect(isOwn.value).toBe(true)
  // Nor is what was found by other letters what is looked for now.
  options.search = 'the'
  expect([listing.value.value === null, listing.current.value]).toEqual([false, null])
  scope.stop()
})

it('says no more that tokens could not be told once they are', async () => {
  setActivePinia(createPinia())
  let fails = true
  answering({
    'text.vocabulary': () => ({
      ...{ ids: Int32Array.of(1), rows: 9, tokens: 9 },
      ...{ kinds: [], scripts: [], lengths: [] }
    }),
    'text.decode'() {
      if (fails) throw new Error('The tokenizer stopped')
      return { text: '', tokens: [{ ...tokens('a', [])[0]!, id: 1 }] }
    }
  })
  const scope = effectScope()
  const { listing, sight, known, error } = scope.run(() =>
    useVocabulary(() => ({ model: model('letters') }) as ViewSubject, VocabularyOptions.parse({}))
  )!
  sight.value = [0, 1]
  await expect.poll(() => error.value).not.toBeNull()
  fails = false
  listing.retry()
  await expect.poll(() => known.value.size).toBe(1)
  expect(error.value).toBeNull()
  scope.stop()
})

it('tells the tokens that come in sight meanwhile by the vocabulary that is listed, and none once another is', async () => {
  setActivePinia(createPinia())
  const listed = (): VocabularyListing => ({
    ...{ ids: Int32Array.from({ length: 600 }, (_, id) => id), rows: 600, tokens: 600 },
    ...{ kinds: [], scripts: [], lengths: [] }
  })
  const searches: ReturnType<typeof pending<VocabularyListing>>[] = []
  const decoding: {
    modelId: string
    work: ReturnType<typeof pending<{ text: string; tokens: Token[] }>>
  }[] = []
  answering({
    'text.vocabulary'() {
      const own = pending<VocabularyListing>()
      searches.push(own)
      return own.promise
    },
    'text.decode'({ modelId }) {
      const work = pending<{ text: string; tokens: Token[] }>()
      decoding.push({ modelId, work })
      return work.promise
    }
  })
  const [letters, words] = [model('letters'), model('words')]
  const of = shallowRef(letters)
  const scope = effectScope()
  const { known, sight, error } = scope.run(() =>
    useVocabulary(() => ({ model: of.value }) as ViewSubject, VocabularyOptions.parse({}))
  )!
  await expect.poll(() => searches.length).toBe(1)
  sight.value = [0, 9]
  searches[0]!.resolve(listed())
  await expect.poll(() => decoding.length).toBe(1)

  of.value = words
  await expect.poll(() => searches.length).toBe(2)
  sight.value = [300, 309]
  await expect.poll(() => decoding.length).toBe(2)
  searches[1]!.resolve(listed())
  await expect.poll(() => decoding.length).toBe(3)
  expect(decoding.map(({ modelId }) => modelId)).toEqual([letters.id, letters.id, words.id])
  // The letters that were on their way are none of the words.
  decoding[0]!.work.resolve({ text: '', tokens: tokens('a', []) })
  decoding[2]!.work.resolve({ text: '', tokens: [{ ...tokens('the', [])[0]!, id: 300 }] })
  await expect.poll(() => known.value.get(300)?.text).toBe('the')
  decoding[1]!.work.reject(new Error('The tokenizer stopped'))
  await turn()
  expect([known.value.size, error.value]).toEqual([1, null])
  scope.stop()
})
