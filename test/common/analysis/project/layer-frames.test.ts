import { describe, expect, it } from 'vitest'
import { dataset } from '#common/data/dataset.ts'
import { frameAt, frameCount, frameName } from '#common/analysis/project/layer-frames.ts'
import { shownPoints } from '#common/analysis/project/shown-points.ts'

/** Two tokens at three layers, in the plane. */
const points = shownPoints(
  dataset(
    {
      point: { length: 6, labels: ['a', 'b', 'a', 'b', 'a', 'b'] },
      dimension: { length: 2, labels: null }
    },
    {
      places: variable(
        ['point', 'dimension'],
        Float64Array.of(0, 0, 1, 1, 10, 0, 1, 3, 10, 8, -5, 3)
      ),
      index: variable(['point'], Int32Array.of(0, 1, 0, 1, 0, 1)),
      token: variable(['point'], Int32Array.of(7, 8, 7, 8, 7, 8)),
      layer: variable(['point'], Int32Array.of(-1, -1, 0, 0, 1, 1)),
      norm: variable(['point'], Float64Array.of(1, 2, 3, 4, 5, 6))
    },
    { set: 'token-layers' }
  )
)
function variable(axes: string[], data: Int32Array | Float64Array) {
  return { axes, unit: '', about: '', data }
}

describe('tokens through the layers', () => {
  it('are seen a layer at a time', () => {
    expect(frameCount(points)).toBe(3)
    const second = frameAt(points, 3, 1)
    expect([...second.places]).toEqual([10, 0, 1, 3])
    expect(second.labels).toEqual(['a', 'b'])
    expect([...second.norm]).toEqual([3, 4])
    expect([...second.index]).toEqual([0, 1])
    expect([...frameAt(points, 3, 2).places]).toEqual([10, 8, -5, 3])
  })

  it('go straight between two layers, and are called by the nearer', () => {
    const between = frameAt(points, 3, 0.75)
    expect([...between.places]).toEqual([7.5, 0, 1, 2.5])
    expect([...between.norm]).toEqual([3, 4])
    expect([0, 0.4, 0.6, 2].map(frameName)).toEqual([
      'the input',
      'the input',
      'after block 0',
      'after block 1'
    ])
  })

  it('are of one set alone', () => {
    expect(frameCount({ ...points, set: 'tokens' })).toBeNull()
  })
})
