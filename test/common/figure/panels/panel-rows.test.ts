import { describe, expect, it } from 'vitest'
import { panelRows, withRoomForBar } from '#common/figure/panels/panel-rows.ts'

/** Places as [index, left, width], rounded to a hundredth of a millimetre. */
function rows(spans: readonly number[], columns: number, widthMm: number) {
  const rounded = (mm: number) => Math.round(mm * 100) / 100
  return panelRows(spans, columns, widthMm).map(row =>
    row.map(({ index, leftMm, widthMm }) => [index, rounded(leftMm), rounded(widthMm)])
  )
}

describe('panels in rows', () => {
  it('share the width with 4 mm between them', () => {
    // (171.45 − 2 · 4) / 3 = 54.48
    expect(rows([1, 1, 1], 3, 171.45)).toEqual([
      [
        [0, 0, 54.48],
        [1, 58.48, 54.48],
        [2, 116.97, 54.48]
      ]
    ])
  })

  it('begin the next row where one does not fit', () => {
    expect(rows([1, 1, 1], 2, 84)).toEqual([
      [
        [0, 0, 40],
        [1, 44, 40]
      ],
      [[2, 0, 40]]
    ])
    expect(rows([1, 1.5, 0.5], 2, 84)).toEqual([
      [[0, 0, 40]],
      [
        [1, 0, 62],
        [2, 66, 18]
      ]
    ])
  })

  it('are as wide as the page at most', () => {
    expect(rows([6], 2, 84)).toEqual([[[0, 0, 84]]])
    expect(rows([], 2, 84)).toEqual([])
  })
})

it('a row of maps has one bar of colours, beside the last, and maps of one width', () => {
  const [row] = panelRows([1, 1, 1], 3, 171.45)
  const [first, second, last] = withRoomForBar(row!)
  // 90 pixels of 1/96 inch.
  const bar = (90 / 96) * 25.4
  expect(last!.widthMm - bar).toBeCloseTo(first!.widthMm, 9)
  expect(second!.leftMm).toBeCloseTo(first!.widthMm + 4, 9)
  expect(last!.leftMm + last!.widthMm).toBeCloseTo(171.45, 9)
  expect([first, second, last].map(place => place!.bar)).toEqual([false, false, undefined])
})
