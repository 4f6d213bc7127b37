import type { ProcessHost } from '../process/host.ts'
import { createWorkbench, type Workbench, type WorkbenchOptions } from '../workbench/workbench.ts'
import type { Paths } from './paths.ts'

/** The workbench as every shell has it: with this machine's folders, and the engine that the shell can start. */
export function startWorkbench(
  { dataFolder, resourcesFolder, version, computeEntry, traceEntry }: Paths,
  shell: WorkbenchOptions['shell'],
  engine: ProcessHost,
  chooseFolder?: () => Promise<string | null>
): Promise<Workbench> {
  const dialogs = chooseFolder === undefined ? {} : { chooseFolder }
  const places = { dataFolder, resourcesFolder, computeEntry, traceEntry }
  return createWorkbench({ ...places, engine, shell, version, ...dialogs })
}
