import { describe, expect, it } from 'vitest'
import { withoutFirstKey } from '#common/analysis/first-token.ts'

describe('patterns without their first key', () => {
  it('have rows of what is left, which sum to 1 again', () => {
    const pattern = Float32Array.of(0.5, 0.25, 0.25, 0.2, 0, 0.8, 0, 0.5, 0.5)
    expect(withoutFirstKey({ shape: [3, 3], data: pattern })).toEqual({
      shape: [3, 3],
      data: Float32Array.of(0, 0.5, 0.5, 0, 0, 1, 0, 0.5, 0.5)
    })
  })

  it('have zeros in a row that is left nothing, and leave what they are made of as it is', () => {
    const data = Float32Array.of(1, 0, 0.75, 0.25)
    expect([...withoutFirstKey({ shape: [2, 2], data }).data]).toEqual([0, 0, 0, 1])
    expect([...data]).toEqual([1, 0, 0.75, 0.25])
  })

  it('are of each head by itself', () => {
    const data = Float32Array.of(0, 1, 0.5, 0.5, 0.25, 0.75, 1, 0)
    expect([...withoutFirstKey({ shape: [2, 2, 2], data }).data]).toEqual([0, 1, 0, 1, 0, 1, 0, 0])
  })

  it('have nothing of a single token', () => {
    expect([...withoutFirstKey({ shape: [1, 1], data: Float32Array.of(1) }).data]).toEqual([0])
  })
})
