import { describe, expect, it } from 'vitest'
import {
  noHistory,
  position,
  redone,
  sealed,
  undone,
  withStep,
  type Done,
  type History
} from '../../../src/renderer/src/stores/session-history.ts'

/** Steps over numbers, each at a time in milliseconds. */
function step(before: number, after: number, at: number, key: string | null = null): Done<number> {
  const joins = key === null ? null : { key, within: 1000 }
  return { label: `${before} to ${after}`, before, after, joins, deleted: null, at }
}
const done = (...steps: readonly Done<number>[]): History<number> =>
  steps.reduce<History<number>>(withStep, noHistory)
const labels = ({ past, future }: History<number>) =>
  [past, future].map(all => all.map(s => s.label))

describe('a history', () => {
  it('takes back the last step first, and does again what was taken back last', () => {
    const both = done(step(0, 1, 0), step(1, 2, 1))
    expect(labels(undone(both))).toEqual([['0 to 1'], ['1 to 2']])
    expect(labels(undone(undone(both)))).toEqual([[], ['1 to 2', '0 to 1']])
    expect(redone(redone(undone(undone(both))))).toEqual(both)
    expect(labels(undone(undone(undone(both))))).toEqual([[], ['1 to 2', '0 to 1']])
  })

  it('has nothing to do again once something else is done', () => {
    const other = withStep(undone(done(step(0, 1, 0), step(1, 2, 1))), step(1, 7, 2))
    expect(labels(other)).toEqual([['0 to 1', '1 to 7'], []])
  })

  it('joins what follows within a second, from where the first began, by the pauses between', () => {
    const typed = done(step(0, 1, 0, 'text'), step(1, 2, 900, 'text'), step(2, 3, 1900, 'text'))
    expect(typed.past).toMatchObject([{ before: 0, after: 3, at: 1900 }])
    const paused = done(step(0, 1, 0, 'text'), step(1, 2, 1001, 'text'))
    expect(paused.past).toHaveLength(2)
  })

  it('joins no other key, none without one, and nothing after a step that was taken back', () => {
    expect(done(step(0, 1, 0, 'text'), step(1, 2, 1, 'note')).past).toHaveLength(2)
    expect(done(step(0, 1, 0), step(1, 2, 1)).past).toHaveLength(2)
    const first = done(step(0, 1, 0, 'text'), step(1, 2, 5000, 'text'))
    expect(labels(withStep(undone(first), step(1, 9, 500, 'text')))).toEqual([
      ['0 to 1', '1 to 9'],
      []
    ])
  })

  it('keeps the last 200 steps', () => {
    const many = done(...Array.from({ length: 203 }, (_, i) => step(i, i + 1, i)))
    expect(many.past).toHaveLength(200)
    expect(many.past[0]!.before).toBe(3)
  })
})

describe('where a history stands', () => {
  it('is the same again after a step was taken back and done again, and else another', () => {
    const one = done(step(0, 1, 0))
    const two = withStep(one, step(1, 2, 1))
    expect(position(undone(two))).toBe(position(one))
    expect(position(redone(undone(two)))).toBe(position(two))
    const other = withStep(one, step(1, 3, 2))
    expect(position(withStep(undone(two), step(1, 3, 2)))).not.toBe(position(two))
    expect(position(other)).not.toBe(position(one))
  })

  it('is not the start once steps were let go of', () => {
    let many = done(...Array.from({ length: 201 }, (_, i) => step(i, i + 1, i)))
    const start = position(noHistory)
    for (let i = 0; i < 200; i++) many = undone(many)
    expect(many.past).toEqual([])
    expect(position(many)).not.toBe(start)
  })

  it('changes by what would have joined, once it is sealed', () => {
    const saved = sealed(done(step(0, 1, 0, 'text')))
    const after = withStep(saved, step(1, 2, 1, 'text'))
    expect(after.past).toHaveLength(2)
    expect(position(undone(after))).toBe(position(saved))
    expect(sealed(noHistory)).toEqual(noHistory)
  })
})
