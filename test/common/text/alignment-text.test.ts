import { expect, it } from 'vitest'
import { alignmentText } from '#common/text/alignment-text.ts'

const ids = (...all: number[]) => all.map(id => ({ id }))

it('says of as many tokens where they differ', () => {
  expect(alignmentText(ids(1, 2, 3), ids(1, 9, 3))).toBe(
    '3 tokens each, which differ at position 1'
  )
  expect(alignmentText(ids(1, 2, 3), ids(8, 9, 3))).toBe(
    '3 tokens each, which differ at positions 0, 1'
  )
  expect(alignmentText(ids(1, 2, 3, 4, 5, 6), ids(9, 9, 9, 9, 9, 9))).toBe(
    '6 tokens each, which differ at positions 0, 1, 2, 3 and 2 more'
  )
  expect(alignmentText(ids(4), ids(4))).toBe('1 token, all the same')
})

it('says of more and fewer tokens from where positions no longer match', () => {
  expect(alignmentText(ids(1, 2, 3), ids(1, 3))).toBe(
    '3 and 2 tokens: positions no longer match from 1 on'
  )
  expect(alignmentText(ids(1, 2), ids(1, 2, 3))).toBe(
    '2 and 3 tokens: positions no longer match from 2 on'
  )
})

it('says nothing where there is nothing to match', () => {
  expect(alignmentText([], ids(1))).toBeNull()
  expect(alignmentText(ids(1), [])).toBeNull()
})
