import { describe, expect, it } from 'vitest'
import { movedCursor } from '../../../src/renderer/src/ui/attention-map/moved-cursor.ts'

const plain = { causal: true, mirrored: false }
const at = { query: 5, key: 3 }
const move = (key: string, shiftKey = false, look = plain) =>
  movedCursor({ key, shiftKey }, at, 20, look)

describe('movedCursor', () => {
  it('moves query and key by one, or by ten', () => {
    expect(move('ArrowUp')).toEqual({ query: 4, key: 3 })
    expect(move('ArrowRight')).toEqual({ query: 5, key: 4 })
    expect(move('ArrowDown', true)).toEqual({ query: 15, key: 3 })
  })
  it('stays inside the text', () => {
    expect(move('ArrowLeft', true)).toEqual({ query: 5, key: 0 })
    expect(movedCursor({ key: 'ArrowDown', shiftKey: false }, null, 20, plain)).toEqual({
      query: 19,
      key: 19
    })
  })
  it('goes the way it looks when keys run from right to left', () => {
    expect(move('ArrowLeft', false, { causal: true, mirrored: true })).toEqual({ query: 5, key: 4 })
  })
  it('goes to the last key that the query sees', () => {
    expect(move('End')).toEqual({ query: 5, key: 5 })
    expect(move('End', false, { causal: false, mirrored: false })).toEqual({ query: 5, key: 19 })
    expect(move('x')).toBeNull()
  })
})
