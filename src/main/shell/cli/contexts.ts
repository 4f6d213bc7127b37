import type { AnalysisSubject } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import { inHeadVisFolder } from '../../workbench/headvis.ts'
import { dataFolderOf } from '../paths.ts'
import { goesOn, progressTo } from './analysis-run.ts'
import { userPath } from './input.ts'

/**
 * Where contexts are written to, looked at before anything is computed for them.
 * @throws LamellaError when something is there, or nothing can be written
 */
export async function contextsFolder(
  out: string,
  model: string,
  texts: readonly string[]
): Promise<string> {
  const path = userPath(out)
  const spared = { models: [userPath(model)], texts, dataFolder: dataFolderOf(process.env) }
  return inHeadVisFolder(path, spared, () => Promise.resolve(path))
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
