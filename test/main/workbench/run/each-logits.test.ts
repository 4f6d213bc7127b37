import { describe, expect, it } from 'vitest'
import { givenBackFrom } from '../../../../src/main/engine/host.ts'
import { everyPosition, rowGroups } from '../../../../src/main/workbench/run/each-logits.ts'

describe('rowGroups', () => {
  it('takes every position once, in their order', () => {
    expect(rowGroups(everyPosition(100), 50_257).flat()).toEqual(everyPosition(100))
    expect(rowGroups([], 50_257)).toEqual([])
  })

  it.each([
    [50_257, 1],
    [50_257, 13],
    [32_768, 1]
  ])('of %i tokens and %i values holds less than the engine gives back', (width, values) => {
    const [first] = rowGroups(everyPosition(256), width, values)
    expect(first!.length * values * width * 4).toBeLessThan(givenBackFrom)
  })

  it('holds 32 rows at least, also where they are more than that, and 256 at most', () => {
    expect(rowGroups(everyPosition(300), 256_000)[0]).toHaveLength(32)
    expect(rowGroups(everyPosition(300), 65)[0]).toHaveLength(256)
  })
})
