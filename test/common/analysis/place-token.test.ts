import { expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { placeTokensOf } from '#common/analysis/place-token.ts'
import { scalarTarget } from '#common/analysis/saliency/scalar.ts'
import { whyPlaceOf } from '#common/analysis/why/why-place.ts'
import { targetParts } from '../../../src/main/workbench/run/target-parts.ts'

const text = { ids: [0, 1, 2, 3], predicts: 'next' } as const
const message = 'token 2 is set against itself, and there is no difference'

it('a difference is of two tokens', () => {
  expect(placeTokensOf('1:2-3')).toEqual([{ position: 1, token: 2, other: 3 }])
  expect(() => placeTokensOf('1:2-3,1:2-2')).toThrow(message)
  const model = { labels: ['a', 'b', 'c', 'd'] } as unknown as ModelFacts
  expect(scalarTarget('difference:1:2-3', null, model, 4)).toMatchObject({ token: 2, other: 3 })
  expect(() => scalarTarget('difference:1:2-2', null, model, 4)).toThrow(message)
  expect(whyPlaceOf('last:2-3', model, 4)).toEqual({ position: 3, token: 2, other: 3 })
  expect(() => whyPlaceOf('1:2-2', model, 4)).toThrow(message)
  const parts = (other: number) =>
    targetParts({ kind: 'difference', position: 1, token: 2, other }, { rows: 4, columns: 4 }, text)
  expect(parts(3)).toHaveLength(1)
  expect(() => parts(2)).toThrow(message)
})
