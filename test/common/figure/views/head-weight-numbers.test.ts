import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import {
  headNumberMap,
  headNumberMatrix,
  headNumberNamed,
  strongestPairs
} from '#common/figure/views/head-weight-numbers.ts'

const own = (axes: string[], ...data: number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from(data)
})

/** Two layers of two heads; the value of a pair is its heads by their numbers, such as 2 of 0.0 and 3 of 1.1. */
const composed = dataset(
  {
    layer: axis(['0', '1']),
    head: axis(2),
    later_layer: axis(['0', '1']),
    later_head: axis(2)
  },
  {
    K_composition: own(
      ['layer', 'head', 'later_layer', 'later_head'],
      ...[0, 0, 0.02, 0.03],
      ...[0, 0, 0.12, 0.13],
      ...[0, 0, 0, 0],
      ...[0, 0, 0, 0]
    )
  }
)
const k = headNumberNamed('K_composition')

it('is from the selected head what it reads of earlier ones, and later ones read of it', () => {
  expect(headNumberMap(composed, k, 2, { layer: 1, head: 0 }).values).toEqual([
    0.02,
    0.12,
    NaN,
    NaN
  ])
  expect(headNumberMap(composed, k, 2, { layer: 0, head: 1 }).values).toEqual([
    NaN,
    NaN,
    0.12,
    0.13
  ])
})

it('is of all pairs a matrix: earlier heads down, later ones across, and nothing where neither is later', () => {
  const { distances, leaves, sides } = headNumberMatrix(composed, k, 2)
  expect(leaves.map(({ label }) => label)).toEqual(['0.0', '0.1', '1.0', '1.1'])
  expect(sides).toEqual({ rows: 'head that writes', columns: 'later head that reads' })
  expect([...distances]).toEqual([
    ...[NaN, NaN, Math.fround(0.02), Math.fround(0.03)],
    ...[NaN, NaN, Math.fround(0.12), Math.fround(0.13)],
    ...Array<number>(8).fill(NaN)
  ])
})

it('has of similarity both halves, and no diagonal', () => {
  const names = axis(['0.0', '0.1'])
  const alike = dataset(
    { one_head: names, other_head: names },
    { cosine_Q: own(['one_head', 'other_head'], 1, 0.5, -0.25, 1) }
  )
  const { distances } = headNumberMatrix(alike, headNumberNamed('cosine_Q'), 2)
  expect([...distances]).toEqual([NaN, 0.5, -0.25, NaN])
})

it('lists pairs of an earlier and a later head, the strongest first', () => {
  expect(strongestPairs(composed, k, 2, 2)).toEqual([
    { one: { layer: 0, head: 1 }, other: { layer: 1, head: 1 }, value: 0.13 },
    { one: { layer: 0, head: 1 }, other: { layer: 1, head: 0 }, value: 0.12 }
  ])
})

it('gives heads that share keys the norm of these', () => {
  const shared = dataset(
    { layer: axis(['0', '1']), kv_head: axis(2) },
    { norm_K: own(['layer', 'kv_head'], 1, 2, 3, 4) }
  )
  const { values } = headNumberMap(shared, headNumberNamed('norm_K'), 4, { layer: 0, head: 0 })
  expect(values).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
})

it('is of similarity the same both ways, and none of a head with itself', () => {
  const names = axis(['0.0', '0.1'])
  const alike = dataset(
    { one_head: names, other_head: names },
    { cosine_Q: own(['one_head', 'other_head'], 1, 0.5, 0.5, 1) }
  )
  const cosine = headNumberNamed('cosine_Q')
  expect(headNumberMap(alike, cosine, 2, { layer: 0, head: 1 }).values).toEqual([0.5, NaN])
  expect(strongestPairs(alike, cosine, 2, 9)).toEqual([
    { one: { layer: 0, head: 0 }, other: { layer: 0, head: 1 }, value: 0.5 }
  ])
})
