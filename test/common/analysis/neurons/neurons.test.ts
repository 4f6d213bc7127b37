import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { neurons } from '#common/analysis/neurons/neurons.ts'
import { variable } from '#common/data/dataset.ts'

const model = {
  ...{ name: 'small', predicts: 'next', labels: null, ofText: false, tensors: [] },
  config: { nLayers: 2, nHeads: 1, nKeyValueHeads: 1, dModel: 2, dHead: 2, dVocab: 9, nCtx: 99 }
} as unknown as ModelFacts

/** What is said of some texts. @param texts of each the values of three units of the last block */
function said(texts: readonly (readonly number[])[], asked: object = {}, of = model) {
  const taking = neurons.start(neurons.params.parse({ layers: [1], ...asked }), of, null)
  for (const [i, values] of texts.entries()) {
    const length = values.length / 3
    taking.begin({ ids: new Int32Array(length), texts: null, label: `text ${i}` })
    const data = Float32Array.from(values)
    taking.take({ kind: 'hook', hook: 'blocks.1.mlp.hook_post', shape: [length, 3], data }, 0)
  }
  const result = taking.result()
  return (name: string) => [...variable(result, name).data]
}

describe('neurons', () => {
  it('are told over all texts: how often each is active, its mean and its spread', () => {
    const of = said([
      [1, 0, 4, 3, -1, 4],
      [1, 0, 4, 3, -1, -4]
    ])
    expect(of('active')).toEqual([1, 0, 0.75])
    expect([of('dead'), of('always_on')]).toEqual([[1], [1]])
    expect(of('mean')).toEqual([2, -0.5, 2])
    expect(of('deviation')).toEqual([1, 0.5, Math.sqrt(12)])
    expect([of('least'), of('most')]).toEqual([
      [1, -1, -4],
      [3, 0, 4]
    ])
  })

  it('are always on, or dead, by every token', () => {
    const of = said([
      Array.from({ length: 60 }, (_, i) => [i === 0 ? -1 : 1, i === 1 ? 1 : 0, 1][i % 3]!)
    ])
    expect(of('active')).toEqual([19 / 20, 1 / 20, 1])
    expect([of('dead'), of('always_on')]).toEqual([[0], [1]])
  })

  it('are the strongest of a token by their magnitude, of either sign', () => {
    const of = said([[1, -2, 0.5, 0, 3, -4]], { top: 2 })
    expect(of('pos.unit')).toEqual([1, 0, 2, 1])
    expect(of('pos.value')).toEqual([-2, 1, -4, 3])
  })

  it('of an expert are looked at where it is chosen alone', () => {
    const mlp = { neurons: 3, experts: { count: 2, chosen: 1, neurons: 1, shared: 1 } }
    const mixture = { ...model, mlps: [mlp, mlp] }
    const values = [-2, 0, 0, 0, 5, 0, -1, 0, 3]
    const asked = { neurons: '1.0,1.2', top: 9, around: 1 }
    const of = said([values], asked, mixture)
    const [neuron, bins, places, shown] = ['neuron', 'bin', 'pos', 'value'].map(name =>
      of(`context.${name}`)
    ) as [number[], number[], number[], number[]]
    const highest = (own: number) =>
      places.flatMap((place, i) => (neuron[i] === own && bins[i] === -1 ? [[place, shown[i]]] : []))
    expect(highest(0)).toEqual([
      [2, -1],
      [0, -2]
    ])
    // The shared one takes part everywhere.
    expect(highest(1).map(([place]) => place)).toEqual([2, 0, 1])
    expect(of('active')).toEqual([0, 1 / 3, 1 / 3])
    const none = said([[0, 5, 0, 0, 5, 0]], asked, mixture)
    expect(none('context.neuron')).not.toContain(0)
  })

  it('are the same at the first of equal tokens first', () => {
    const of = said([[5, 0, 0, 5, 0, 0, 5, 0, 0]], { neurons: '1.0', top: 2, around: 0 })
    const [bins, places] = [of('context.bin'), of('context.pos')]
    expect(places.filter((_, i) => bins[i] === -1)).toEqual([0, 1])
  })
})
