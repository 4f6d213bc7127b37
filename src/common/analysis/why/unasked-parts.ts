import { variable, type Dataset } from '../../data/dataset.ts'

/** Parts that not every prompt was run without, with all of those that are listed, to ask again with; null where there are none. */
export function unaskedParts(result: Dataset): string | null {
  const isLeft = variable(result, 'part.ablation').data.some((own: number) => Number.isNaN(own))
  return isLeft ? result.axes['part']!.labels!.join(',') : null
}
