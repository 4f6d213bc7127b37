import { describe, expect, it } from 'vitest'
import type { TensorFacts } from '#common/analysis/analysis.ts'
import { parameterShares } from '#common/analysis/parameters.ts'

describe('parameterShares', () => {
  it('counts a tied tensor once, in the order a text passes them', () => {
    const tensor = (
      name: string,
      category: TensorFacts['category'],
      parameters: number,
      tiedTo: string | null = null
    ) => ({
      name,
      dtype: 'F32' as const,
      shape: [parameters],
      category,
      parameters,
      layer: null,
      tiedTo
    })
    expect(
      parameterShares([
        tensor('a', 'attention', 16),
        tensor('wte', 'embedding', 64),
        tensor('b', 'attention', 8),
        tensor('head', 'unembedding', 64, 'wte')
      ])
    ).toEqual([
      { category: 'embedding', elements: 64, tensors: 1 },
      { category: 'attention', elements: 24, tensors: 2 }
    ])
  })
})
