import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { fileError, fileLabel, quoted } from '../files/file-error.ts'
import { fileInFolder, type FilePlace, type Folder } from '../files/folder.ts'
import { isIndexName, onnxEnding, standardNames, weightsEnding } from './weights-file.ts'

/** The file that a model folder's weights begin with. */
export interface WeightsFile {
  /** Its label is the name it has in the folder, which tells its kind. */
  readonly place: FilePlace
  readonly folder: Folder
}

/** What training leaves beside the weights. */
const companions = /^(training_args|optimizer|scheduler|scaler|rng_state.*)\.(bin|pt|pth)$/i

/** So that a folder of endless files is left early. */
const entryLimit = 20_000

/**
 * Finds the weights of a model folder: a standard name, else the only weights file
 * there is, or one so much larger than all others that they cannot be the model.
 * @throws LamellaError `not-found` when there is none, `file-invalid` when several could be meant
 */
export async function findWeights(folder: Folder): Promise<WeightsFile> {
  for (const name of standardNames) {
    const place = await fileInFolder(folder, name).catch((thrown: unknown) => {
      if (thrown instanceof LamellaError && thrown.code === 'not-found') return null
      throw thrown
    })
    if (place !== null) return { place, folder }
  }
  const [largest, second, ...others] = await weightsBySize(folder.path)
  if (largest === undefined)
    throw new LamellaError(
      'not-found',
      `${fileLabel(folder.path)}: holds no weights`,
      'Choose a folder with model.safetensors, pytorch_model.bin, an index of either or model.onnx, or a file of weights.'
    )
  if (second !== undefined && largest.size < second.size * 4) {
    const names = [largest, second, ...others].map(({ name }) => quoted(name)).sort()
    throw new LamellaError(
      'file-invalid',
      `${fileLabel(folder.path)}: holds several files of weights and none has a standard name: ${names.slice(0, 5).join(', ')}`,
      'Open one of the files instead of the folder.'
    )
  }
  return { place: await fileInFolder(folder, largest.name), folder }
}

async function weightsBySize(folder: string): Promise<{ name: string; size: number }[]> {
  const found: { name: string; size: number }[] = []
  try {
    let seen = 0
    for await (const { name } of await opendir(folder)) {
      const isIndex = isIndexName(name)
      const isWeights = weightsEnding.test(name) || onnxEnding.test(name)
      if (isIndex || (isWeights && !companions.test(name))) {
        const { size } = await stat(join(folder, name)).catch(() => ({ size: 0 }))
        // An index stands for all of its shards.
        found.push({ name, size: isIndex ? Infinity : size })
      }
      if (++seen === entryLimit)
        throw new LamellaError(
          'unsupported',
          `${fileLabel(folder)}: holds more than ${entryLimit} files and none has a standard name`,
          'Open the file of weights instead of the folder.'
        )
    }
  } catch (thrown) {
    throw fileError(folder, thrown)
  }
  return found.sort((a, b) => b.size - a.size)
}
