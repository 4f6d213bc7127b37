import { expect, it } from 'vitest'
import { headScoreKinds } from '#common/analysis/head-scores/score-kinds.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { SignedBarsData } from '#common/figure/signed-bars.ts'
import { orderFormats } from '../../../../src/renderer/src/views/attention/order-formats.ts'

const source = { input: { text: 'To be' }, edits: [], provider: 'cpu' }
const of = {
  model: { name: 'tiny', fingerprint: 'f', config: { nLayers: 1, nHeads: 1 } } as ModelInfo,
  run: { source } as unknown as Run,
  results: []
}
const heads = [{ layer: 0, head: 0, value: 0.5 }]
const wishes = { lowestFirst: false, bound: null }
const own = { heads, kind: headScoreKinds[0], wishes, of, less: null, modelName: 'tiny' }

it('ranked heads beside others have the axis of both, and a command that says it', () => {
  const saved = [null, { low: -0.25, high: 2 }].map(span => {
    const figure = orderFormats({ ...own, span }, '1').find(({ is }) => is === 'figure')
    if (figure?.is !== 'figure' || !('of' in figure.from)) throw new Error('expected a figure')
    const { again } = figure.from
    const [part] = figure.kept()!.parts
    return {
      params: 'params' in again ? again.params : null,
      span: (part!.data as SignedBarsData).span
    }
  })
  expect(saved[0]).toEqual({ params: { score: headScoreKinds[0].id }, span: undefined })
  expect(saved[1]).toEqual({
    params: { score: headScoreKinds[0].id, range: [-0.25, 2] },
    span: { low: -0.25, high: 2 }
  })
})
