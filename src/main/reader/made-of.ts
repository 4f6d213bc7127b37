import { fileInFolder, type Folder } from '../files/folder.ts'
import { knownFile, type KnownFile } from '../files/known-file.ts'

/**
 * Files of some names in a folder, as they are now, in the order of the names. What is not there, or cannot be had, is left
 * out: who reads it says why.
 */
export async function filesNamed(folder: Folder, names: readonly string[]): Promise<KnownFile[]> {
  const found = await Promise.all(
    names.map(async name => {
      try {
        return [await knownFile(await fileInFolder(folder, name))]
      } catch {
        return []
      }
    })
  )
  return found.flat()
}
