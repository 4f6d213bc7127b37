import type { Dataset } from '../data/dataset.ts'

type Precision = 'float32' | 'float16'

/** What numbers are rounded to that are made of results: of values in half precision where any of these is. */
export function precisionOf(...results: readonly Pick<Dataset, 'attributes'>[]): Precision {
  return roughest(
    results.map(({ attributes }) => (attributes['precision'] === 'float16' ? 'float16' : 'float32'))
  )
}

/** What all are rounded to at the least. */
export function roughest(all: readonly Precision[]): Precision {
  return all.includes('float16') ? 'float16' : 'float32'
}
