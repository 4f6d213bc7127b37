import { expect, it } from 'vitest'
import { labelSides, type CrossingLines } from '#common/figure/label-sides.ts'

const room = { height: 10, radius: 4, distance: 3, from: 0, across: 300 }
const all = (places: [number, number][], lines?: CrossingLines) =>
  labelSides(
    places.map(([x, y]) => ({ x, y })),
    { widths: places.map(() => 20), ...room },
    lines
  )
const of = (...places: [number, number][]) => all(places).map(own => own?.side)

it('is the right where nothing is there', () =>
  expect(of([100, 100], [200, 100], [100, 112])).toEqual(['right', 'right', 'right']))

it('is another one where a point would lie on the label, or the label on one before', () => {
  expect(of([100, 100], [115, 100])).toEqual(['left', 'right'])
  // Clear of the point, but not of its label.
  expect(of([100, 100], [96, 109])).toEqual(['right', 'left'])
  // A row of points leaves what is above and below.
  expect(of([100, 100], [115, 100], [130, 100])).toEqual(['left', 'top', 'right'])
})

it('is one within the figure', () => expect(of([280, 100], [10, 50])).toEqual(['left', 'right']))

it('is none where no side is free', () =>
  expect(of([100, 100], [115, 100], [85, 100], [100, 88], [100, 112])[0]).toBeUndefined())

it('is one that no line crosses, or one that says that it does', () => {
  expect(all([[100, 100]], { x: [115], y: [] })).toEqual([{ side: 'left', isCrossed: false }])
  expect(all([[100, 100]], { x: [], y: [101] })).toEqual([{ side: 'top', isCrossed: false }])
  expect(all([[100, 100]], { x: [115, 85, 100], y: [] })).toEqual([
    { side: 'right', isCrossed: true }
  ])
})
