import { join } from 'node:path'
import { forkEngine } from '../src/main/engine/host.ts'
import type { ProcessHost } from '../src/main/process/host.ts'
import { createWorkbench, type Workbench } from '../src/main/workbench/workbench.ts'
import { readerHost } from './opened-model.ts'

const main = join(import.meta.dirname, '../src/main')

/** What starts engines, running from source. */
export const engineHost: ProcessHost = forkEngine(join(main, 'engine/process.ts'))

/** A workbench with a data folder of its own, running from source. */
export function startBenchWorkbench(dataFolder: string, engine = engineHost): Promise<Workbench> {
  return createWorkbench({
    dataFolder,
    resourcesFolder: join(main, '../../resources'),
    engine,
    reader: readerHost,
    computeEntry: join(main, 'compute/worker.ts'),
    traceEntry: join(main, 'trace/worker.ts'),
    keptEntry: join(main, 'workbench/analysis/kept-worker.ts'),
    hashEntry: join(main, 'workbench/model/hash-worker.ts'),
    sessionEntry: join(main, 'session/worker.ts'),
    figureEntry: join(main, 'figure/worker.ts'),
    headVisEntry: join(main, 'headvis/worker.ts'),
    shell: 'cli',
    version: 'bench'
  })
}
