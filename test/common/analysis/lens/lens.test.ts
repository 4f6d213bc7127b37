import { expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { lens } from '#common/analysis/lens/lens.ts'
import { variable } from '#common/data/dataset.ts'

const model = {
  ...{ name: 'small', predicts: 'next', labels: null, ofText: false, tensors: [], hooks: [] },
  config: { nLayers: 1, nHeads: 1, nKeyValueHeads: 1, dModel: 2, dHead: 2, dVocab: 4, nCtx: 99 }
} as unknown as ModelFacts

/** Logits of which a token has a share, the others alike. */
const towards = (token: number, share: number) =>
  [0, 1, 2, 3].map(id => Math.log(id === token ? share : (1 - share) / 3))

it('a lens says of the positions that are asked for, in their order, what is expected next and names that', () => {
  const params = lens.params.parse({ positions: [1, 2, 0], norms: false, tokens: [3] })
  const taking = lens.start(params, model, null)
  taking.begin({ ids: Int32Array.of(0, 1, 2), texts: ['to', ' be', ' or'], label: 'a text' })
  const rows = [
    // What the model says at the three, and what the embedding would.
    ...[towards(2, 0.7), towards(3, 0.9), towards(1, 0.4)],
    ...[towards(2, 0.1), towards(3, 0.25), towards(0, 0.7)]
  ]
  taking.take({ kind: 'logits', positions: [1, 2, 0], data: Float32Array.from(rows.flat()) }, 0)
  const result = taking.result()
  const of = (name: string) => [...variable(result, name).data]
  expect(result.axes['pos']!.labels).toEqual([' be', ' or', 'to'])
  expect(of('position')).toEqual([1, 2, 0])
  // Nothing of the text follows the last token.
  expect(result.axes['predicted']!.labels).toEqual([' or', ' be'])
  expect(of('predicted_token')).toEqual([2, 1])
  const close = (numbers: readonly number[]) =>
    numbers.map((number): unknown => expect.closeTo(number, 6))
  expect(of('next_prob')).toEqual(close([0.1, 0.1, 0.7, 0.4]))
  expect(of('next_rank')).toEqual([3, 1, 0, 0])
  expect(of('surprisal')).toEqual(close([-Math.log(0.7), -Math.log(0.4)]))
  expect(of('token_prob')).toEqual(close([0.3, 0.25, 0.1, 0.1, 0.9, 0.2]))
})
