import { csvFile, tablePlan } from '#common/data/dataset-csv.ts'
import type { DatasetEnding } from '#common/data/dataset-endings.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { knownModels } from '#common/figure/notebook/torch/torch-model.ts'
import { withOrigin } from '#common/figure/with-origin.ts'
import type { SavedData, SavedFigure } from '../../stores/exports.ts'
import { useModels } from '../../stores/models.ts'
import { notebookBeside } from './notebook-beside.ts'

/** The numbers of a view in a file, in full precision, with where they come from. */
export async function dataContent(
  { dataset, from }: SavedData,
  format: DatasetEnding
): Promise<Blob> {
  const own = dataset()
  const whole = withOrigin(own, from, format)
  switch (format) {
    case 'csv':
      return new Blob([...csvFile(whole, tablePlan(own))], { type: 'text/csv' })
    case 'json':
      return new Blob([...datasetJson(whole)], { type: 'application/json' })
    case 'npz': {
      const { datasetNpz } = await import('#common/data/dataset-npz.ts')
      return new Blob([datasetNpz(whole)], { type: 'application/zip' })
    }
    case 'safetensors': {
      const { datasetSafetensors } = await import('#common/data/dataset-safetensors.ts')
      return new Blob([datasetSafetensors(whole)], { type: 'application/octet-stream' })
    }
  }
}

/**
 * A figure as a notebook that takes what it draws from the numbers of its view.
 * @param figure null of numbers that no figure draws
 * @param all of the view: of several sets the one that holds most of what is drawn
 * @throws LamellaError `cancelled` once `signal` is aborted
 */
export async function notebookContent(
  figure: SavedFigure | null,
  all: readonly SavedData[],
  signal: AbortSignal
): Promise<Blob> {
  const drawing = figure && (figure.page ?? figure.kept)()
  const sets = all.map(({ dataset, from }) => withOrigin(dataset(), from, 'npz'))
  const { title, from } = figure ?? all[0]!
  const models = knownModels(from, useModels().open)
  const notebook = await notebookBeside([drawing, sets, { title, from, models }], signal)
  return new Blob([notebook], { type: 'application/x-ipynb+json' })
}

/** What a file of numbers is good for. */
export function dataNote({ left, without = [] }: SavedData, format: DatasetEnding): string {
  const lacking = [...without, ...(format === 'csv' ? left : [])]
  const noted = lacking.length > 0 ? `, without ${someOf(lacking)}` : ''
  const use = {
    csv: 'for tables',
    json: 'with what they are',
    npz: 'for NumPy',
    safetensors: 'for PyTorch'
  }[format]
  return `${use}${noted}`
}

/** Of many names the first. */
function someOf(names: readonly string[]): string {
  const most = 4
  const more = names.length - most
  return more > 1 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}
