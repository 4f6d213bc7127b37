import { type Dataset, descriptions, shapeOf, variable } from '#common/data/dataset.ts'
import { csvFile, tablePlan } from '#common/data/dataset-csv.ts'
import { type DatasetEnding, datasetEndings } from '#common/data/dataset-endings.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import type { NamedArrays } from './named-arrays.ts'
import { endingOf, saveArrays } from './save-arrays.ts'
import { type FileWriter, writeWholeFile } from './whole-file.ts'

/** The ending of a path. @throws LamellaError `invalid-argument` when a dataset cannot be saved as that */
export function datasetEnding(path: string): DatasetEnding {
  return endingOf(path, datasetEndings)
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
    case 'npz':
      await saveArrays(path, arraysOf(dataset), keep)
      return []
    case 'json':
      await writeText(path, datasetJson(dataset), keep)
      return []
    case 'csv': {
      const plan = tablePlan(dataset)
      await writeText(path, csvFile(dataset, plan), keep)
      return plan.left
    }
  }
}

function arraysOf(dataset: Dataset): NamedArrays {
  const { attributes, axes, variables } = dataset
  const named = Object.entries(variables)
  return {
    names: Object.keys(variables),
    array(name) {
      const own = variable(dataset, name)
      return { shape: shapeOf(dataset, own), data: own.data }
    },
    bytes: named.reduce((sum, [, { data }]) => sum + data.byteLength, 0),
    attributes,
    axes: Object.fromEntries(named.map(([name, { axes }]) => [name, axes])),
    variables: descriptions(dataset),
    labels: Object.fromEntries(Object.entries(axes).map(([name, { labels }]) => [name, labels]))
  }
}

function writeText(path: string, pieces: Iterable<string>, keep: readonly string[]): Promise<void> {
  const encoder = new TextEncoder()
  const write = async (file: FileWriter) => {
    for (const piece of pieces) await file.append(encoder.encode(piece))
  }
  return writeWholeFile(path, write, keep)
}
