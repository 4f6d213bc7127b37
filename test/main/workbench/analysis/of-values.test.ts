import { expect, it } from 'vitest'
import type { Tensor } from '#common/model/tensor.ts'
import type { Compute } from '../../../../src/main/compute/compute.ts'
import {
  createOfValues,
  type ValuedRun
} from '../../../../src/main/workbench/analysis/of-values.ts'
import { uncancelled } from '../../../golden/workbench.ts'

it('makes nothing of values that are of other tokens or heads than the run', async () => {
  const taken: (readonly number[])[] = []
  const compute = {
    start: () =>
      Promise.resolve({
        begin: () => undefined,
        take: ({ shape }: Tensor) => Promise.resolve(void taken.push(shape)),
        result: () => Promise.resolve({ axes: {}, variables: {}, attributes: {} }),
        end: () => undefined
      })
  } as unknown as Compute
  const model = { path: '/m', fingerprint: 'f' }
  const tokens = [1, 2, 3].map(id => ({ id, text: String(id), piece: String(id) }))
  const of = (shape: readonly number[], head: number | null, cut: object = {}) => {
    const source = { model, input: { ids: [1, 2, 3] }, edits: [], provider: 'cpu' }
    const valued = {
      info: { name: 'm', config: { nLayers: 1, nHeads: 2 }, hooks: [], notRunnable: null },
      run: { source, tokens },
      value: () => {
        const value = { shape, data: new Float32Array(18) }
        return Promise.resolve({ value, precision: 'float32' as const })
      }
    } as unknown as ValuedRun
    const corpus = { inputs: [{ ids: [1, 2, 3] }], window: null, stride: null, ...cut }
    const subject = { model, corpus, edits: [], provider: 'auto' as const }
    const params = { layer: 0, head, exact: false }
    const request = { name: 'patterns', params, of: subject, with: null }
    return createOfValues(compute)(request, valued, uncancelled())
  }
  for (const shape of [[3, 3, 3], [2, 3, 4], [2, 3], [2 ** 30, 0, 0], []])
    expect(await of(shape, null), String(shape)).toBeNull()
  for (const shape of [
    [2, 3],
    [2, 3, 3]
  ])
    expect(await of(shape, 1), String(shape)).toBeNull()
  expect(taken).toEqual([])
  expect(await of([2, 3, 3], null)).not.toBeNull()
  expect(await of([3, 3], 1)).not.toBeNull()
  // Nor where the request cuts into windows what the run read at once.
  for (const cut of [{ window: 2 }, { stride: 1 }, { sentences: true }])
    expect(await of([3, 3], 1, cut), JSON.stringify(cut)).toBeNull()
  for (const cut of [{ window: 3 }, { window: 128, stride: 1 }])
    expect(await of([3, 3], 1, cut), JSON.stringify(cut)).not.toBeNull()
})
