import { describe, expect, it } from 'vitest'
import { axis, dataset, type Variable } from '#common/data/dataset.ts'
import { partRows } from '../../../../src/renderer/src/views/why/part-rows.ts'

const ofParts = (data: Variable['data'], more: string[] = []): Variable => ({
  ...{ axes: ['part', ...more], unit: '', about: '' },
  data
})
const axes = { part: axis(['head 2.1', 'MLP 0']) }
const variables = {
  'part.kind': ofParts(Int32Array.of(0, 1)),
  'part.layer': ofParts(Int32Array.of(2, 0)),
  'part.index': ofParts(Int32Array.of(1, -1)),
  'part.direct': ofParts(Float64Array.of(3, -1)),
  'part.ablation': ofParts(Float64Array.of(2, NaN)),
  'part.gradient': ofParts(Float64Array.of(1, 0)),
  'part.stands_out': ofParts(Int32Array.of(1, 0))
}

describe('parts as rows', () => {
  it('say what a head reads most, of either sign, and nothing of an MLP', () => {
    const reads = Float32Array.of(0.5, -4, 0, 1, 2, NaN, NaN, NaN, NaN, NaN)
    const rows = partRows(
      dataset({ ...axes, key: axis(5) }, { ...variables, 'part.reads': ofParts(reads, ['key']) })
    )
    expect(rows[0]).toMatchObject({ name: 'head 2.1', kind: 'head', layer: 2, standsOut: true })
    expect(rows[0]!.reads).toEqual([
      { position: 1, value: -4 },
      { position: 4, value: 2 },
      { position: 3, value: 1 }
    ])
    expect(rows[1]).toMatchObject({ kind: 'MLP', index: -1, standsOut: false, reads: [] })
  })

  it('have spread and p of several prompts, and read nothing', () => {
    const more = {
      'part.direct_sd': ofParts(Float64Array.of(0.5, 0.25)),
      'part.direct_p': ofParts(Float64Array.of(0.25, 1))
    }
    const [head, mlp] = partRows(dataset(axes, { ...variables, ...more }))
    expect(head).toMatchObject({ direct: { value: 3, sd: 0.5, p: 0.25 }, reads: [] })
    expect(mlp!.direct).toEqual({ value: -1, sd: 0.25, p: 1 })
  })
})
