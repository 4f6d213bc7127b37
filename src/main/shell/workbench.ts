import { forkEngine } from '../engine/host.ts'
import { forkProcess } from '../process/host.ts'
import { createWorkbench, type Workbench, type WorkbenchOptions } from '../workbench/workbench.ts'
import type { Paths } from './paths.ts'

/** The workbench as every shell has it: with this machine's folders, and the processes that the shell can start. */
export function startWorkbench(
  paths: Paths,
  shell: WorkbenchOptions['shell'],
  processes: Pick<WorkbenchOptions, 'engine' | 'reader'>,
  { choosePath, computedFolder }: Pick<WorkbenchOptions, 'choosePath' | 'computedFolder'> = {}
): Promise<Workbench> {
  const dialogs = {
    ...(choosePath !== undefined && { choosePath }),
    ...(computedFolder !== undefined && { computedFolder })
  }
  const { dataFolder, resourcesFolder, version } = paths
  const { computeEntry, traceEntry, keptEntry, hashEntry, sessionEntry } = paths
  const { figureEntry, headVisEntry } = paths
  const threads = { computeEntry, traceEntry, keptEntry, hashEntry, sessionEntry }
  const entries = { ...threads, figureEntry, headVisEntry }
  const own = { dataFolder, resourcesFolder, shell, version }
  return createWorkbench({ ...own, ...entries, ...processes, ...dialogs })
}

/** The processes that Node can start by itself. */
export function forkedProcesses({
  engineEntry,
  readerEntry
}: Pick<Paths, 'engineEntry' | 'readerEntry'>): Pick<WorkbenchOptions, 'engine' | 'reader'> {
  return { engine: forkEngine(engineEntry), reader: forkProcess(readerEntry) }
}
