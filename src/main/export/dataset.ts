import { type Dataset, shapeOf, variable, type Variable } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { DType } from '#common/model/tensor.ts'
import { datasetCsv, tablePlan } from './dataset-csv.ts'
import { datasetJson } from './dataset-json.ts'
import { axesOf, writeNpz } from './dataset-npz.ts'
import { writeSafetensors } from './safetensors.ts'
import { type FileWriter, writeWholeFile } from './whole-file.ts'

/** What a dataset can be saved as, by the ending of the file's name. */
export const datasetEndings = ['safetensors', 'npz', 'csv', 'json'] as const
export type DatasetEnding = (typeof datasetEndings)[number]

/** The ending of a path. @throws LamellaError `invalid-argument` when a dataset cannot be saved as that */
export function datasetEnding(path: string): DatasetEnding {
  const ending = datasetEndings.find(known => path.toLowerCase().endsWith(`.${known}`))
  if (ending !== undefined) return ending
  throw new LamellaError(
    'invalid-argument',
    `${path}: expected a name that ends in .${datasetEndings.join(', .')}`
  )
}

/**
 * Saves a dataset, as a whole or not at all.
 * @param keep what the file must not take the place of, as `writeWholeFile` has it
 * @returns the variables that the file does not hold, because one table does not: CSV alone leaves any out
 * @throws LamellaError when the name has no ending that is known, or the file cannot be written
 */
export async function saveDataset(
  path: string,
  dataset: Dataset,
  keep: readonly string[] = []
): Promise<readonly string[]> {
  switch (datasetEnding(path)) {
    case 'safetensors':
      await writeSafetensors(
        path,
        Object.keys(dataset.variables),
        name => storedTensor(dataset, variable(dataset, name)),
        metadataOf(dataset),
        keep
      )
      return []
    case 'npz':
      await writeNpz(path, dataset, keep)
      return []
    case 'json':
      await writeText(path, datasetJson(dataset), keep)
      return []
    case 'csv': {
      const plan = tablePlan(dataset)
      await writeText(path, datasetCsv(dataset, plan), keep)
      return plan.left
    }
  }
}

function storedTensor(dataset: Dataset, own: Variable) {
  return { dtype: dtypeOf(own.data), shape: shapeOf(dataset, own), data: own.data }
}

function dtypeOf(data: Variable['data']): DType {
  if (data instanceof Float32Array) return 'F32'
  return data instanceof Float64Array ? 'F64' : 'I32'
}

/** What safetensors has no place for: texts, as JSON. */
function metadataOf(dataset: Dataset): Record<string, string> {
  const { attributes, axes } = dataset
  return {
    attributes: JSON.stringify(attributes),
    axes: JSON.stringify(axesOf(dataset)),
    labels: JSON.stringify(
      Object.fromEntries(Object.entries(axes).map(([name, { labels }]) => [name, labels]))
    )
  }
}

function writeText(path: string, pieces: Iterable<string>, keep: readonly string[]): Promise<void> {
  const encoder = new TextEncoder()
  const write = async (file: FileWriter) => {
    for (const piece of pieces) await file.append(encoder.encode(piece))
  }
  return writeWholeFile(path, write, keep)
}
