import type { Dataset } from '#common/data/dataset.ts'
import { tablePlan } from '#common/data/dataset-csv.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import type { SavedData } from '../../stores/exports.ts'

/**
 * The numbers of a view, to be saved in full precision.
 * @param title name of the file, without an ending
 * @param dataset or what gives it, once it is saved
 * @param from where they come from
 * @param note which they are, where a view has more than one answer
 */
export function dataFormats(
  title: string,
  dataset: Dataset | (() => Dataset),
  from: Provenance,
  note = ''
): SavedData[] {
  const left = typeof dataset === 'function' ? [] : tablePlan(dataset).left
  return [
    {
      is: 'data',
      title,
      note,
      from,
      left,
      dataset: () => (typeof dataset === 'function' ? dataset() : dataset)
    }
  ]
}
