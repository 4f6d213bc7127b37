import type { Dataset } from '../data/dataset.ts'

/** What numbers are rounded to that are made of results: of values in half precision where any of these is. */
export function precisionOf(
  ...results: readonly Pick<Dataset, 'attributes'>[]
): 'float32' | 'float16' {
  const isRough = results.some(({ attributes }) => attributes['precision'] === 'float16')
  return isRough ? 'float16' : 'float32'
}
