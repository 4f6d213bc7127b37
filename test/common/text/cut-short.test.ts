import { expect, it } from 'vitest'
import { cutShort } from '#common/text/cut-short.ts'

it.each([
  ['hear me speak. All', 14, 'hear me speak…'],
  ['hear me speak. All', 15, 'hear me speak…'],
  ['hear me speak.', 14, 'hear me speak.'],
  ['hear… me', 5, 'hear…'],
  ['7, 7, 7', 6, '7, 7, …'],
  ['😀😀😀', 2, '😀😀…']
])('of %j in %i letters is %j', (line, most, cut) => {
  expect(cutShort(line, most)).toBe(cut)
})
