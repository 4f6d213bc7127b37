import { describe, expect, it } from 'vitest'
import type { DescriptionCheck } from '#common/model/describe-reading.ts'
import { verdictOf } from '../../../../src/renderer/src/window/describe/verdict.ts'

const check = (loss: number | null, method: DescriptionCheck['method'] = 'next-token') =>
  verdictOf({ loss, chance: 4, method, perToken: new Float32Array(), tokens: [], explanation: '' })

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
})
