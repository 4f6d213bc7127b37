import { expect, it } from 'vitest'
import { Sampling } from '#common/model/sampling.ts'

it.each([
  [1e-320, false],
  [9e-7, false],
  [1e-6, true],
  [1000, true],
  [1001, false]
])('a temperature of %f: %s', (temperature, isTaken) => {
  expect(Sampling.safeParse({ temperature }).success).toBe(isTaken)
})
