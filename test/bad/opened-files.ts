import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { projectRoot } from '../golden/workbench.ts'
import { watchOpened } from '../fuzz/watch-files.ts'

/** Tells the real paths since it was asked last. */
export interface OpenedFiles {
  (): readonly string[]
  /** Variables by which a process of Node's tells it, too. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Watches what this process, and those that are started with the environment, open or list from now on, but for the
 * project's own files.
 */
export function openedFiles(): OpenedFiles {
  const log = join(mkdtempSync(join(tmpdir(), 'lamella-opened-')), 'log')
  writeFileSync(log, '')
  let opened: string[] = []
  watchOpened(path => opened.push(path))
  const since = () => {
    const told = readFileSync(log, 'utf8').split('\n').filter(Boolean)
    truncateSync(log)
    const found = [...opened, ...told].filter(path => !path.startsWith(projectRoot) && path !== log)
    opened = []
    return found
  }
  return Object.assign(since, {
    environment: {
      LAMELLA_TEST_OPENED: log,
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'tell-opened.ts')}`
    }
  })
}

/** Those of some paths that do not lie in a folder. */
export function outsideOf(folder: string, paths: readonly string[]): readonly string[] {
  return paths.filter(path => path !== folder && !path.startsWith(folder + sep))
}
