import { expect, it } from 'vitest'
import {
  addWindow,
  mostGroups,
  noWindows,
  type GroupNumbers
} from '#common/analysis/head-statistics/window-groups.ts'

/** Two scores of two heads of a layer; some windows have no second score. */
const window = (number: number): GroupNumbers => ({
  values: Float64Array.of(number, -number, number ** 2, number === 3 ? NaN : 1),
  baselines: Float64Array.of(number / 2, 7),
  weights: Float64Array.of(1 + (number % 3), number % 4 === 3 ? 0 : 2)
})

function added(count: number, most: number) {
  const all = noWindows()
  for (let number = 0; number < count; number++) addWindow(all, window(number), most)
  return all
}

/** What windows give together, by their weights. */
function together(numbers: number[]): GroupNumbers {
  const all = numbers.map(window)
  const weightOf = (score: number) => all.reduce((sum, { weights }) => sum + weights[score]!, 0)
  const mean = (of: (own: GroupNumbers) => number, score: number) => {
    const own = all.filter(({ weights }) => weights[score]! > 0)
    return own.reduce((sum, each) => sum + of(each) * each.weights[score]!, 0) / weightOf(score)
  }
  const values = [0, 1, 2, 3].map(i => mean(({ values }) => values[i]!, i >> 1))
  const baselines = [0, 1].map(i => mean(({ baselines }) => baselines![i]!, i))
  return {
    values: Float64Array.from(values),
    baselines: Float64Array.from(baselines),
    weights: Float64Array.of(weightOf(0), weightOf(1))
  }
}

const close = (numbers: ArrayLike<number>) =>
  Array.from(numbers, number => expect.closeTo(number, 12) as number)

it('has each window by itself while there are few', () => {
  const { groups, each } = added(6, 6)
  expect(each).toBe(1)
  expect(groups).toEqual([0, 1, 2, 3, 4, 5].map(window))
})

it.each([
  [7, 2, [[0, 1], [2, 3], [4, 5], [6]]],
  [
    12,
    2,
    [
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
      [8, 9],
      [10, 11]
    ]
  ],
  [
    15,
    4,
    [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
      [12, 13, 14]
    ]
  ]
])('pools neighbours of %d windows, of which six groups are held, by %d', (count, by, expected) => {
  const { groups, each } = added(count, 6)
  expect(each).toBe(by)
  expect(groups).toHaveLength(expected.length)
  groups.forEach(({ values, baselines, weights }, i) => {
    const own = together(expected[i]!)
    expect([...values]).toEqual(close(own.values))
    expect([...baselines!]).toEqual(close(own.baselines!))
    expect([...weights]).toEqual([...own.weights])
  })
})

it('never holds more', () => {
  for (let count = 1; count < 200; count++)
    expect(added(count, 6).groups.length).toBeLessThanOrEqual(6)
  // GPT-2 small has 12 · 12 heads, and there are 18 scores.
  expect(mostGroups(18 * 144)).toBe(1024)
  for (const numbers of [1, 2592, 5000, 18 * 1024, 18 * 4096])
    expect(mostGroups(numbers) % 2).toBe(0)
  expect(mostGroups(18 * 1024) * 18 * 1024 * 8).toBeLessThanOrEqual(2 ** 25)
  expect(mostGroups(1e9)).toBe(64)
})
