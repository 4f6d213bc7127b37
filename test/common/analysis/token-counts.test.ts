import { expect, it } from 'vitest'
import { ranksOf } from '#common/analysis/token-counts.ts'

it('ranks tokens by how many stand more often, equal ones alike', () => {
  expect([...ranksOf(Int32Array.of(3, 0, 7, 3, 0, 1))]).toEqual([2, 5, 1, 2, 5, 4])
  expect([...ranksOf(new Int32Array(2))]).toEqual([1, 1])
  expect([...ranksOf(new Int32Array(0))]).toEqual([])
})
