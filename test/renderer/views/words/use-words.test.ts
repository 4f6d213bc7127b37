import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { objectSet, type ObjectSet } from '#common/model/object-set.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { useWords } from '../../../../src/renderer/src/views/words/use-words.ts'
import { WordsOptions } from '../../../../src/renderer/src/views/words/words-options.ts'
import { answering, model, run, tokens } from '../../fake-client.ts'

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
