import { describe, expect, it } from 'vitest'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { areOfOne, likeDifference, sharedDifference } from '#common/data/difference.ts'

function of(axes: Dataset['axes'], ...data: number[]): Dataset {
  const own = { axes: Object.keys(axes), unit: '', about: '', data: Float32Array.from(data) }
  return dataset(axes, { share: own })
}
const layers = (count: number) => ({ layer: axis(count), word: axis(['a', 'b']) })

describe('numbers of two datasets', () => {
  it('are of one thing where variables, lengths and labels are the same', () => {
    const own = of(layers(1), 1, 2)
    expect(areOfOne(own, of(layers(1), 3, 4))).toBe(true)
    expect(areOfOne(own, of(layers(2), 1, 2, 3, 4))).toBe(false)
    expect(areOfOne(own, of({ layer: axis(1), word: axis(['a', 'c']) }, 1, 2))).toBe(false)
    expect(areOfOne(own, of({ layer: axis(1), word: axis(2) }, 1, 2))).toBe(false)
  })

  it('are compared where both have them, in the same shape and of the same things', () => {
    const own = of(layers(2), 1, 2, 3, 4)
    expect(sharedDifference(own, of(layers(2), 1, 2, 3, 4.5))).toBe(0.125)
    expect(sharedDifference(own, of({ layer: axis(2), word: axis(2) }, 1, 2, 3, 4))).toBe(0)
    expect(() => sharedDifference(of(layers(1), 1, 2), of({ word: axis(2) }, 1, 2))).toThrow(
      'share is of the shape [2], expected [1, 2]'
    )
    const others = { layer: axis(2), word: axis(['b', 'a']) }
    expect(() => sharedDifference(own, of(others, 1, 2, 3, 4))).toThrow(
      'its axis word has other names'
    )
    const none = dataset({}, {})
    expect(() => sharedDifference(own, none)).toThrow('its command makes other numbers')
  })

  it('are compared as far as they are alike, and all else is named', () => {
    const alike = of(layers(1), 1, 2)
    const also = { axes: ['word'], unit: '', about: '', data: Float32Array.of(1, 2) }
    const kept = { ...alike, variables: { ...alike.variables, also, other: also } }
    const short = { axes: ['layer'], unit: '', about: '', data: Float32Array.of(1) }
    const now = of(layers(1), 1, 2.5)
    expect(likeDifference(kept, { ...now, variables: { ...now.variables, other: short } })).toEqual(
      { difference: 0.25, left: ['also', 'other'] }
    )
    expect(likeDifference(kept, dataset({}, {}))).toEqual({
      difference: null,
      left: ['share', 'also', 'other']
    })
  })
})
