import { expect, it } from 'vitest'
import type { AnalysisRequest } from '#common/contract/session.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { Compute } from '../../../../src/main/compute/compute.ts'
import {
  createOfValues,
  type ValuedRun
} from '../../../../src/main/workbench/analysis/of-values.ts'
import { uncancelled } from '../../../golden/workbench.ts'

const model = { path: '/m', fingerprint: 'f' }
const tokens = [1, 2, 3].map(id => ({ id, text: String(id), piece: String(id) }))

/** What comes of an analysis of ids where the file keeps only patterns. */
interface Asked {
  readonly name?: string
  readonly params: AnalysisRequest['params']
  readonly shape: readonly number[]
  readonly precision?: 'float32' | 'float16'
  /** How the request cuts what it reads. */
  readonly cut?: object
  /** Ids that the result names. */
  readonly ids?: readonly number[]
}

/** @param taken is told which values are computed with */
function made(
  { name = 'patterns', params, shape, precision = 'float32', cut, ids = [] }: Asked,
  taken: (readonly number[])[] = []
) {
  const named = { token: { axes: [], data: Int32Array.from(ids), unit: '', about: '' } }
  const compute = {
    start: () =>
      Promise.resolve({
        begin: () => undefined,
        take: ({ shape }: Tensor) => Promise.resolve(void taken.push(shape)),
        result: () => Promise.resolve({ axes: {}, variables: named, attributes: {} }),
        more: () => Promise.resolve(null),
        end: () => undefined
      })
  } as unknown as Compute
  const source = { model, input: { ids: [1, 2, 3] }, edits: [], provider: 'cpu' }
  const valued = {
    info: { name: 'm', config: { nLayers: 1, nHeads: 2 }, hooks: [], notRunnable: null },
    run: { source, tokens },
    value: () => Promise.resolve({ value: { shape, data: new Float32Array(18) }, precision })
  } as unknown as ValuedRun
  const corpus = { inputs: [{ ids: [1, 2, 3] }], window: null, stride: null, ...cut }
  const subject = { model, corpus, edits: [], provider: 'auto' as const }
  const request = { name, params, of: subject, with: null }
  return createOfValues(compute)(request, valued, uncancelled())
}

it('makes nothing of values that are of other tokens or heads than the run', async () => {
  const taken: (readonly number[])[] = []
  const of = (shape: readonly number[], head: number | null, cut: object = {}) =>
    made({ params: { layer: 0, head, exact: false }, shape, cut }, taken)
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

it('says how exactly the values were kept, and makes nothing of rounded ones where exact ones are asked for', async () => {
  const of = async (exact: boolean, precision: 'float32' | 'float16') => {
    const params = { layer: 0, head: null, exact }
    return (await made({ params, shape: [2, 3, 3], precision }))?.attributes['precision']
  }
  expect(await of(true, 'float32')).toBe('float32')
  expect(await of(true, 'float16')).toBeUndefined()
  expect(await of(false, 'float32')).toBe('float16')
  expect(await of(false, 'float16')).toBe('float16')
  // Of an analysis that takes exact ones and does not leave that open, it is said.
  const scores = (precision: 'float32' | 'float16') =>
    made({ name: 'head-scores', params: {}, shape: [2, 3, 3], precision })
  expect((await scores('float32'))?.attributes['precision']).toBe('float32')
  expect((await scores('float16'))?.attributes['precision']).toBe('float16')
})

it('makes nothing that names tokens of which the run does not tell', async () => {
  const of = (ids: readonly number[]) =>
    made({ name: 'head-sequences', params: {}, shape: [2, 3, 3], ids })
  expect((await of([1, 3]))?.attributes['tokens']).toMatchObject([{ text: '1' }, { text: '3' }])
  expect(await of([1, 9])).toBeNull()
})
