import { expect, it } from 'vitest'
import { tokenWords } from '#common/text/token-words.ts'

it.each([
  [' ', 'space'],
  [' the', 'space the'],
  ['\n\n', 'newline newline'],
  ['a\tb', 'a tab b'],
  ['the', null]
])('the token %j is said as %j', (text, words) => {
  expect(tokenWords({ piece: text, text, special: false })).toBe(words)
})
