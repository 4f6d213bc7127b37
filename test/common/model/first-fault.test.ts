import { expect, it } from 'vitest'
import { z } from 'zod'
import { firstFault } from '#common/model/first-fault.ts'

const even = z
  .strictObject({ a: z.number(), b: z.number() })
  .refine(({ a, b }) => (a + b) % 2 === 0, 'expected an even sum')
const forms = z.union([z.array(z.number()), even])

it.each([
  [even, { a: 1, b: 2 }, 'expected an even sum'],
  [forms, { a: 1, b: 2 }, 'expected an even sum'],
  [z.object({ of: forms }), { of: { a: 1, b: 2 } }, 'of: expected an even sum'],
  [z.object({ of: forms }), { of: { a: 1, b: 1, c: 1 } }, 'of: "c" is not known'],
  [z.object({ of: forms }), { of: { a: 1, e: 1 } }, 'of: "e" is not known'],
  [z.object({ of: forms }), { of: { a: 1, b: '1' } }, 'of.b: expected a number, got "1"'],
  [z.object({ of: forms }), { of: 1 }, 'of: expected a list or an object, got 1']
])('says what a value as a whole does not keep, %#', (schema, given, fault) => {
  const { error } = schema.safeParse(given, { reportInput: true })
  expect(firstFault(error!)).toBe(fault)
})

it('says where the value itself lies', () => {
  const { error } = even.safeParse({ a: 1, b: 2 })
  expect(firstFault(error!, ['model'])).toBe('model: expected an even sum')
})

it.each([
  ['x'.repeat(40), `"${'x'.repeat(40)}"`],
  ['x'.repeat(41), `"${'x'.repeat(40)}…"`],
  [[], 'an empty list'],
  [[1], 'a list'],
  [{}, 'an object'],
  [0.5, '0.5'],
  [null, 'null']
])('says in short that it got %j', (given, got) => {
  const { error } = z.boolean().safeParse(given, { reportInput: true })
  expect(firstFault(error!)).toBe(`expected true or false, got ${got}`)
})
