import type { Dataset } from '../data/dataset.ts'
import type { Cut } from './subject.ts'

/** What a result says of how its texts were cut into windows. */
export function cutAttributes({ window, stride, sentences }: Cut): Dataset['attributes'] {
  return {
    ...{ window, stride },
    ...(sentences && { cut: 'into sentences, each read by itself' })
  }
}

/** That of a result, for what is made of it to say, too. */
export function cutAttributesOf({ attributes }: Dataset): Dataset['attributes'] {
  const { window = null, stride = null, cut } = attributes
  return { window, stride, ...(cut !== undefined && { cut }) }
}
