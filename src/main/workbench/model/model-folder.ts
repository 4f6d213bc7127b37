import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { standardNames } from '../../checkpoint/weights-file.ts'
import { isPartOfModel, modelMarks } from '../../reader/model-names.ts'

/** Whether a folder holds a model, by the names in it. */
export function isModelFolder(folder: string): Promise<boolean> {
  return hasOneOf(folder, modelMarks)
}

/** Whether a model that a folder holds would be read by a new file of that name, too. */
export async function wouldBeRead(folder: string, name: string): Promise<boolean> {
  return isPartOfModel(name, await hasOneOf(folder, standardNames))
}

async function hasOneOf(folder: string, names: readonly string[]): Promise<boolean> {
  const found = await Promise.all(names.map(name => stat(join(folder, name)).catch(() => null)))
  return found.some(each => each?.isFile())
}
