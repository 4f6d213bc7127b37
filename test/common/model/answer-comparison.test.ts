import { describe, expect, it } from 'vitest'
import { comparedAnswers, type MeasuredAnswer } from '#common/model/answer-comparison.ts'

/** Answers whose loss at every token is one number, or takes turns between two. */
function measured(losses: Record<string, readonly number[] | null>): Map<string, MeasuredAnswer> {
  return new Map(
    Object.entries(losses).map(([value, turns]): [string, MeasuredAnswer] => {
      if (turns === null) return [value, { loss: null, perToken: [] }]
      const perToken = [NaN, ...Array.from({ length: 100 }, (_, i) => turns[i % turns.length]!)]
      const loss = turns.reduce((sum, own) => sum + own, 0) / turns.length
      return [value, { loss, perToken }]
    })
  )
}

describe('answers compared', () => {
  it('are told apart by a clear difference, whichever is likelier', () => {
    const { best, alike } = comparedAnswers(measured({ '2': [0.385], '4': [0.076], '8': [0.9] }))
    expect([best, alike]).toEqual(['4', ['4']])
  })

  it('are the likeliest where they hardly differ, and the others are said', () => {
    const losses = { gelu: [0.0763], relu: [0.31], 'gelu-quick': [0.0752] }
    expect(comparedAnswers(measured(losses))).toEqual({
      best: 'gelu',
      alike: ['gelu', 'gelu-quick']
    })
  })

  it('are not told apart by a difference that tokens do not share', () => {
    // 0.1 on the mean, with a standard error of (6 / √99) / 1 of its two sides.
    const { best, alike } = comparedAnswers(measured({ relu: [5, 1], silu: [0, 5.8] }))
    expect([best, alike]).toEqual(['relu', ['relu', 'silu']])
  })

  it('are those that could be checked', () => {
    expect(comparedAnswers(measured({ a: null, b: [1] }))).toEqual({ best: 'b', alike: ['b'] })
    expect(comparedAnswers(measured({ a: null }))).toEqual({ best: null, alike: [] })
  })
})
