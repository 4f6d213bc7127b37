import { createPinia, setActivePinia } from 'pinia'
import { effectScope, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { dataset } from '#common/data/dataset.ts'
import { cancelled } from '#common/model/errors.ts'
import { objectSet, type ObjectSet } from '#common/model/object-set.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { useWords } from '../../../../src/renderer/src/views/words/use-words.ts'
import { WordsOptions } from '../../../../src/renderer/src/views/words/words-options.ts'
import { answering, model, run, tokens } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('sets tokens that are selected together side by side until words are typed', () => {
  setActivePinia(createPinia())
  answering({})
  const letters = model('letters')
  const of = run(letters, 'a cat', { tokens: tokens('a cat', [1, 2]) })
  const listed = (selected: ObjectSet | null, list = '') =>
    useWords(
      () => ({ model: letters, run: of, cell: null, selected }) as ViewSubject,
      WordsOptions.parse({ form: 'analogy', list })
    ).list.value
  expect(listed(null)).toEqual([])
  expect(listed(objectSet('entry', [7, 3]))).toEqual([7, 3])
  expect(listed(objectSet('token', [0, 2]))).toEqual([of.tokens[0]!.id, of.tokens[2]!.id])
  expect(listed(objectSet('head', ['0.1']))).toEqual([])
  expect(listed(objectSet('entry', [7, 3]), 'day, night')).toEqual(['day', 'night'])
})

it('says which answers are of what was asked for before, and keeps none where there is no other', async () => {
  const questions = askingStores()
  const of = shallowRef(model('letters'))
  const scope = effectScope()
  const { analogy } = scope.run(() =>
    useWords(
      () => ({ model: of.value, run: null, cell: null, selected: null }) as unknown as ViewSubject,
      WordsOptions.parse({ form: 'analogy', a: 'a', b: 'b', c: 'c' })
    )
  )!
  const result = dataset({}, {})
  questions[0]!.resolve(result)
  await expect.poll(() => analogy.value.value).toBe(result)
  expect([analogy.isOld.value, analogy.isForeign.value]).toEqual([false, false])
  of.value = model('words')
  expect([analogy.value.value === result, analogy.isOld.value]).toEqual([true, true])
  // By its ids nothing is asked of the words.
  expect(analogy.isForeign.value).toBe(true)
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.reject(cancelled())
  await expect.poll(() => analogy.error.value?.code).toBe('cancelled')
  expect([analogy.value.value, analogy.isOld.value]).toEqual([null, false])
  scope.stop()
})
