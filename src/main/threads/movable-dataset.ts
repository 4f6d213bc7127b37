import type { Dataset } from '#common/data/dataset.ts'
import { movable } from './movable.ts'

/** The buffers of a dataset's arrays that may leave; each once. */
export function movableDataset({ variables }: Dataset): ArrayBuffer[] {
  return [...new Set(Object.values(variables).flatMap(({ data }) => movable(data)))]
}
