import { describe, expect, it } from 'vitest'
import { secondsText, timeLeft } from '../../../src/renderer/src/ui/time-left.ts'

describe('timeLeft', () => {
  it('goes by what is done', () => {
    expect(timeLeft({ startedAt: 0, done: 3, total: 12 }, 3000)).toBe('9 s left')
    expect(timeLeft({ startedAt: 0, done: 1, total: 101 }, 2000)).toBe('3 min 20 s left')
  })
  it('is unknown at first, at the end and without a total', () => {
    expect(timeLeft({ startedAt: 0, done: 0, total: 12 }, 3000)).toBeNull()
    expect(timeLeft({ startedAt: 0, done: 12, total: 12 }, 3000)).toBeNull()
    expect(timeLeft({ startedAt: 0, done: 1, total: 0 }, 3000)).toBeNull()
    expect(timeLeft({ startedAt: 0, done: 1, total: 2 }, 100)).toBeNull()
  })
})

describe('secondsText', () => {
  it('says whole seconds, at least one', () => {
    expect(secondsText(300)).toBe('1 s')
    expect(secondsText(40_400)).toBe('40 s')
    expect(secondsText(125_000)).toBe('2 min 5 s')
    expect(secondsText(120_000)).toBe('2 min')
  })
})
