import { expect, it } from 'vitest'
import { readInWords } from '#common/text/read-in-words.ts'

it('says of a text shorter than a window how many tokens it has', () => {
  const over = { window: 128, corpus: null }
  expect(readInWords(1, over, 81)).toBe('1 window of 81 tokens of the text')
  expect(readInWords(1, over, 1)).toBe('1 window of 1 token of the text')
  expect(readInWords(3, over, 300)).toBe('3 windows of up to 128 tokens of the text')
})

it('says of a corpus how long its windows are at most', () => {
  const over = { window: 128, corpus: { name: 'plays' } }
  expect(readInWords(1, over, 81)).toBe('1 window of up to 128 tokens of plays')
})
