import { describe, expect, it } from 'vitest'
import { uniformFormula, weightFormula } from '#common/text/attention-words.ts'

const plain = { scale: 1 / Math.sqrt(32), softCap: null, alibi: null, vectors: 'turned' } as const

describe('weightFormula', () => {
  it('says how a model scales its scores', () => {
    expect(weightFormula([plain], 32)).toBe('A[q,k] = softmax_k(q_q · k_k / √d_head)')
    // GPT-Neo does not scale; Gemma scales by a width of its own.
    expect(weightFormula([{ ...plain, scale: 1 }], 32)).toBe('A[q,k] = softmax_k(q_q · k_k)')
    expect(weightFormula([{ ...plain, scale: 0.0625 }], 32)).toBe(
      'A[q,k] = softmax_k(0.0625 · q_q · k_k)'
    )
  })
  it('says caps and slopes, and what differs by layer', () => {
    expect(weightFormula([{ ...plain, softCap: 50 }], 32)).toBe(
      'A[q,k] = softmax_k(50.0 · tanh((q_q · k_k / √d_head) / 50.0))'
    )
    const alibi = { scale: 1, rounding: 'float32' } as const
    expect(weightFormula([{ ...plain, alibi }], 32)).toBe(
      'A[q,k] = softmax_k(q_q · k_k / √d_head + slope · k)'
    )
    expect(weightFormula([{ ...plain, alibi, softCap: 50 }], 32)).toBe(
      'A[q,k] = softmax_k(50.0 · tanh((q_q · k_k / √d_head) / 50.0) + slope · k)'
    )
    expect(weightFormula([plain, { ...plain, scale: 1 }, plain], 32)).toBe(
      'A[q,k] = softmax_k(q_q · k_k / √d_head) or softmax_k(q_q · k_k), by layer'
    )
  })
  it('does not pretend to know', () => {
    expect(weightFormula(null, 32)).toContain('as the graph computes it')
  })
})

describe('uniformFormula', () => {
  it.each([
    [[{ causal: true, reach: null }], '1 / (q + 1)'],
    [[{ causal: false, reach: null }], '1 / n'],
    [[{ causal: true, reach: 5 }], '1 / (min(q, 5) + 1)'],
    [[{ causal: false, reach: 2 }], '1 / (min(q, 2) + 1 + min(n − 1 − q, 2))'],
    [
      [
        { causal: true, reach: 5 },
        { causal: true, reach: null },
        { causal: true, reach: 5 }
      ],
      '1 / (min(q, 5) + 1) or 1 / (q + 1), by layer'
    ]
  ])('of %j is %s', (layers, formula) => {
    expect(uniformFormula(layers)).toBe(formula)
  })
  it('is none where it is not known what a query sees', () => {
    expect(uniformFormula(null)).toMatch(/^none/)
  })
})
