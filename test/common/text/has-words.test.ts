import { expect, it } from 'vitest'
import { hasWordsOf } from '#common/text/has-words.ts'

it('finds every word of a query in a text, in any order and case, and all texts without one', () => {
  const texts = ['Head 1.2 of GPT', 'gpt head 2.1', 'Kopf 1.2']
  const found = (query: string) => texts.filter(hasWordsOf(query))
  expect(found(' gpt  HEAD ')).toEqual(texts.slice(0, 2))
  expect(found('1.2')).toEqual([texts[0], texts[2]])
  expect(found('head nowhere')).toEqual([])
  expect(found(' ')).toEqual(texts)
})
