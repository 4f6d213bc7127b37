import type { Dataset } from '#common/data/dataset.ts'
import { datasetCsv, tablePlan } from '#common/data/dataset-csv.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { provenanceLines, type Provenance } from '#common/figure/provenance.ts'
import { fileName } from '#common/text/file-name.ts'
import type { ExportFormat } from '../../stores/exports.ts'

/**
 * The files that the numbers of a view can be saved as, in full precision.
 * @param from where they come from; JSON says it, a table has no place for it
 */
export function dataFormats(title: string, dataset: Dataset, from?: Provenance): ExportFormat[] {
  const plan = tablePlan(dataset)
  const left = plan.left.length === 0 ? '' : `, without ${someOf(plan.left)}`
  const made = from && { from: provenanceLines(from) }
  const whole: Dataset = { ...dataset, attributes: { ...dataset.attributes, ...made } }
  return [
    {
      text: 'CSV',
      note: `numbers, for tables${left}`,
      name: fileName(title, 'csv'),
      content: () => Promise.resolve(new Blob([...datasetCsv(dataset, plan)], { type: 'text/csv' }))
    },
    {
      text: 'JSON',
      note: 'numbers, with what they are',
      name: fileName(title, 'json'),
      content: () =>
        Promise.resolve(new Blob([...datasetJson(whole)], { type: 'application/json' }))
    }
  ]
}

/** Of many names the first. */
function someOf(names: readonly string[]): string {
  const most = 4
  const more = names.length - most
  return more > 1 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}
