import { expect, it } from 'vitest'
import { firstDifference } from '#common/text/first-difference.ts'

it.each([
  [[1, 2, 3], [1, 2, 3], null],
  [[1, 2, 3], [1, 5, 3], 1],
  [[1, 2, 3], [1, 2], 2],
  [[1, 2], [1, 2, 3], 2],
  [[], [], null],
  [[], [0], 0]
])('of %j and %j is %j', (a, b, at) => {
  expect(firstDifference(a, b)).toBe(at)
})
