import { expect, it } from 'vitest'
import { figureKinds } from '#common/figure/kinds.ts'

it('every kind of figure is found by its name', () => {
  expect(Object.keys(figureKinds)).toEqual(['attention-map', 'bar-chart'])
  for (const [name, kind] of Object.entries(figureKinds)) expect(kind.name).toBe(name)
})
