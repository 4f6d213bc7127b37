import { outputFile as checked, type OutputFile } from '../../workbench/output-file.ts'
import { dataFolderOf } from '../paths.ts'
import { userPath } from './input.ts'

export type { OutputFile }

/**
 * Where a command writes to, as the user typed it, looked at before anything is computed for it.
 * @param models as the user typed them
 * @param texts paths of files and folders
 * @throws LamellaError when nothing can be written there
 */
export function outputFile(
  out: string,
  models: readonly string[],
  texts: readonly string[]
): Promise<OutputFile> {
  const dataFolder = dataFolderOf(process.env)
  return checked(userPath(out), { models: models.map(model => userPath(model)), texts, dataFolder })
}
