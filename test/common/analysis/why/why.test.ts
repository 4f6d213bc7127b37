import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { addPrompt, noPrompts } from '#common/analysis/why/over-prompts.ts'
import { why } from '#common/analysis/why/why.ts'
import { variable } from '#common/data/dataset.ts'

const model = {
  ...{ name: 'small', predicts: 'next', labels: null, ofText: false, tensors: [] },
  config: { nLayers: 2, nHeads: 2, nKeyValueHeads: 2, dModel: 2, dHead: 1, dVocab: 9, nCtx: 99 }
} as unknown as ModelFacts
const place = { position: 1, token: 2, other: 3 }

/** Which parts are said to stand out. @param state as prompts have left it */
function standing(state: Parameters<typeof why.start>[2]): number[] {
  const taking = why.start(why.params.parse({ at: 'last:2-3', top: 1 }), model, state)
  return [...variable(taking.result(), 'part.stands_out').data]
}

describe('what stands out', () => {
  it.each([
    [5, 0, 1],
    [4, 1, 0],
    [6, 0, 1],
    // Exact, two-sided: 2 (1 + 8) / 2^8 and 2 (1 + 9) / 2^9.
    [7, 1, 0],
    [8, 1, 1]
  ])('of %i prompts one way and %i the other: %i', (positive, negative, expected) => {
    const sums = noPrompts()
    const own = noPrompts()
    for (let i = 0; i < positive + negative; i++) {
      const direct = i < positive ? 40 : -1
      addPrompt(sums, [direct, 0, 0, direct, 1, -1, 1, 0, 0, 1, 1, 0, 0, 0])
      addPrompt(own, [direct, direct, direct])
    }
    const places = Array.from({ length: sums.count }, () => place)
    const differences = places.map(() => 40)
    const found = standing({
      ...{ sums, parts: { 'head 0.0': own }, differences, places, only: null }
    })
    expect(found).toEqual([expected])
  })

  it('is held, of an MLP, against all that halves of blocks give, their biases in it', () => {
    const of = (bias: number) => {
      const numbers = {
        ...{ difference: [6], embed: [0], pos_embed: [0], head: [0, 0, 0, 0] },
        ...{ attn_bias: [bias, bias], mlp: [6, 1], ln_bias: [0], unembed_bias: [0], rest: [0] }
      }
      const part = { kind: 'MLP', layer: 0, index: null, direct: 6, name: 'MLP 0' } as const
      const only = {
        numbers: Object.fromEntries(
          Object.entries(numbers).map(([name, values]) => [name, Float64Array.from(values)])
        ),
        parts: [{ ...part, ablation: 6, gradient: 6, reads: null }],
        ...{ place, keys: ['a', 'b'] }
      }
      return standing({
        ...{ sums: noPrompts(), parts: {}, differences: [6], places: [place], only }
      })
    }
    expect(of(0.5)).toEqual([1])
    expect(of(2)).toEqual([0])
  })
})
