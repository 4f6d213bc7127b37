import { describe, expect, it } from 'vitest'
import {
  otherAxes,
  timelineDataset,
  timelinePart
} from '#common/analysis/timeline/timeline-dataset.ts'
import { axis, dataset, variable, type Dataset } from '#common/data/dataset.ts'

const said = { unit: 'u', about: 'what it is' }
/** A number of each of two tensors, of which one is of a head, three times each. */
function ofTensors(labels: readonly string[], values: readonly number[]): Dataset {
  const each = (...own: number[]) => Float64Array.from(own)
  return dataset(
    { tensor: axis(labels), quartile: axis(3), other: axis(5) },
    {
      norm: { axes: ['tensor', 'quartile'], ...said, data: Float64Array.from(values) },
      layer: { axes: ['tensor'], ...said, data: each(4, 7) },
      head: { axes: ['tensor'], ...said, data: each(NaN, 2) },
      rest: { axes: ['other'], ...said, data: new Float64Array(5) }
    }
  )
}

const point = (step: number, result: Dataset) => ({
  ...{ name: `checkpoint-${step}`, step, fingerprint: `f${step}` },
  result: timelinePart(result, 'norm')
})

describe('a timeline', () => {
  it('keeps of a result the variable, with the layer and the head of each tensor', () => {
    const part = timelinePart(ofTensors(['a', 'b'], [1, 2, 3, 4, 5, 6]), 'norm')
    expect(Object.keys(part.variables)).toEqual(['norm', 'layer', 'head'])
    expect(Object.keys(part.axes)).toEqual(['tensor', 'quartile'])
    expect(
      Object.keys(timelinePart(ofTensors(['a', 'b'], [1, 2, 3, 4, 5, 6]), 'rest').axes)
    ).toEqual(['other'])
  })

  it('has all that is told along the axes of the variable, a checkpoint after the other', () => {
    const points = [
      point(1, ofTensors(['a', 'b'], [1, 2, 3, 4, 5, 6])),
      point(5, ofTensors(['a', 'b'], [7, 8, 9, 10, 11, 12]))
    ]
    const whole = timelineDataset(points, 'norm')
    const data = (name: string) => [...variable(whole, name).data]
    expect(variable(whole, 'value').axes).toEqual(['checkpoint', 'tensor', 'quartile'])
    expect(variable(whole, 'value')).toMatchObject(said)
    expect(data('value')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(data('step')).toEqual([1, 1, 1, 1, 1, 1, 5, 5, 5, 5, 5, 5])
    expect(data('layer')).toEqual([4, 4, 4, 7, 7, 7, 4, 4, 4, 7, 7, 7])
    expect(data('head').slice(2, 5)).toEqual([NaN, 2, 2])
    expect(whole.axes['checkpoint']?.labels).toEqual(['checkpoint-1', 'checkpoint-5'])
    expect(whole.attributes['checkpoints']).toEqual(['f1', 'f5'])
  })
})

it.each<readonly [string, Dataset, string | null]>([
  ['the same', dataset({ head: axis(['0', '1']) }, {}), null],
  ['no such axis', dataset({ tensor: axis(['0', '1']) }, {}), 'has no axis head'],
  ['more', dataset({ head: axis(['0', '1', '2']) }, {}), 'has 3 along head, expected 2'],
  ['another first', dataset({ head: axis(['9', '1']) }, {}), 'has 9 where 0 is expected'],
  ['another last', dataset({ head: axis(['0', '9']) }, {}), 'has 9 where 1 is expected'],
  ['no names', dataset({ head: axis(2) }, {}), 'has no name where 0 is expected']
])('what has %s is told from the first', (_, other, expected) => {
  expect(otherAxes(dataset({ head: axis(['0', '1']) }, {}), other)).toBe(expected)
})
