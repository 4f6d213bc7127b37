import { expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { saliencyMap } from '#common/analysis/saliency/saliency-map.ts'

it('a map is of at most 512 tokens', () => {
  const params = saliencyMap.params.parse({ of: 'logit:top' })
  const model = { predicts: 'next', labels: null, ofText: false } as unknown as ModelFacts
  expect(saliencyMap.needs(params, model, 512).logits).toBe('every')
  expect(() => saliencyMap.needs(params, model, 513)).toThrow(
    'A map is of at most 512 tokens, and there are 513'
  )
})
