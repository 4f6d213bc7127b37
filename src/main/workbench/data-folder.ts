import { chmod, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../files/make-folder.ts'
import { sweepUnfinished } from '../files/replace-file.ts'
import { endIfLeft, isTurn } from '../files/turn.ts'
import { writeError } from '../files/write-error.ts'
import { cacheFile, isCacheFile } from '../trace/files.ts'
import { isAside } from './stored.ts'

/** The small files in a data folder, beside those of the trace cache. */
export const dataFiles = {
  settings: 'settings.json',
  workspace: 'workspace.json',
  recent: 'recent.json',
  adapted: 'adapted.json',
  library: 'library.json',
  hashes: 'hashes.json',
  sessions: 'sessions.json'
} as const

/** The folders in a data folder. */
export const dataFolders = {
  descriptions: 'descriptions',
  analyses: 'analyses',
  windows: 'windows'
} as const

/** Where the workbench keeps what outlasts it; for its user alone. */
export interface DataFolder {
  readonly path: string
  /**
   * Lines, null for none: why not all is kept where the disk does not take it, for the first that was not, and
   * which files are damaged.
   */
  readonly notice: string | null
  /** Notes that something was not kept that nobody asked to save. */
  readonly refused: (message: string) => void
  /** Forgets that, once what was in the way may be gone: what is refused again is noted again. */
  retried(): void
  /** Notes that a file is damaged, once for each. */
  readonly damaged: (message: string) => void
  onNotice(listener: () => void): void
}

const ownFolders: readonly string[] = Object.values(dataFolders)
const smallFiles = Object.values(dataFiles)

function isOwnFile(name: string): boolean {
  return isCacheFile(name) || smallFiles.some(own => name === own || isAside(name, own))
}

/** What the workbench keeps in a data folder, files and folders, by path; some may not be there yet. */
export async function ownPaths(folder: string): Promise<string[]> {
  const there = await readdir(folder).catch(() => [])
  const names = [...smallFiles, ...ownFolders, ...there.filter(isOwnFile)]
  return [...new Set([...names.map(name => join(folder, name)), cacheFile(folder, 0)])]
}

/** Where something is not kept. */
const nextStep =
  'Make room there or let it be written, then start again; LAMELLA_DATA names another folder.'

/** Makes the folder, or makes it private; one that cannot be had is done without. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const listeners: (() => void)[] = []
  const damages = new Set<string>()
  let refusal: string | null = null

  function refused(message: string): void {
    if (refusal !== null) return
    refusal = `${message}: not all is kept for the next start (in ${path}). ${nextStep}`
    tell()
  }

  function tell(): void {
    for (const listener of listeners) listener()
  }

  try {
    await makeFolder(path)
    await makePrivate(path)
  } catch (error) {
    refused(writeError(path, error).message)
  }
  return {
    path,
    get notice() {
      const lines = [...(refusal === null ? [] : [refusal]), ...damages]
      return lines.length === 0 ? null : lines.join('\n')
    },
    refused,
    retried() {
      refusal = null
      tell()
    },
    damaged(message) {
      damages.add(`${message} (in ${path})`)
      tell()
    },
    onNotice: listener => void listeners.push(listener)
  }
}

/** Takes from others what they were allowed before, and removes what dead programs left. */
async function makePrivate(folder: string): Promise<void> {
  await sweepUnfinished(folder)
  const names = await readdir(folder)
  // One that holds other things, too, such as a home folder, is not Lamella's to close.
  const isOwn = (name: string) => isOwnFile(name) || ownFolders.includes(name) || isTurn(name)
  if (names.every(isOwn)) await restrict(folder)
  for (const name of names) {
    const path = join(folder, name)
    if (isOwnFile(name)) await restrict(path)
    if (isTurn(name)) await endIfLeft(path).catch(() => undefined)
    if (!ownFolders.includes(name)) continue
    await restrict(path)
    await sweepUnfinished(path)
    for (const inner of await readdir(path).catch(() => [])) await restrict(join(path, inner))
  }
}

/** Also where others share the folder, such as one for temporary files, no more is changed than what is the user's. */
async function restrict(path: string): Promise<void> {
  try {
    const found = await lstat(path)
    const { mode, uid } = found
    const isShared = (mode & 0o1000) !== 0
    const isOther = !found.isFile() && !found.isDirectory()
    if (isShared || isOther || uid !== process.getuid?.() || (mode & 0o077) === 0) return
    await chmod(path, mode & 0o700)
  } catch {
    // It is gone, or not the user's to change.
  }
}
