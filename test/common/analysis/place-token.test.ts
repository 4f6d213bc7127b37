import { expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { placeTokensOf } from '#common/analysis/place-token.ts'
import { scalarTarget } from '#common/analysis/saliency/scalar.ts'

const message = 'token 2 is set against itself, and there is no difference'

it('a difference is of two tokens', () => {
  expect(placeTokensOf('1:2-3')).toEqual([{ position: 1, token: 2, other: 3 }])
  expect(() => placeTokensOf('1:2-3,1:2-2')).toThrow(message)
  const model = { labels: ['a', 'b', 'c', 'd'] } as unknown as ModelFacts
  expect(scalarTarget('difference:1:2-3', null, model, 4)).toMatchObject({ token: 2, other: 3 })
  expect(() => scalarTarget('difference:1:2-2', null, model, 4)).toThrow(message)
})
