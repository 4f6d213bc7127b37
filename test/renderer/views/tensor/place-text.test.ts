import { expect, it } from 'vitest'
import { numberText } from '#common/text/number-text.ts'
import { placeText } from '../../../../src/renderer/src/views/tensor/place-text.ts'

const side = (from: number, to: number, each: number) => ({ from, to, each })
/** Rows 10 to 14 by twos, columns 0 to 2 by themselves. */
const data = {
  title: null,
  name: 'weight',
  rows: side(10, 15, 2),
  columns: side(0, 3, 1),
  values: Float32Array.of(0, 1, 2, 3, 4, 5, 6, NaN, 8)
}
const said = (row: number, column: number, pooling: 'maximum' | 'mean' = 'maximum') =>
  placeText({ row, column }, data, pooling, numberText)

it('says which weights a cell stands for', () => {
  expect(said(13, 1)).toBe('rows 12–13, column 1 · 4.00, the furthest from zero of 2')
  expect(said(12, 2, 'mean')).toBe('rows 12–13, column 2 · 5.00, the mean of 2')
})

it('says a weight by itself, of a last cell too', () => {
  expect(said(14, 0)).toBe('row 14, column 0 · 6.00')
  expect(said(14, 1)).toBe('row 14, column 1 · NaN')
})

it('says nothing of what is not shown', () => {
  expect(said(15, 0)).toBe('')
  expect(said(9, 0)).toBe('')
})
