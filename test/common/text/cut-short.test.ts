import { expect, it } from 'vitest'
import { cutShort, firstLetters, lettersOf } from '#common/text/cut-short.ts'

it.each([
  ['hear me speak. All', 14, 'hear me speak…'],
  ['hear me speak. All', 15, 'hear me speak…'],
  ['hear me speak.', 14, 'hear me speak.'],
  ['hear… me', 5, 'hear…'],
  ['7, 7, 7', 6, '7, 7, …'],
  ['😀😀😀', 2, '😀😀…'],
  ['👨‍👩‍👧👨‍👩‍👧', 1, '👨‍👩‍👧…'],
  ['שָׁלוֹם', 1, 'שָׁ…'],
  ['e\u0301e\u0301', 2, 'e\u0301e\u0301']
])('of %j in %i letters is %j', (line, most, cut) => {
  expect(cutShort(line, most)).toBe(cut)
})

it.each([
  ['a plain text', 7, 'a plain'],
  ['a', 7, 'a'],
  ['😀😀', 3, '😀'],
  ['ab😀', 3, 'ab'],
  ['ab😀', 4, 'ab😀'],
  ['a👨‍👩‍👧', 6, 'a'],
  ['👋🏽', 2, ''],
  ['שלוֹם', 3, 'של'],
  ['e\u0301e\u0301', 3, 'e\u0301'],
  [`a${'\u0301'.repeat(1000)}`, 500, '']
])('of %j the first letters in %i units are %j', (text, most, cut) => {
  expect(firstLetters(text, most)).toBe(cut)
})

it('letters are whole, with what stands at them', () => {
  expect(lettersOf('aשָׁ👨‍👩‍👧')).toEqual(['a', 'שָׁ', '👨‍👩‍👧'])
})
