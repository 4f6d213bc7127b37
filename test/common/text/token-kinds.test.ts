import { expect, it } from 'vitest'
import { tokenKind, tokenKinds } from '#common/text/token-kinds.ts'

it.each([
  ['the', 'letters'],
  [' the', 'letters'],
  ['ש', 'letters'],
  ['\u05b8', 'letters'],
  ['12', 'digits'],
  [' ٣', 'digits'],
  [' ', 'spaces'],
  ['\n\t', 'spaces'],
  [', and', 'signs'],
  ['=', 'signs'],
  ['🙂', 'signs'],
  ['\ufffd', 'bytes'],
  ['', 'bytes'],
  ['\u0000', 'bytes']
] as const)('%j is of %s', (text, kind) => {
  expect(tokenKinds[tokenKind({ text, piece: text, special: false })]).toBe(kind)
  expect(tokenKinds[tokenKind({ text, piece: text, special: true })]).toBe('special')
})
