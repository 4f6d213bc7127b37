import { expect, it } from 'vitest'
import { nextPoint } from '../../../src/renderer/src/ui/next-point.ts'

const places = [
  { x: 50, y: 50 },
  { x: 60, y: 50 },
  { x: 55, y: 80 },
  { x: 50, y: 20 },
  { x: 90, y: 52 }
]

it.each([
  [0, 'ArrowRight', 1],
  [1, 'ArrowRight', 4],
  [1, 'ArrowLeft', 0],
  [0, 'ArrowUp', 3],
  [0, 'ArrowDown', 2],
  [3, 'ArrowUp', null],
  [4, 'ArrowRight', null],
  [0, 'Enter', null]
])('goes from %d by %s to %s', (from, key, to) => {
  expect(nextPoint(places, from, key)).toBe(to)
})

it('goes to what lies ahead sooner than to what is nearer and aside', () => {
  const around = [
    { x: 0, y: 0 },
    { x: 10, y: 9 },
    { x: 22, y: 0 }
  ]
  expect(nextPoint(around, 0, 'ArrowRight')).toBe(2)
})
