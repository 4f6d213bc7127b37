import { describe, expect, it } from 'vitest'
import type { DescriptionCheck } from '#common/model/describe-reading.ts'
import { verdictOf, type OtherHeads } from '../../../../src/renderer/src/window/describe/verdict.ts'

const check = (
  loss: number | null,
  method: DescriptionCheck['method'] = 'next-token',
  heads: OtherHeads | null = null
) => {
  const of = { loss, chance: 4, method, perToken: new Float32Array(), tokens: [], explanation: '' }
  return verdictOf(of, heads)
}

describe('the verdict on a reading', () => {
  it.each([
    [2.1, 'good', '2.10 nats against 4.00 by chance: the reading makes sense.'],
    [3.5, 'doubtful', /^3\.50 nats against 4\.00 by chance: hardly better than guessing/],
    [3.95, 'bad', /no better than guessing, so the reading is wrong/],
    [12, 'bad', /no better than guessing/]
  ] as const)('of a loss of %d is %s', (loss, tone, text) => {
    expect(check(loss).tone).toBe(tone)
    expect(check(loss).text).toMatch(text)
  })

  it('is bad where there is no number', () => {
    expect(check(null)).toEqual({
      tone: 'bad',
      text: 'What the model computes is no number: the reading is wrong.'
    })
  })

  it('is doubtful at best where tokens see themselves', () => {
    expect(check(0.1, 'same-token').tone).toBe('doubtful')
    expect(check(5, 'same-token').tone).toBe('bad')
    expect(check(1, 'masked-token').tone).toBe('good')
  })

  it('waits for other numbers of heads, where nothing tells how many there are', () => {
    const losses = new Map([
      ['2', 0.385],
      ['4', 0.076]
    ])
    const compared = { losses, best: '4', alike: ['4'], isWhole: true }
    const { tone, text } = check(0.385, 'next-token', { value: '2', comparison: compared })
    expect([tone, text]).toEqual([
      'doubtful',
      '0.385 nats against 4.00 by chance: better than guessing, but with 4 heads it is 0.0760 nats.'
    ])
    for (const comparison of [null, { ...compared, isWhole: false }])
      expect(check(0.385, 'next-token', { value: '2', comparison }).text).toMatch(
        /Other numbers of heads have not been compared yet/
      )
    expect(check(0.076, 'next-token', { value: '4', comparison: compared }).tone).toBe('good')
    // A short text may not be sure of a difference; what it has is said.
    const short = { ...compared, alike: ['4', '2'] }
    expect(check(0.385, 'next-token', { value: '2', comparison: short }).text).toMatch(
      /but with 4 heads it is 0\.0760 nats\. A longer text would tell them apart\./
    )
    const tied = { ...short, losses: new Map(compared.losses).set('2', 0.077) }
    expect(check(0.076, 'next-token', { value: '4', comparison: tied }).text).toMatch(
      /makes sense\. This text does not tell 4 heads from 2;/
    )
  })
})
