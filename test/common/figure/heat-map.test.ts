import { describe, expect, it } from 'vitest'
import { heatMap, type HeatMapScene } from '#common/figure/heat-map.ts'

/** Red counts the step, so that a pixel tells which entry of the table it took. */
const table = Uint8Array.from({ length: 768 }, (_, i) => (i % 3 === 0 ? i / 3 : 0))
const look = { table, scale: 'linear', range: { low: 0, high: 255 } } as const
const size = 4
const stage = { size, width: 8, height: 8, ratio: 1 }
/** Each cell's value is its own number. */
const values = Float32Array.from({ length: size * size }, (_, i) => i + 1)
const all: HeatMapScene = {
  values,
  tokens: size,
  pooling: 'mean',
  visibility: { causal: false, reach: null },
  firstHidden: false,
  view: { cell: 2, row: 0, column: 0 },
  stage,
  mirrored: false
}

/** The values of the pixels, row by row; null where they are empty. */
function drawn(scene: Partial<HeatMapScene>, ratio = 1): (number | null)[][] {
  const { width, data } = heatMap({ ...all, ...scene }, look, ratio)
  const pixels = Array.from({ length: data.length / 4 }, (_, i) =>
    data[i * 4 + 3] === 0 ? null : data[i * 4]!
  )
  return Array.from({ length: pixels.length / width }, (_, row) =>
    pixels.slice(row * width, (row + 1) * width)
  )
}

describe('heatMap', () => {
  it('draws each cell as a rectangle', () => {
    const rows = drawn({})
    expect(rows[0]).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
    expect(rows[1]).toEqual(rows[0])
    expect(rows[7]).toEqual([13, 13, 14, 14, 15, 15, 16, 16])
  })

  it('draws a part at the resolution of the device', () => {
    const rows = drawn({ view: { cell: 4, row: 1, column: 2 } }, 2)
    expect(rows).toHaveLength(16)
    expect(rows[0]).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8, 8])
  })

  it('leaves what a query does not see empty: later keys, and those before its window', () => {
    const rows = drawn({ visibility: { causal: true, reach: 1 } })
    expect(rows[0]).toEqual([1, 1, null, null, null, null, null, null])
    expect(rows[6]).toEqual([null, null, null, null, 15, 15, 16, 16])
    const both = drawn({ visibility: { causal: false, reach: 1 } })
    expect(both[2]).toEqual([5, 5, 6, 6, 7, 7, null, null])
  })

  it('draws cells that stand for several tokens where any of them is seen', () => {
    // Four cells of 4 tokens each; a query sees the 2 keys before it.
    const rows = drawn({ tokens: 16, visibility: { causal: true, reach: 2 } })
    expect(
      rows.filter((_, i) => i % 2 === 0).map(row => row.filter((_, i) => i % 2 === 0))
    ).toEqual([
      [1, null, null, null],
      [5, 6, null, null],
      [null, 10, 11, null],
      [null, null, 15, 16]
    ])
  })

  it('looks at levels of a map of many cells, which show the same: means, and nothing further away', () => {
    const size = 64
    const values = Float32Array.from({ length: size * size }, (_, i) => (i * 37) % 251)
    const whole = {
      values,
      tokens: size,
      visibility: null,
      stage: { size, width: 8, height: 8, ratio: 1 }
    }
    const view = { cell: 1 / 8, row: 0, column: 0 }
    const means = drawn({ ...whole, view, pooling: 'mean' })
    const most = drawn({ ...whole, view, pooling: 'maximum' })
    for (let row = 0; row < 8; row++)
      for (let column = 0; column < 8; column++) {
        let sum = 0
        let highest = 0
        for (let r = row * 8; r < row * 8 + 8; r++)
          for (let c = column * 8; c < column * 8 + 8; c++) {
            sum += values[r * size + c]!
            highest = Math.max(highest, values[r * size + c]!)
          }
        expect(means[row]![column]).toBe(Math.round(sum / 64))
        expect(most[row]![column]).toBe(highest)
      }
    // One bright cell is in the pixel that it lies in, and at most in the next.
    const one = new Float32Array(size * size)
    one[20 * size + 33] = 200
    const shifted = { cell: 1 / 5, row: 1.5, column: 2.5 }
    const bright = drawn({ ...whole, values: one, view: shifted, pooling: 'maximum' })
    const places = bright.flatMap((line, row) =>
      line.flatMap((value, column) => (value === 200 ? [[row, column]] : []))
    )
    expect(places).toContainEqual([Math.floor(18.5 / 5), Math.floor(30.5 / 5)])
    expect(places.length).toBeLessThanOrEqual(4)
  })

  it('leaves a first key that is hidden empty, but not what a cell holds beside it', () => {
    expect(drawn({ firstHidden: true })[2]).toEqual([null, null, 6, 6, 7, 7, 8, 8])
    expect(drawn({ firstHidden: true, tokens: 8 })[2]).toEqual([5, 5, 6, 6, 7, 7, 8, 8])
  })

  it('draws everything where visibility is not known', () => {
    expect(drawn({ visibility: null }).flat()).not.toContain(null)
  })

  it('runs keys from right to left when it is mirrored', () => {
    const rows = drawn({ mirrored: true, visibility: { causal: true, reach: null } })
    expect(rows[2]).toEqual([null, null, null, null, 6, 6, 5, 5])
  })

  it('shows of cells smaller than a pixel the one furthest from zero, when that is asked for', () => {
    const small = { ...stage, width: 2, height: 2 }
    const view = { cell: 0.5, row: 0, column: 0 }
    expect(drawn({ view, stage: small, pooling: 'maximum' })).toEqual([
      [6, 8],
      [14, 16]
    ])
  })

  it('averages cells smaller than a pixel, and keeps what is masked empty', () => {
    const small = { ...stage, width: 2, height: 2 }
    const view = { cell: 0.5, row: 0, column: 0 }
    const means = drawn({ view, stage: small })
    // Of 1, 2, 5, 6; of 3, 4, 7, 8; …
    expect(means).toEqual([
      [4, 6],
      [12, 14]
    ])
    expect(drawn({ view, stage: small, visibility: { causal: true, reach: null } })[0]![1]).toBe(
      null
    )
  })
})
