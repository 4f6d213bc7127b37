import { existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import envPaths from 'env-paths'
import { LamellaError } from '#common/model/errors.ts'

/** Where the parts of Lamella lie on this machine; absolute paths. */
export interface Paths {
  readonly root: string
  readonly version: string
  /** The module that the desktop's workbench process runs. */
  readonly workbenchEntry: string
  /** The module that an engine process runs. */
  readonly engineEntry: string
  /** The module that a reader's process runs. */
  readonly readerEntry: string
  /** The module that a thread of analyses runs. */
  readonly computeEntry: string
  /** The module that the thread of the trace cache runs. */
  readonly traceEntry: string
  /** The module that the thread of kept results runs. */
  readonly keptEntry: string
  /** The module that a thread that hashes a file runs. */
  readonly hashEntry: string
  /** The module that the thread of a session runs. */
  readonly sessionEntry: string
  /** The module that a thread that draws a figure runs. */
  readonly figureEntry: string
  /** The module that a thread that reads or writes a HeadVis folder runs. */
  readonly headVisEntry: string
  readonly resourcesFolder: string
  /** The built window. */
  readonly rendererFolder: string
  readonly preload: string
  /** What Lamella keeps between starts; `LAMELLA_DATA` overrides it. */
  readonly dataFolder: string
}

/** The paths as seen from a module in `from`, which is `out/` when built and `src/` when not. */
export function lamellaPaths(
  from: string = import.meta.dirname,
  environment: Readonly<Record<string, string | undefined>> = process.env
): Paths {
  const { root, version } = project(from)
  // Of an installed program other processes read what lies beside its archive.
  const beside = root.replace(/app\.asar$/, 'app.asar.unpacked')
  const built = from.startsWith(join(root, 'out') + sep)
  const entry = (name: string, source: string, folder = root) =>
    join(folder, built ? `out/main/${name}.js` : `src/main/${source}`)
  return {
    root,
    version,
    workbenchEntry: entry('workbench', 'shell/desktop/workbench-process.ts'),
    engineEntry: entry('engine', 'engine/process.ts', beside),
    readerEntry: entry('reader', 'reader/process.ts'),
    computeEntry: entry('compute', 'compute/worker.ts'),
    traceEntry: entry('trace', 'trace/worker.ts'),
    keptEntry: entry('kept', 'workbench/analysis/kept-worker.ts'),
    hashEntry: entry('hash', 'workbench/model/hash-worker.ts'),
    sessionEntry: entry('session', 'session/worker.ts'),
    figureEntry: entry('figure', 'figure/worker.ts'),
    headVisEntry: entry('headvis', 'headvis/worker.ts'),
    resourcesFolder: join(beside, 'resources'),
    rendererFolder: join(root, 'out/renderer'),
    preload: join(root, 'out/preload/index.cjs'),
    dataFolder: dataFolderOf(environment)
  }
}

/** Where this user's programs keep their data; never relative to where a program happens to be started. */
export function dataFolderOf({
  LAMELLA_DATA
}: Readonly<Record<string, string | undefined>>): string {
  if (LAMELLA_DATA) return resolve(LAMELLA_DATA)
  const { data } = envPaths('lamella', { suffix: '' })
  if (isAbsolute(data)) return data
  // HOME is empty or relative: the system knows where the user's folder is without it.
  try {
    return resolve(userInfo().homedir, data)
  } catch {
    throw new LamellaError(
      'invalid-argument',
      'HOME: is no absolute path, and the system knows no folder of this user',
      'Set HOME, or LAMELLA_DATA, to the path of a folder.'
    )
  }
}

/**
 * The nearest folder at or above `from` whose package.json is Lamella's.
 * @throws Error when there is none
 */
function project(from: string): { root: string; version: string } {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
      if (name === 'lamella') return { root: folder, version: version ?? '' }
    }
    if (dirname(folder) === folder) throw new Error(`${from}: no package.json of lamella above it`)
  }
}
