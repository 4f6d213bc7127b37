import { expect, it } from 'vitest'
import { plainText } from '#common/text/plain-text.ts'

it.each([
  ['\ufeffone\r\ntwo\n', true, 'one\ntwo\n'],
  ['\ufeffone\rtwo', false, '\ufeffone\rtwo'],
  ['one \ufeff', true, 'one \ufeff']
])('%j of a file is a text without what belongs to the file', (text, isStart, expected) => {
  expect(plainText(text, isStart)).toBe(expected)
})
