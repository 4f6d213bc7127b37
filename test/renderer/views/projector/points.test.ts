import { describe, expect, it } from 'vitest'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { tokenKinds } from '#common/text/token-kinds.ts'
import { coloringsOf } from '#common/figure/point-colorings.ts'
import { coloredPoints } from '#common/figure/point-colors.ts'
import { axesWords, pictureText } from '#common/figure/views/projector-words.ts'
import { moreOfPicture } from '../../../../src/renderer/src/views/projector/projection-words.ts'
import {
  foundPoints,
  pointName,
  pointText,
  shownPoints
} from '#common/analysis/project/shown-points.ts'

const kind = (name: (typeof tokenKinds)[number]) => tokenKinds.indexOf(name)

function vocabulary(over: Partial<Dataset['attributes']> = {}): Dataset {
  const point = (data: Int32Array | Float64Array) => ({
    axes: ['point'],
    unit: '',
    about: '',
    data
  })
  return dataset(
    {
      point: axis([' The', 'the', '7', '<|end|>']),
      dimension: axis(['PC 1', 'PC 2'])
    },
    {
      places: {
        axes: ['point', 'dimension'],
        ...{ unit: '', about: '' },
        data: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8)
      },
      index: point(Int32Array.of(3, 5, 12, 50)),
      norm: point(Float64Array.of(1, 2, 3, 5)),
      kind: point(Int32Array.of(kind('letters'), kind('letters'), kind('digits'), kind('special'))),
      ratio: { axes: ['dimension'], unit: '', about: '', data: Float64Array.of(0.25, 0.125) },
      trustworthiness: { axes: [], unit: '', about: '', data: Float64Array.of(0.9) }
    },
    {
      ...{ set: 'input', points: 'a sample of 4 of 51', trust_neighbours: 1 },
      ...over
    }
  )
}

describe('colours by frequency', () => {
  const points = shownPoints(vocabulary())

  it('are of ranks in a corpus, or of ids where none is chosen, and say which', () => {
    const ranks = new Int32Array(51).fill(40)
    ranks[3] = 1
    ranks[12] = 4
    const counted = coloredPoints(points, 'frequency', null, { name: 'in play.txt', ranks })
    expect(counted.colored).toEqual({
      ...{ by: 'number', name: 'log₁₀ of frequency rank in play.txt' },
      ...{ low: 0, high: Math.log10(40) }
    })
    expect(counted.colors[0]).toBe(0)
    expect(counted.colors[1]).toBe(counted.colors[3])
    expect(counted.colors[2]).toBeLessThan(counted.colors[1]!)
    const byIds = coloredPoints(points, 'frequency', null, { name: 'by ids', ranks: null })
    expect(byIds.colored).toMatchObject({ low: Math.log10(4), high: Math.log10(51) })
    expect(coloredPoints(points, 'frequency').colored).toEqual({ by: 'nothing' })
  })
})

describe('points', () => {
  const points = shownPoints(vocabulary())

  it('are shown with signs for what is not seen, and are called what they are', () => {
    expect(pointText(points, 0)).toBe('·The')
    expect(pointText(points, 3)).toBe('<|end|>')
    expect(pointName(points, 2)).toBe('Token 12')
  })

  it('are found by their letters, as they are shown too, and by their numbers', () => {
    expect(foundPoints(points, 'THE')).toEqual([0, 1])
    expect(foundPoints(points, '·the')).toEqual([0])
    expect(foundPoints(points, '#12')).toEqual([2])
    expect(foundPoints(points, '#4')).toEqual([])
    expect(foundPoints(points, '')).toEqual([])
  })

  it('are coloured by kind, of those that there are, or by a number', () => {
    expect(coloringsOf(points)[0]).toBe('kind')
    const byKind = coloredPoints(points, null)
    expect(byKind.colored).toMatchObject({ classes: ['letters', 'digits', 'special'] })
    expect([...byKind.colors]).toEqual([0, 0, 1, 2])
    const byNorm = coloredPoints(points, 'norm')
    expect(byNorm.colored).toEqual({ by: 'number', name: 'norm', low: 1, high: 5 })
    expect([...byNorm.colors]).toEqual([0, 6, 12, 23])
    expect([...coloredPoints(points, 'length').colors]).toEqual([12, 8, 0, 23])
    const clusters = { cluster: Int32Array.of(1, 0, 0, 0), names: ['words', 'near ·The'] }
    const byCluster = coloredPoints(points, 'cluster', clusters)
    expect(byCluster.colored).toMatchObject({ by: 'class', classes: clusters.names })
    expect([...byCluster.colors]).toEqual([1, 0, 0, 0])
    expect(coloredPoints(points, 'cluster').colored).toEqual({ by: 'nothing' })
    // They have no layer.
    expect(coloredPoints(points, 'layer')).toEqual(byKind)
  })

  it('are told with what the picture leaves out', () => {
    expect(axesWords(points)).toEqual(['PC 1 (25.0 %)', 'PC 2 (12.5 %)'])
    expect(pictureText(points)).toBe(
      '4 of 51, a sample · 37.5 % of the variance · trustworthiness 0.900'
    )
    expect(moreOfPicture(points).join()).toContain('Of 51 points 4 were drawn')
    expect(pictureText(points, String)).toMatch(/trustworthiness 0.9$/)
    expect(pictureText(shownPoints(vocabulary({ points: 'all 4' })))).toMatch(/^all 4 ·/)
  })
})
