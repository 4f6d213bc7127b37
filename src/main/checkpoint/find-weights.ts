import { opendir } from 'node:fs/promises'
import { LamellaError } from '#common/contract/errors.ts'
import { fileError, fileLabel, quoted } from './file-error.ts'
import { fileInFolder } from './folder-path.ts'

/** The file that a model folder's weights begin with. */
export interface WeightsFile {
  /** Absolute, with its links resolved. */
  readonly path: string
  /** The name it has in the folder, which tells its kind. */
  readonly name: string
  readonly folder: string
}

/** What Hugging Face calls them, in the order it looks for them. */
const standardNames = ['model.safetensors', 'model.safetensors.index.json']

/** So that a folder of endless files is left early. */
const entryLimit = 20_000

/**
 * Finds the weights of a model folder: a standard name, else the only weights file there is.
 * @param folder absolute, with its links resolved
 * @throws LamellaError `not-found` when there is none, `file-invalid` when several could be meant
 */
export async function findWeights(folder: string): Promise<WeightsFile> {
  for (const name of standardNames) {
    const path = await fileInFolder(folder, name).catch((thrown: unknown) => {
      if (thrown instanceof LamellaError && thrown.code === 'not-found') return null
      throw thrown
    })
    if (path !== null) return { path, name, folder }
  }
  const names = await weightNames(folder)
  const [name, second] = names
  if (name === undefined)
    throw new LamellaError(
      'not-found',
      `${fileLabel(folder)}: holds no weights (model.safetensors)`,
      'Choose a folder with model.safetensors or its index, or a file of weights.'
    )
  if (second !== undefined)
    throw new LamellaError(
      'file-invalid',
      `${fileLabel(folder)}: holds several files of weights and none has a standard name: ${names.slice(0, 5).map(quoted).join(', ')}`,
      'Open one of the files instead of the folder.'
    )
  return { path: await fileInFolder(folder, name), name, folder }
}

async function weightNames(folder: string): Promise<string[]> {
  const names: string[] = []
  try {
    let seen = 0
    for await (const { name } of await opendir(folder)) {
      if (/\.safetensors(\.index\.json)?$/i.test(name)) names.push(name)
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
  const indices = names.filter(name => name.endsWith('.index.json'))
  return (indices.length > 0 ? indices : names).sort()
}
