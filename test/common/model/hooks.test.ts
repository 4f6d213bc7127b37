import { describe, expect, it } from 'vitest'
import { hookOfPlace, placeOfHook, residualStreams } from '#common/model/hooks.ts'

describe('residual streams', () => {
  it('are what each block reads, and what the last one leaves', () => {
    expect(residualStreams(2)).toEqual([
      'blocks.0.hook_resid_pre',
      'blocks.1.hook_resid_pre',
      'blocks.1.hook_resid_post'
    ])
  })

  it('have their places by either name', () => {
    expect(residualStreams(3).map(placeOfHook)).toEqual([0, 1, 2, 3])
    expect([0, 1, 2, 3].map(place => placeOfHook(hookOfPlace(place)))).toEqual([0, 1, 2, 3])
    expect(placeOfHook('blocks.1.hook_resid_mid')).toBeNull()
    expect(placeOfHook('logits')).toBeNull()
  })
})
