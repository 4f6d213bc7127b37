import { expect, it } from 'vitest'
import { axis, dataset, variable } from '#common/data/dataset.ts'
import { tablePlan } from '#common/data/dataset-csv.ts'
import { whyPartsDataset } from '#common/figure/views/why-parts.ts'

const numbers = (axes: string[], values: readonly number[]) => {
  return { axes, data: Float64Array.from(values), unit: 'logits', about: '' }
}

/** @param suffixes of the numbers that there are */
function parts(suffixes: readonly string[]) {
  const each = suffixes.flatMap((suffix, i) =>
    Object.entries({
      difference: numbers([], [15 + i]),
      embed: numbers([], [1 + i]),
      pos_embed: numbers([], [2 + i]),
      head: numbers(['layer', 'head'], [3 + i, 4 + i]),
      attn_bias: numbers(['layer'], [5 + i]),
      mlp: numbers(['layer'], [6 + i]),
      ln_bias: numbers([], [7 + i]),
      unembed_bias: numbers([], [-13 + i]),
      rest: numbers([], [i]),
      'part.direct': numbers(['part'], [4 + i, 0.5 + i]),
      'part.ablation': numbers(['part'], [8 + i, 9 + i]),
      'part.gradient': numbers(['part'], [10 + i, 11 + i])
    }).map(([name, own]) => [`${name}${suffix}`, own] as const)
  )
  const axes = { layer: axis(1), head: axis(2), part: axis(['head 0.1', 'neuron 0.3']) }
  return whyPartsDataset(dataset(axes, Object.fromEntries(each), { sentence: 'said' }))
}

it('is one table of every part, with what is known of each', () => {
  const found = parts([''])
  expect(found.axes['part']!.labels).toEqual([
    ...['embedding', 'positions', 'head 0.0', 'head 0.1', 'biases of attention 0', 'MLP 0'],
    ...['shifts of norms', 'bias of the unembedding', 'rounding', 'difference', 'neuron 0.3']
  ])
  const of = (name: string) => [...variable(found, name).data]
  expect(of('direct')).toEqual([1, 2, 3, 4, 5, 6, 7, -13, 0, 15, 0.5])
  const others = (head: number, neuron: number) => [
    ...[NaN, NaN, NaN, head, NaN, NaN, NaN, NaN, NaN, NaN, neuron]
  ]
  expect(of('ablation')).toEqual(others(8, 9))
  expect(of('gradient')).toEqual(others(10, 11))
  // The heads’ map is not in the table, and its numbers are.
  expect(tablePlan(found)).toMatchObject({ axes: ['part'], left: ['head'] })
  expect(of('head')).toEqual([3, 4])
})

it('has spreads and tests over several prompts', () => {
  const found = parts(['', '_sd', '_p'])
  expect(Object.keys(found.variables)).toHaveLength(12)
  expect([...variable(found, 'direct_sd').data].slice(0, 4)).toEqual([2, 3, 4, 5])
  expect(variable(found, 'ablation_p').data[3]).toBe(10)
})
