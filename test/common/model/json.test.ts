import { expect, it } from 'vitest'
import { Json } from '#common/model/json.ts'

const nested = (depth: number): unknown =>
  JSON.parse(`${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`)

it('is what JSON can say, as deep as anything that is kept', () => {
  for (const value of [null, 0.5, 'a', true, [], {}, nested(500)])
    expect(Json.safeParse(value).success).toBe(true)
  for (const value of [undefined, NaN, Infinity, new Map(), [undefined], nested(502)])
    expect(Json.safeParse(value).success).toBe(false)
})

it('refuses what is nested too deep to be looked at, in words', () => {
  expect(Json.safeParse(nested(200_000)).error?.issues).toMatchObject([
    { message: 'expected what JSON can say, nested at most 500 deep, with no key __proto__' }
  ])
})

it('refuses a key that no message can hold', () => {
  const { message } = Json.safeParse(JSON.parse('[{"__proto__": 1}]')).error!.issues[0]!
  expect(message).toContain('no key __proto__')
})
