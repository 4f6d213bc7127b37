import { expect, it } from 'vitest'
import { regionsText, regionText, typedRegions } from '#common/analysis/tensor-map/region-text.ts'

const matrix = { rows: 400, columns: 800 }
const row = { rows: 1, columns: 800 }

it.each([
  ['0:300, 100:300', [0, 300], [100, 300]],
  ['', [0, 400], [0, 800]],
  [':', [0, 400], [0, 800]],
  ['5', [5, 6], [0, 800]],
  [':10,-20:', [0, 10], [780, 800]],
  ['-1, 3', [399, 400], [3, 4]]
])('takes “%s”', (typed, rows, columns) => {
  expect(typedRegions(typed, matrix)).toEqual([{ rows, columns }])
})

it('is of columns alone in a row', () => {
  expect(typedRegions('100:200', row)).toEqual([{ rows: [0, 1], columns: [100, 200] }])
  expect(typedRegions(':, 100:200', row)).toEqual([{ rows: [0, 1], columns: [100, 200] }])
  expect(regionText({ rows: [0, 1], columns: [100, 200] }, row)).toBe('100:200')
})

it.each([
  ['0:401', 'There are 400 rows, from 0 on.'],
  ['3:3', '3:3 holds no rows.'],
  ['5:2, 1', '5:2 holds no rows.'],
  ['0:3, -801', 'There are 800 columns, from 0 on.'],
  ['1:2:3', '“1:2:3” is no range: type 100:300.'],
  ['a', '“a” is no range: type 100:300.'],
  ['1,2,3', 'It has two: type rows, columns: 0:300, 100:300.']
])('says what is wrong with “%s”', (typed, said) => {
  expect(typedRegions(typed, matrix)).toBe(said)
})

it('takes several with semicolons between them, and writes them so', () => {
  const regions = [
    { rows: [0, 300], columns: [100, 300] },
    { rows: [5, 6], columns: [0, 800] }
  ] as const
  expect(typedRegions('0:300, 100:300; 5;', matrix)).toEqual(regions)
  expect(regionsText(regions, matrix)).toBe('0:300, 100:300; 5:6, 0:800')
  expect(typedRegions(regionsText(regions, matrix), matrix)).toEqual(regions)
})

it('says which of several is wrong, and that there are too many', () => {
  expect(typedRegions('0:3; 0:401', matrix)).toBe('There are 400 rows, from 0 on.')
  expect(typedRegions('1;2;3;4;5;6;7', matrix)).toBe('At most 6 parts stand side by side.')
})
