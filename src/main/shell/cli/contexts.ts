import type { AnalysisSubject } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import { inHeadVisFolder } from '../../workbench/headvis.ts'
import { dataFolderOf } from '../paths.ts'
import { goesOn, progressTo } from './analysis-run.ts'
import { userPath } from './input.ts'

/**
 * Does something that writes contexts in the end, to a folder that is looked at before.
 * @param use takes its path
 * @throws LamellaError when something is there, or nothing can be written; what `use` throws
 */
export function withContextsFolder<T>(
  out: string,
  model: string,
  texts: readonly string[],
  use: (path: string) => Promise<T>
): Promise<T> {
  const path = userPath(out)
  const spared = { models: [userPath(model)], texts, dataFolder: dataFolderOf(process.env) }
  return inHeadVisFolder(path, spared, () => use(path))
}

/**
 * Writes the tree that HeadVis shows: windows for every head from the whole range of its activation.
 * @param texts what they are called
 * @returns how many files
 */
export async function writeContexts(
  client: Client,
  asked: {
    readonly path: string
    readonly of: AnalysisSubject
    readonly seed: number
    readonly texts: string
  },
  printError: (text: string) => void
): Promise<number> {
  const { files } = await client
    .call('headvis.write', asked, { onProgress: progressTo(printError) })
    .catch(goesOn)
  return files
}
