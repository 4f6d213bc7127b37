import { describe, expect, it } from 'vitest'
import { Edit } from '../../../src/common/model/edit.ts'

const hook = 'blocks.1.attn.hook_z'

describe('an edit', () => {
  it('changes nothing where its scale says so, and says what it changes', () => {
    const nothing = { hook, at: {}, scale: 1, add: null }
    expect(Edit.parse({ hook, scale: 1 })).toEqual(nothing)
    expect(Edit.parse(nothing)).toEqual(nothing)
    const inner = { from: { input: { ids: [5] }, edits: [{ hook }] }, hook }
    for (const edit of [
      { hook },
      { hook, add: null },
      { hook, at: { head: [1] } },
      { hook, add: inner }
    ])
      expect(Edit.safeParse(edit).success).toBe(false)
  })
  it('adds numbers, a mean, a mask, or what another edited run has', () => {
    const from = { input: { ids: [5] }, edits: [{ hook, at: { head: [1] }, scale: 0 }] }
    for (const add of [2, [1, 2], 'mean', '-inf', { from, hook, times: -1 }])
      expect(Edit.safeParse({ hook, add }).success).toBe(true)
    const parsed = Edit.parse({ hook, add: { from, hook } })
    expect(parsed.add).toEqual({
      from: { ...from, edits: [{ hook, at: { head: [1] }, scale: 0, add: null }] },
      hook,
      times: 1
    })
  })
  it('takes places as lists or ranges, and no other axes', () => {
    expect(Edit.safeParse({ hook, at: { pos: '0:5', head: [0, 3] }, scale: 0 }).success).toBe(true)
    for (const at of [{ pos: '5' }, { pos: [-1] }, { batch: [0] }])
      expect(Edit.safeParse({ hook, at, scale: 0 }).success).toBe(false)
  })
})
