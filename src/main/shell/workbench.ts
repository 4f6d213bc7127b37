import type { EngineHost } from '../engine/host.ts'
import { createWorkbench, type Workbench, type WorkbenchOptions } from '../workbench/workbench.ts'
import type { Paths } from './paths.ts'

/** The workbench as every shell has it: with this machine's folders, and the engine that the shell can start. */
export function startWorkbench(
  { dataFolder, resourcesFolder, version }: Paths,
  shell: WorkbenchOptions['shell'],
  engine: EngineHost,
  chooseFolder?: () => Promise<string | null>
): Promise<Workbench> {
  const dialogs = chooseFolder === undefined ? {} : { chooseFolder }
  return createWorkbench({ dataFolder, resourcesFolder, engine, shell, version, ...dialogs })
}
