import { beforeAll, describe, expect, it } from 'vitest'
import { type Dataset, shapeOf, variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { analysed, sharedWorkbench } from '../workbench.ts'
import { editedRuns } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

interface Scalars {
  /** Null of token ids. */
  readonly text: string | null
  /** What scikit-learn's best of 8 starts comes to. */
  readonly mds_stress: number
}

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

describe.each(references('head-distances'))('head-distances of %s', name => {
  it('gives every number', async () => {
    const { model } = await editedRuns(workbench, name.replace(/\.\d+$/, ''))
    const reference = await readReference<Scalars>('head-distances', name)
    const { text, mds_stress } = reference.scalars
    const input = text === null ? { ids: await reference.integers('input_ids') } : { text }
    const result = await analysed(workbench, model, 'head-distances', {}, input)
    for (const name of ['js', 'ward'])
      expectRelative(result, name, await reference.read(name), reference.shape(name))
    for (const name of ['input_ids', 'ward_leaves', 'ward_clusters'])
      expect([...variable(result, name).data], name).toEqual(await reference.integers(name))
    expect(variable(result, 'mds_stress').data[0]).toBeLessThanOrEqual(mds_stress * 1.001)
    expect(variable(result, 'mds_stress').data[0]).toBeCloseTo(stressOf(result), 6)
  })
})

function expectRelative(
  result: Dataset,
  name: string,
  expected: Float32Array,
  shape: readonly number[]
): void {
  const found = variable(result, name)
  expect(shapeOf(result, found), name).toEqual(shape)
  found.data.forEach((value, i) =>
    expect(Math.abs(value - expected[i]!), `${name}[${i}]`).toBeLessThanOrEqual(
      1e-4 * Math.abs(expected[i]!)
    )
  )
}

/** What the places on the map come to, reckoned anew. */
function stressOf(result: Dataset): number {
  const { data: js } = variable(result, 'js')
  const { data: map } = variable(result, 'map')
  const n = map.length / 2
  let stress = 0
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const [dx, dy] = [0, 1].map(axis => map[2 * i + axis]! - map[2 * j + axis]!)
      stress += (Math.hypot(dx!, dy!) - js[i * n + j]!) ** 2
    }
  return stress
}
