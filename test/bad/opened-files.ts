import { sep } from 'node:path'
import { projectRoot } from '../golden/workbench.ts'
import { watchOpened } from '../fuzz/watch-files.ts'

/**
 * Watches what this process opens or lists from now on, but for the project's own files.
 * @returns the real paths since it was asked last
 */
export function openedFiles(): () => readonly string[] {
  let opened: string[] = []
  watchOpened(path => {
    if (!path.startsWith(projectRoot)) opened.push(path)
  })
  return () => {
    const found = opened
    opened = []
    return found
  }
}

/** Those of some paths that do not lie in a folder. */
export function outsideOf(folder: string, paths: readonly string[]): readonly string[] {
  return paths.filter(path => path !== folder && !path.startsWith(folder + sep))
}
