import { expect, it } from 'vitest'
import { textScript } from '#common/text/text-script.ts'

it.each([
  [' the', 'Latin'],
  ['été', 'Latin'],
  ['שלום', 'Hebrew'],
  ['привет', 'Cyrillic'],
  ['漢字', 'Han'],
  ['かな漢', 'several'],
  ['ᚠ', 'other'],
  ['123', null],
  ['🙂', null],
  ['', null]
])('the script of %j is %s', (text, script) => {
  expect(textScript(text)).toBe(script)
})
