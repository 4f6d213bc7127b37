import { describe, expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { numbersForms } from '../../../../src/renderer/src/views/tensor/tensor-forms.ts'

const resultOf = (numbers: Readonly<Record<string, number>>) =>
  dataset(
    { tensor: axis(['w']) },
    Object.fromEntries(
      Object.entries(numbers).map(([name, value]) => [
        name,
        { axes: ['tensor'], unit: '', about: '', data: Float64Array.of(value) }
      ])
    )
  )

describe('why nothing of a tensor is defined', () => {
  it.each([
    ['numbers', { mean: NaN }, /^It holds numbers that are NaN or infinite, and no others/],
    ['numbers', { mean: 0 }, null],
    ['spectrum', { rank: NaN }, /no singular values/],
    ['spectrum', { rank: 0 }, null],
    ['components', { variance: NaN, rows: 5 }, /NaN or infinite.*no components/],
    ['components', { variance: NaN, rows: 1 }, /has one row/],
    ['components', { variance: 0, rows: 5 }, /rows are all the same/],
    ['components', { variance: 2, rows: 5 }, null]
  ] as const)('%s of %j', (form, numbers, why) => {
    const found = numbersForms[form].undefinedWhy(resultOf(numbers))
    if (why === null) expect(found).toBeNull()
    else expect(found).toMatch(why)
  })
})
