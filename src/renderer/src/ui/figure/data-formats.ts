import type { Dataset } from '#common/data/dataset.ts'
import { datasetCsv, tablePlan } from '#common/data/dataset-csv.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { provenanceLines, type Provenance } from '#common/figure/provenance.ts'
import { fileName } from '#common/text/file-name.ts'
import type { ExportFormat } from '../../stores/exports.ts'

/**
 * The files that the numbers of a view can be saved as, in full precision.
 * @param dataset or what gives it, once it is saved
 * @param from where they come from; JSON says it, a table has no place for it
 */
export function dataFormats(
  title: string,
  dataset: Dataset | (() => Dataset),
  from?: Provenance
): ExportFormat[] {
  const own = () => (typeof dataset === 'function' ? dataset() : dataset)
  const left = typeof dataset === 'function' ? [] : tablePlan(dataset).left
  const without = left.length === 0 ? '' : `, without ${someOf(left)}`
  const blob = (pieces: Iterable<string>, type: string) =>
    Promise.resolve(new Blob([...pieces], { type }))
  return [
    {
      text: 'CSV',
      note: `numbers, for tables${without}`,
      name: fileName(title, 'csv'),
      content() {
        const shown = own()
        return blob(datasetCsv(shown, tablePlan(shown)), 'text/csv')
      }
    },
    {
      text: 'JSON',
      note: 'numbers, with what they are',
      name: fileName(title, 'json'),
      content() {
        const { attributes, ...shown } = own()
        const made = from && { from: provenanceLines(from) }
        const whole = { ...shown, attributes: { ...attributes, ...made } }
        return blob(datasetJson(whole), 'application/json')
      }
    }
  ]
}

/** Of many names the first. */
function someOf(names: readonly string[]): string {
  const most = 4
  const more = names.length - most
  return more > 1 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}
