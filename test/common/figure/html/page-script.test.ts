import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import { figureSpots, type FigureSpots } from '#common/figure/html/figure-spots.ts'
import { pageScript, pageScriptHash } from '#common/figure/html/page-script.ts'
import { plainWish } from '#common/figure/presets.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { weightMap } from '#common/figure/weight-map.ts'
import { pageSays } from './page-of.ts'

const none: FigureSpots = { grids: [], boxes: [], points: [], lines: [], left: '' }

describe('a page of a figure', () => {
  it('runs the script that its policy names', () => {
    const hash = createHash('sha256').update(pageScript).digest('base64')
    expect(pageScriptHash).toBe(`sha256-${hash}`)
  })

  it('says what lies on top, a line or a point over the box that it crosses, and nothing further away', () => {
    const box = { left: 0, top: 0, width: 100, height: 100 }
    const says = pageSays({
      ...none,
      boxes: [
        { ...box, text: 'below' },
        { ...box, width: 50, text: 'on top' }
      ],
      points: [{ x: 20, y: 20, text: 'point' }],
      lines: [{ points: [[60, 0], [60, 100], [200, 100]], text: 'line' }] // prettier-ignore
    })
    expect(says(10, 80)).toBe('on top')
    expect(says(90, 20)).toBe('below')
    expect(says(21, 21)).toBe('point')
    expect(says(27, 20)).toBe('on top')
    expect(says(62, 40)).toBe('line')
    expect(says(150, 110)).toBe('line')
    expect(says(150, 113)).toBeNull()
  })

  it('says the columns of a map that runs from right to left from there', () => {
    const data = {
      ...{ title: null, name: 'weight', rows: { from: 0, to: 1, each: 1 }, mirrored: true },
      ...{ columns: { from: 7, to: 10, each: 1 }, values: Float32Array.of(1, 2, 3) }
    }
    const spots = figureSpots(drawnFigure(weightMap, data, plainLook, plainWish))
    const { left, top, cell } = spots.grids[0]!
    const says = pageSays(spots)
    const at = (place: number) => says(left + (place + 0.5) * cell.width, top + 1)
    expect(at(0)).toBe('row 0\ncolumn 9\nweight: 3')
    expect(at(2)).toBe('row 0\ncolumn 7\nweight: 1')
  })

  it('names each of the tokens that a cell is, also of thirds', () => {
    const side = { count: 3, first: 0, each: 7 / 3, end: 7, labels: [], numbered: true }
    const grid = {
      ...{ left: 0, top: 0, width: 30, height: 30, of: '', value: '', row: 0, column: 0 },
      ...{ cell: { width: 10, height: 10 }, mirrored: false, values: Array(9).fill(-0.5) },
      ...{ rows: { ...side, name: 'query' }, columns: { ...side, name: 'key' } }
    }
    const says = pageSays({ ...none, grids: [grid] })
    expect(says(5, 5)).toBe('query 0–2\nkey 0–2\n−0.5')
    expect(says(25, 15)).toBe('query 2–4\nkey 4–6\n−0.5')
  })
})
