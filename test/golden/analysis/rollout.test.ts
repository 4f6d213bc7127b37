import { beforeAll, describe, expect, it } from 'vitest'
import { shapeOf, variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import { analysed, sharedWorkbench } from '../workbench.ts'
import { editedRuns } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

interface Scalars {
  /** Null of token ids. */
  readonly text: string | null
  /** Not of encoders. */
  readonly flow_tokens?: number
}

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

describe.each(references('rollout'))('rollout of %s', name => {
  it('gives every number', async () => {
    const { model } = await editedRuns(workbench, name.replace(/\.\d+$/, ''))
    const reference = await readReference<Scalars>('rollout', name)
    const { text, flow_tokens } = reference.scalars
    const input = text === null ? { ids: await reference.integers('input_ids') } : { text }
    // Ten where nobody says.
    const params = flow_tokens === undefined || flow_tokens === 10 ? {} : { flow_tokens }
    const result = await analysed(workbench, model, 'rollout', params, input)
    for (const name of reference.names) {
      const found = variable(result, name)
      expect(shapeOf(result, found), name).toEqual(reference.shape(name))
      const expected = await reference.read(name)
      expectClose(Float32Array.from(found.data), expected, 1e-5, name)
    }
    // Of the layers that are asked for it is the same.
    const last = model.config!.nLayers - 1
    const some = await analysed(workbench, model, 'rollout', { ...params, layers: [last] }, input)
    for (const name of ['rollout', ...(flow_tokens === undefined ? [] : ['flow'])]) {
      const { data } = variable(some, name)
      expect([...data], name).toEqual([...variable(result, name).data.slice(-data.length)])
    }
    expect('flow' in result.variables).toBe(flow_tokens !== undefined)
  })
})

it('gives the flow of an encoder where it is of all tokens', async () => {
  const { model } = await editedRuns(workbench, 'bert')
  const ids = [2, 7, 9, 3]
  const flowOf = async (flow_tokens: number) =>
    (await analysed(workbench, model, 'rollout', { flow_tokens }, { ids })).variables['flow']?.data
  expect(await flowOf(3)).toBeUndefined()
  const flow = await flowOf(4)
  expect(flow).toHaveLength(model.config!.nLayers * 16)
  // Through the first layer alone no more flows than the arc takes, and from one place no more than 1 in all.
  const rolled = variable(await analysed(workbench, model, 'rollout', {}, { ids }), 'rollout').data
  for (let i = 0; i < 16; i++) expect(flow![i]).toBeCloseTo(rolled[i]!, 6)
})
