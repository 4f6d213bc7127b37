import { describe, expect, it } from 'vitest'
import { chipAt, chipPlaces } from '../../../../src/renderer/src/window/bars/chip-places.ts'

const widths = Float64Array.of(10, 20, 30, 40, 5)

describe('chips', () => {
  it('stand one after the other in a single line, a pixel apart', () => {
    expect(chipPlaces(widths, Infinity)).toEqual({
      starts: Float64Array.of(0, 11, 32, 63, 104),
      widths,
      lines: new Int32Array(5),
      width: 109,
      height: 1
    })
  })

  it('begin a line where the one before has no room, also one that is wider than a line', () => {
    const { starts, lines, width, height } = chipPlaces(widths, 31)
    expect([...lines]).toEqual([0, 0, 1, 2, 3])
    expect([...starts]).toEqual([0, 11, 0, 0, 0])
    expect([width, height]).toEqual([40, 4])
    expect(chipPlaces(new Float64Array(0), 31)).toMatchObject({ width: 0, height: 0 })
  })

  it('are found by a place in the text', () => {
    const line = chipPlaces(widths, Infinity)
    expect([0, 9.9, 10, 31, 62, 1000].map(at => chipAt(line, 0, at))).toEqual([0, 0, 1, 2, 3, 5])
    const many = chipPlaces(widths, 61)
    expect([...many.lines]).toEqual([0, 0, 1, 2, 2])
    expect([0, 1, 2, 3].map(at => chipAt(many, at, 0))).toEqual([0, 2, 3, 5])
  })
})
