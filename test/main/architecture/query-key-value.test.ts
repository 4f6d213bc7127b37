import { expect, it } from 'vitest'
import { TransformerSpec, type LinearSpec } from '#common/model/spec.ts'
import { placeOfHead, queryKeyValue } from '../../../src/main/architecture/query-key-value.ts'
import { goldenSpec } from './golden-models.ts'

it('heads that were divided among devices lie as CodeGen splits them: on each queries, values, keys', () => {
  const linear: LinearSpec = { weight: 'qkv', bias: null, stored: 'out,in', stacked: null }
  const found = queryKeyValue(
    { layout: 'partitioned', linear, partitions: 4 },
    { nHeads: 8, nKeyValueHeads: 8 }
  )
  const places = [0, 1, 2, 3].flatMap(device =>
    (['query', 'value', 'key'] as const).flatMap(name =>
      [2 * device, 2 * device + 1].map(head => ({ name, head }))
    )
  )
  places.forEach(({ name, head }, place) =>
    expect(placeOfHead(found[name], head), `${name} ${head}`).toEqual({ matrix: linear, place })
  )
  expect(found.query.matrixHeads).toBe(places.length)
})

it('heads that cannot be divided so are no spec', async () => {
  const { spec } = await goldenSpec('codegen')
  const dividedBy = (partitions: number) =>
    TransformerSpec.safeParse({
      ...spec,
      blocks: spec.blocks.map(({ attention, ...block }) => ({
        ...block,
        attention: { ...attention, projections: { ...attention.projections, partitions } }
      }))
    })
  expect(dividedBy(2).success).toBe(true)
  expect(dividedBy(3).error!.issues[0]).toMatchObject({
    path: ['blocks', 0, 'attention', 'projections', 'partitions'],
    message: 'expected a divisor of 4, the number of key/value heads'
  })
})
