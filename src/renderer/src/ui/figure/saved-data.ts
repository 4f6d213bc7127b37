import type { DatasetEnding } from '#common/data/dataset-endings.ts'
import { knownModels } from '#common/figure/notebook/torch/torch-model.ts'
import { withOrigin } from '#common/figure/with-origin.ts'
import type { SavedData, SavedFigure } from '../../stores/exports.ts'
import { useModels } from '../../stores/models.ts'
import { dataBeside } from './data-beside.ts'
import { notebookBeside } from './notebook-beside.ts'

/**
 * The numbers of a view in a file, in full precision, with where they come from.
 * @throws LamellaError `cancelled` once `signal` is aborted
 */
export function dataContent(
  { dataset, from }: SavedData,
  format: DatasetEnding,
  signal: AbortSignal
): Promise<Blob> {
  return dataBeside([withOrigin(dataset(), from, format), format], signal)
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
