import { describe, expect, it } from 'vitest'
import { maximumFlow } from '#common/analysis/maximum-flow.ts'

const arcs = (...given: [number, number, number][]) =>
  given.map(([from, to, capacity]) => ({ from, to, capacity }))

describe('maximumFlow', () => {
  it('is what the narrowest cut takes', () => {
    // The network of Cormen et al., figure 26.1.
    const network = arcs(
      [0, 1, 16],
      [0, 2, 13],
      [1, 3, 12],
      [2, 1, 4],
      [2, 4, 14],
      [3, 2, 9],
      [3, 5, 20],
      [4, 3, 7],
      [4, 5, 4]
    )
    expect(maximumFlow(6, network, 0, 5)).toBe(23)
  })

  it('takes back what a shorter way had taken', () => {
    const network = arcs(
      [0, 1, 1],
      [0, 2, 1],
      [1, 4, 1],
      [1, 3, 1],
      [2, 4, 1],
      [3, 6, 1],
      [4, 5, 1],
      [5, 7, 1],
      [6, 7, 1]
    )
    expect(maximumFlow(8, network, 0, 7)).toBe(2)
  })

  it('is of small capacities no less', () => {
    expect(maximumFlow(3, arcs([0, 1, 1e-6], [1, 2, 2e-6]), 0, 2)).toBe(1e-6)
  })

  it('is nothing where no way leads', () => {
    expect(maximumFlow(3, arcs([0, 1, 0.5]), 0, 2)).toBe(0)
  })
})
