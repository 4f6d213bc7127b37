import { expect, it } from 'vitest'
import { maskTokenOf } from '#common/model/mask-token.ts'

/** A tokenizer that knows one special token. */
const knows = (special: string) => (text: string) =>
  Promise.resolve([
    { id: 1, piece: text, text, start: 0, end: text.length, special: text === special }
  ])

it('is the special token that the vocabulary has', async () => {
  expect((await maskTokenOf(knows('[MASK]')))?.piece).toBe('[MASK]')
  expect((await maskTokenOf(knows('<mask>')))?.piece).toBe('<mask>')
  expect(await maskTokenOf(knows('[UNK]'))).toBeNull()
})
