import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { hiddenStates } from '#common/analysis/hidden-states/hidden-states.ts'
import { variable } from '#common/data/dataset.ts'

const model = {
  ...{ name: 'small', predicts: 'next', labels: null, ofText: false, tensors: [] },
  config: { nLayers: 1, nHeads: 1, nKeyValueHeads: 1, dModel: 2, dHead: 2, dVocab: 9, nCtx: 99 }
} as unknown as ModelFacts

/** @param vectors of the tokens of one text, what enters and what leaves its block */
function states(size: number, vectors: readonly (readonly number[])[]) {
  const taking = hiddenStates.start(hiddenStates.params.parse({ size }), model, null)
  const shape = [vectors[0]!.length / 2, 2]
  taking.begin({ ids: new Int32Array(shape[0]!), texts: null, label: 'a text' })
  const hooks = ['blocks.0.hook_resid_pre', 'blocks.0.hook_resid_post']
  for (const [i, hook] of hooks.entries())
    taking.take({ kind: 'hook', hook, shape, data: Float32Array.from(vectors[i]!) }, 0)
  return taking.result()
}

describe('hidden states', () => {
  it('compare no more tokens than asked for, evenly, and say of how many one', () => {
    const text = Array.from({ length: 14 }, (_, i) => i + 1)
    for (const [size, shown] of [
      [7, [0, 1, 2, 3, 4, 5, 6]],
      [6, [0, 2, 4, 6]],
      [3, [0, 3, 6]],
      [2, [0, 4]]
    ] as const) {
      const result = states(size, [text, text])
      expect([...variable(result, 'shown').data]).toEqual(shown)
      const step = shown[1] - shown[0]
      expect(result.attributes['similarity_of']).toBe(
        step === 1 ? undefined : `one token in ${step}`
      )
    }
  })

  it('are alike by all pairs of different tokens but those of length 0', () => {
    const result = states(9, [
      [1, 0, 0, 2, 1, 0, 0, 0],
      [3, 0, 4, 0, 5, 0, 0, 0]
    ])
    // Of the three pairs of what enters one is alike, and all of what leaves.
    const [input, last] = [...variable(result, 'anisotropy').data]
    expect(input).toBeCloseTo(1 / 3, 12)
    expect(last).toBeCloseTo(1, 12)
  })

  it('have no cosine of a vector of length 0, which is counted and left out of the means', () => {
    const result = states(9, [
      [1, 0, 0, 0, 3, 0],
      [2, 2, 4, 0, 0, 0]
    ])
    const of = (name: string) => [...variable(result, name).data]
    expect(of('length_0')).toEqual([1, 1])
    expect(of('cosine_input').map(Number.isNaN)).toEqual([false, true, false, false, true, true])
    const [input, last] = of('cosine_input_mean')
    expect([input, last]).toEqual([1, expect.closeTo(Math.SQRT1_2, 12)])
    expect(of('cosine_previous_mean')[1]).toBeCloseTo(Math.SQRT1_2, 12)
    expect(of('norm_mean')).toEqual([4 / 3, expect.closeTo((Math.sqrt(8) + 4) / 3, 12)])
    const whole = states(9, [
      [1, 0],
      [2, 2]
    ])
    expect(Object.keys(whole.variables)).not.toContain('length_0')
    const broken = states(9, [
      [1, 0, 1, 0],
      [2, 2, NaN, 0]
    ])
    expect(variable(broken, 'cosine_input_mean').data[1]).toBeNaN()
  })
})
