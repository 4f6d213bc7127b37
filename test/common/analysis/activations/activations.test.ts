import { describe, expect, it } from 'vitest'
import { activations } from '#common/analysis/activations/activations.ts'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'

const hooks = ['blocks.0.mlp.hook_post', 'blocks.0.hook_resid_post']
const model = {
  ...{ name: 'small', predicts: 'next', labels: null, ofText: false, tensors: [], hooks },
  config: { nLayers: 1, nHeads: 1, nKeyValueHeads: 1, dModel: 2, dHead: 2, dVocab: 9, nCtx: 99 }
} as unknown as ModelFacts
/** Of two tokens, by hook: [pos, unit]. */
const values = [
  [1, -4, 3, 0, 2, -1],
  [3, 4, -6, 8]
]

function told(asked: string, params: object): (name: string) => number[] {
  const whole = activations.params.parse({ hooks: asked, norms: false, ...params })
  const taking = activations.start(whole, model, null)
  taking.begin({ ids: new Int32Array(2), texts: null, label: 'a text' })
  for (const [i, hook] of hooks.entries()) {
    const data = Float32Array.from(values[i]!)
    taking.take({ kind: 'hook', hook, shape: [2, data.length / 2], data }, 0)
  }
  const result: Dataset = taking.result()
  return name => [...variable(result, name).data]
}

describe('activations', () => {
  it('say of a hook its norm, mean and largest magnitude at each token, and which units that is, with their signs', () => {
    const of = told(hooks[0]!, { top: 2 })
    expect(of('norm')).toEqual([Math.sqrt(26), Math.sqrt(5)])
    expect(of('mean')).toEqual([0, expect.closeTo(1 / 3, 12)])
    expect(of('largest')).toEqual([4, 2])
    expect(of('top_unit')).toEqual([1, 2, 1, 2])
    expect(of('top_value')).toEqual([-4, 3, 2, -1])
    expect(of('value')).toEqual(values[0])
  })

  it('say of several hooks as many units each as the narrowest has, and the values of those that are named', () => {
    const of = told('blocks.0.*', { top: 3, units: [1, 0] })
    expect(of('largest')).toEqual([4, 2, 4, 8])
    expect(of('top_unit')).toEqual([1, 2, 1, 2, 1, 0, 1, 0])
    expect(of('top_value')).toEqual([-4, 3, 2, -1, 4, 3, 8, -6])
    expect(of('value')).toEqual([-4, 1, 2, 0, 4, 3, 8, -6])
  })
})
