import { expect, it } from 'vitest'
import { createBoundedMap } from '../../../src/main/workbench/bounded-map.ts'

const keysOf = (map: { entries(): readonly (readonly [string, number])[] }) =>
  map.entries().map(([key]) => key)

it('lets go of what was used longest ago until the others fit', () => {
  const map = createBoundedMap<number>(10, value => value)
  map.set('a', 4)
  map.set('b', 4)
  expect(map.get('a')).toBe(4)
  map.set('c', 4)
  expect(keysOf(map)).toEqual(['a', 'c'])
  expect(map.get('b')).toBeUndefined()
  map.set('d', 7)
  expect(keysOf(map)).toEqual(['d'])
})

it('keeps what was just put, alone if need be, and counts what is replaced or deleted no longer', () => {
  const map = createBoundedMap<number>(10, value => value)
  map.set('a', 99)
  expect(keysOf(map)).toEqual(['a'])
  map.set('a', 5)
  map.set('b', 5)
  expect(keysOf(map)).toEqual(['a', 'b'])
  map.delete('a')
  map.set('c', 5)
  expect(keysOf(map)).toEqual(['b', 'c'])
  expect(map.size).toBe(2)
})
