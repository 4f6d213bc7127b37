import { describe, expect, it } from 'vitest'
import { closer, inRows, packed, panelRows } from '#common/figure/panels/panel-rows.ts'

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

describe('panels as close as they fit', () => {
  const sized = (left: number, width: number, height: number) => ({
    ...{ left, width, room: 10, panel: { height: height - 10 } }
  })
  const gaps = { across: 4, down: 3 }
  const places = ({ panels }: ReturnType<typeof packed>) =>
    panels.map(({ left, top, height }) => [left, top, height])

  it('stand below each other beside one that is high', () => {
    // A map, lines, and bars.
    const rows = [[sized(0, 48, 50), sized(52, 48, 150)], [sized(0, 48, 40)]]
    const close = packed(rows, 100, gaps)
    expect(places(close)).toEqual([
      [0, 0, 50],
      [52, 0, 150],
      [0, 53, 40]
    ])
    expect(close.height).toBe(150)
    expect(inRows(rows, 3).height).toBe(193)
    expect(closer(inRows(rows, 3), close)).toBe(close)
  })

  it('begin at one height under titles of one line and of two', () => {
    const titled = (left: number, room: number, height: number) => ({
      ...{ left, width: 48, room, panel: { height } }
    })
    const rows = [[titled(0, 10, 40), titled(52, 24, 150)], [titled(0, 10, 40)]]
    for (const { panels } of [packed(rows, 100, gaps), inRows(rows, gaps.down)]) {
      const [first, second] = panels.map(({ top, room }) => top + room)
      expect([first, second]).toEqual([24, 24])
    }
    // What stands below the first does below all of it.
    expect(packed(rows, 100, gaps).panels[2]).toMatchObject({ left: 0, top: 24 + 40 + 3 })
  })

  it('keep their letters in the order in which they are read', () => {
    const rows = [[sized(0, 48, 50)], [sized(0, 100, 20)], [sized(0, 48, 30)]]
    const tops = packed(rows, 100, gaps).panels.map(({ top }) => top)
    // Beside the first there would be room for the third.
    expect(tops).toEqual([0, 53, 76])
  })

  it('stand at the left of the one before, at its height, in no case', () => {
    // Beside the second, below the first, there is room for the fourth, and left of that for the fifth.
    const rows = [
      [sized(0, 94, 100), sized(104, 94, 500)],
      [sized(208, 198, 120), sized(0, 198, 200)],
      [sized(0, 94, 200)]
    ]
    const { panels } = packed(rows, 406, { across: 10, down: 10 })
    for (const [i, { left, top }] of panels.entries()) {
      const before = panels[i - 1]
      if (before) expect(top > before.top || left > before.left).toBe(true)
    }
  })

  it('stay in rows where that makes a page less than a tenth lower', () => {
    const standing = (height: number) => ({ panels: [], height })
    const [rows, little, much] = [standing(200), standing(181), standing(179)]
    expect(closer(rows, little)).toBe(rows)
    expect(closer(rows, much)).toBe(much)
  })

  it('stay in rows where that leaves no holes', () => {
    const rows = [
      [sized(0, 48, 50), sized(52, 48, 52)],
      [sized(0, 48, 50), sized(52, 48, 50)]
    ]
    const own = inRows(rows, 3)
    expect(closer(own, packed(rows, 100, gaps))).toBe(own)
    expect(own.panels.map(({ top }) => top)).toEqual([0, 0, 55, 55])
  })
})
