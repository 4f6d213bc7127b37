import { describe, expect, it } from 'vitest'
import type { Cell } from '#common/model/subject.ts'
import type { Visibility } from '#common/model/visibility.ts'
import {
  movedCursor,
  type CursorRoom
} from '../../../src/renderer/src/ui/attention-map/moved-cursor.ts'

const causal: Visibility = { causal: true, reach: null }
const at = { query: 5, key: 3 }
function move(
  key: string,
  own: Partial<CursorRoom> & { cursor?: Cell | null } = {},
  shiftKey = false
): Cell | null {
  const { cursor = at, ...room } = own
  return movedCursor({ key, shiftKey }, cursor, {
    size: 20,
    visibility: causal,
    mirrored: false,
    ...room
  })
}

describe('movedCursor', () => {
  it('moves query and key by one, or by ten', () => {
    expect(move('ArrowUp')).toEqual({ query: 4, key: 3 })
    expect(move('ArrowRight')).toEqual({ query: 5, key: 4 })
    expect(move('ArrowDown', {}, true)).toEqual({ query: 15, key: 3 })
  })
  it('stays inside the text', () => {
    expect(move('ArrowLeft', {}, true)).toEqual({ query: 5, key: 0 })
    expect(move('ArrowDown', { cursor: null })).toEqual({ query: 19, key: 19 })
  })
  it('goes the way it looks when keys run from right to left', () => {
    expect(move('ArrowLeft', { mirrored: true })).toEqual({ query: 5, key: 4 })
  })
  it('goes to the first and the last key that the query sees', () => {
    expect(move('End')).toEqual({ query: 5, key: 5 })
    const both = { visibility: { causal: false, reach: null } }
    expect(move('End', both)).toEqual({ query: 5, key: 19 })
    const window = { visibility: { causal: true, reach: 2 } }
    expect(move('Home', window)).toEqual({ query: 5, key: 3 })
    expect(move('x')).toBeNull()
  })
  it('never comes to a cell that is masked', () => {
    const keys = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End']
    const windows: Visibility[] = [causal, { causal: true, reach: 2 }, { causal: false, reach: 1 }]
    for (const visibility of windows) {
      let cursor: Cell | null = null
      for (let i = 0; i < 400; i++) {
        const room = { cursor, visibility, mirrored: i % 3 === 0 }
        const next = move(keys[(i * 7 + (i >> 3)) % keys.length]!, room, i % 5 === 0)
        const { query, key } = (cursor = next!)
        expect(visibility.causal ? key <= query : true).toBe(true)
        expect(Math.abs(query - key)).toBeLessThanOrEqual(visibility.reach ?? 20)
      }
    }
  })
  it('steps up from the diagonal along it', () => {
    expect(move('ArrowUp', { cursor: { query: 5, key: 5 } })).toEqual({ query: 4, key: 4 })
  })
  it('goes everywhere where it is not known what a query sees', () => {
    expect(move('End', { visibility: null })).toEqual({ query: 5, key: 19 })
  })
})
