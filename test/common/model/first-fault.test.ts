import { expect, it } from 'vitest'
import { z } from 'zod'
import { firstFault } from '#common/model/first-fault.ts'

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
