import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { placeTokens, placeTokensOf } from '#common/analysis/place-token.ts'
import { saliency } from '#common/analysis/saliency/saliency.ts'
import { scalarTarget, scalarTokens } from '#common/analysis/saliency/scalar.ts'
import { targetOfText, targetText } from '#common/model/target-text.ts'
import { typedTarget } from '../../../src/main/shell/cli/target.ts'

const model = {
  ...{ labels: Array.from({ length: 20 }, String), predicts: 'next' }
} as unknown as ModelFacts

describe('a number that a run gives', () => {
  it.each([
    ['7:12', { kind: 'logit', position: 7, token: 12 }],
    ['logit:7:12', { kind: 'logit', position: 7, token: 12 }],
    ['7:12-5', { kind: 'difference', position: 7, token: 12, other: 5 }],
    ['difference:7:12-5', { kind: 'difference', position: 7, token: 12, other: 5 }],
    ['probability:7:12', { kind: 'probability', position: 7, token: 12 }],
    ['loss', { kind: 'loss' }]
  ])('is written alike wherever it is asked for: %s', (text, target) => {
    expect(targetOfText(text)).toEqual(target)
    expect(typedTarget(text)).toEqual(target)
    expect(saliency.params.parse({ of: text })).toMatchObject({ of: text })
    expect(scalarTarget(text, null, model, 9)).toEqual(target)
    const { kind, ...at } = target
    if (kind === 'logit' || kind === 'difference') {
      expect(placeTokens.test(`${text},1:2`)).toBe(true)
      expect(placeTokensOf(text)).toEqual([{ other: null, ...at }])
    } else expect(placeTokens.test(text)).toBe(false)
  })

  it('tells its tokens', () => {
    expect(['7:12-5', 'probability:7:12', 'loss'].map(scalarTokens)).toEqual([[12, 5], [12], []])
  })

  it.each([
    ...['', '7', '7:', ':7', '7:1-', 'logit:7:1-2', 'difference:7:1'],
    ...['probability:7:1-2', 'Loss', '7:1,7:2']
  ])('is not: %s', text => {
    expect(targetText.test(text)).toBe(false)
    expect(() => targetOfText(text)).toThrow('expected loss, POS:TOKEN')
    expect(() => typedTarget(text)).toThrow('Expected loss, POS:TOKEN')
  })
})
