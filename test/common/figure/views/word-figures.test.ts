import { describe, expect, it } from 'vitest'
import { axis, dataset, type Variable } from '#common/data/dataset.ts'
import {
  extremeDimensions,
  measureOf,
  nearestTokens,
  severalTokens,
  similarityGrid,
  similarityRange
} from '#common/figure/views/word-figures.ts'

const over = (axes: string[], data: Variable['data']): Variable => ({
  ...{ axes, data, unit: '', about: '' }
})
const token = (id: number, text: string) => ({
  ...{ id, piece: text, text, start: 0, end: 0, special: false }
})

describe('what is listed of a word', () => {
  it('are tokens as they are shown, in the order of the measure that is asked for', () => {
    const result = dataset(
      { query: axis(['a']), neighbour: axis(2) },
      {
        'cosine.ids': over(['query', 'neighbour'], Int32Array.of(5, 7)),
        'cosine.values': over(['query', 'neighbour'], Float64Array.of(0.5, 0.25)),
        'euclidean.ids': over(['query', 'neighbour'], Int32Array.of(7, 5)),
        'euclidean.values': over(['query', 'neighbour'], Float64Array.of(1, 3))
      },
      { tokens: [token(5, ' b'), token(7, '\n')] }
    )
    expect(nearestTokens(result, 'cosine')).toEqual([
      { id: 5, text: '·b', value: 0.5 },
      { id: 7, text: '↵', value: 0.25 }
    ])
    expect(nearestTokens(result, 'euclidean').map(({ id }) => id)).toEqual([7, 5])
  })

  it('are dimensions by their numbers', () => {
    const result = dataset(
      { query: axis(['a']), rank: axis(2) },
      {
        'dimensions.bottom': over(['query', 'rank'], Int32Array.of(3, 0)),
        'dimensions.bottom_values': over(['query', 'rank'], Float64Array.of(-2, -1))
      }
    )
    expect(extremeDimensions(result, 'bottom')).toEqual([
      { id: 3, text: '3', value: -2 },
      { id: 0, text: '0', value: -1 }
    ])
  })
})

describe('a matrix of words', () => {
  const pairs = (data: Variable['data']) => over(['query', 'other'], data)
  const result = dataset(
    { query: axis([' a', 'bc']), other: axis([' a', 'bc']) },
    {
      similarity: pairs(Float64Array.of(1, -0.5, -0.5, 1)),
      dot: pairs(Float64Array.of(4, -3, -3, 9)),
      euclidean: pairs(Float64Array.of(0, 4, 4, 0))
    },
    { texts: [{ text: 'bc', ids: [1, 2], pieces: ['b', 'c'] }] }
  )

  it('has the words on both sides and a number in each cell', () => {
    const grid = similarityGrid(result, 'dot', String)
    expect(grid.rows).toEqual(['·a', 'bc'])
    expect(grid.cells.map(({ text }) => text)).toEqual(['4', '-3', '-3', '9'])
    expect(similarityRange(grid, 'dot')).toEqual({ low: -9, high: 9 })
  })

  it('has cosines on a scale from −1 to 1, whatever they are', () => {
    const grid = similarityGrid(result, 'centred', String)
    expect([...grid.values]).toEqual([1, -0.5, -0.5, 1])
    expect(similarityRange(grid, 'centred')).toEqual({ low: -1, high: 1 })
  })

  it('has zero in the middle, unless all numbers are positive', () => {
    const rangeOf = (measure: 'cosine' | 'dot', ...values: number[]) =>
      similarityRange({ values: Float32Array.from(values) }, measure)
    expect(rangeOf('dot', 3, 3)).toEqual({ low: 0, high: 3 })
    expect(rangeOf('dot', -2, -2)).toEqual({ low: -2, high: 2 })
    expect(rangeOf('cosine', 0.5, 0.75)).toEqual({ low: -1, high: 1 })
  })

  it('says which words are of several tokens', () => {
    expect(severalTokens(result).map(text => text.replaceAll(/[\u2068\u2069]/g, ''))).toEqual([
      '“bc” is b + c'
    ])
  })
})

it.each([
  [false, 'cosine', 'cosine'],
  [false, 'dot', 'dot'],
  [true, 'centred', 'centred'],
  // What is here is of what was asked for before.
  [false, 'centred', 'cosine'],
  [true, 'cosine', 'centred'],
  [true, 'euclidean', 'centred']
] as const)('an answer, centred: %s, where %s is wanted is shown by %s', (centred, wanted, by) => {
  expect(measureOf({ centred }, wanted)).toBe(by)
})
