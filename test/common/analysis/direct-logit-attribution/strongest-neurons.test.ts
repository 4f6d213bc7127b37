import { expect, it } from 'vitest'
import { strongestNeurons } from '#common/analysis/direct-logit-attribution/strongest-neurons.ts'

it('the strongest neurons of each target are of either sign, by layer and unit', () => {
  // Two targets, two layers of three units.
  const given = Float32Array.of(1, -5, 2, 0, 4, 0, /* */ 0, 0, 0.5, -3, 0, 1)
  const found = strongestNeurons(given, { targets: 2, units: 3, top: 2 })
  expect(found.count).toBe(2)
  expect([...found.layer]).toEqual([0, 1, 1, 1])
  expect([...found.unit]).toEqual([1, 1, 0, 2])
  expect([...found.value]).toEqual([-5, 4, -3, 1])
  expect(strongestNeurons(given, { targets: 2, units: 3, top: 99 }).count).toBe(6)
})
