import { expect, it } from 'vitest'
import type { LinearSpec } from '#common/model/spec.ts'
import { placeOfHead, queryKeyValue } from '../../../src/main/architecture/query-key-value.ts'

it('heads that were divided among devices lie as CodeGen splits them: on each queries, values, keys', () => {
  const linear: LinearSpec = { weight: 'qkv', bias: null, stored: 'out,in' }
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
