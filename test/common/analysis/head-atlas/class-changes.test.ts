import { expect, it } from 'vitest'
import { classChanges, lossChange } from '#common/analysis/head-atlas/class-changes.ts'

it('tells how the loss of each class changes, that which the mean changes most first, and no number last', () => {
  expect(
    classChanges({
      digit: { tokens: 1, loss: 2, zero: NaN, mean: NaN },
      vowel: { tokens: 40, loss: 2, zero: 2.5, mean: 2.125 },
      space: { tokens: 9, loss: 1, zero: 1.25, mean: 0.5 }
    })
  ).toEqual([
    { name: 'space', tokens: 9, loss: 1, zero: 0.25, mean: -0.5 },
    { name: 'vowel', tokens: 40, loss: 2, zero: 0.5, mean: 0.125 },
    { name: 'digit', tokens: 1, loss: 2, zero: NaN, mean: NaN }
  ])
})

it('says a change with its sign, to a thousandth', () => {
  expect([0.0126, -0.25, -0.0004, NaN].map(lossChange)).toEqual(['+0.013', '−0.250', '0.000', '–'])
})
