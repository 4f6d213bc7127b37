import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../files/make-folder.ts'
import { isUnfinished } from '../files/replace-file.ts'
import { isTurn } from '../files/turn.ts'
import { writeError } from '../files/write-error.ts'

/** Where the workbench keeps what outlasts it; for its user alone. */
export interface DataFolder {
  readonly path: string
  /**
   * Lines, null for none: why what is computed is not kept where the disk does not take it, for the first that was not, and
   * which files are damaged.
   */
  readonly notice: string | null
  /** Notes that something disposable was not kept. */
  readonly refused: (message: string) => void
  /** Notes that a file is damaged, once for each. */
  readonly damaged: (message: string) => void
  onNotice(listener: () => void): void
}

/** Files that were being written when their program died are left alone for so long, in ms. */
const leftAlone = 600_000

const ownFiles =
  /^(settings|workspace|recent|hashes)\.json$|^(settings|workspace|recent)\.json\.damaged$|^trace(\.\d+)?\.sqlite(-wal|-shm|-journal)?$/
const ownFolders = ['descriptions', 'analyses']
const usualFiles = ['settings.json', 'workspace.json', 'recent.json', 'hashes.json', 'trace.sqlite']

/** What the workbench keeps in a data folder, files and folders, by path; some may not be there yet. */
export async function ownPaths(folder: string): Promise<string[]> {
  const there = await readdir(folder).catch(() => [])
  const files = new Set([...usualFiles, ...there.filter(name => ownFiles.test(name))])
  return [...files, ...ownFolders].map(name => join(folder, name))
}

/** Makes the folder, or makes it private; one that cannot be had is done without. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const listeners: (() => void)[] = []
  const lines: string[] = []
  let isRefused = false

  function refused(message: string): void {
    if (isRefused) return
    isRefused = true
    tell(`${message}: what is computed is not kept for the next start (in ${path})`)
  }

  function tell(line: string): void {
    if (lines.includes(line)) return
    lines.push(line)
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
      return lines.length === 0 ? null : lines.join('\n')
    },
    refused,
    damaged: message => tell(`${message} (in ${path})`),
    onNotice: listener => void listeners.push(listener)
  }
}

/** Takes from others what they were allowed before, and removes what dead programs left half written. */
async function makePrivate(folder: string): Promise<void> {
  await restrict(folder)
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (ownFiles.test(name)) await restrict(path)
    if (ownFolders.includes(name)) {
      await restrict(path)
      for (const inner of await readdir(path).catch(() => [])) {
        await restrict(join(path, inner))
        if (isLeft(inner)) await removeOld(join(path, inner))
      }
    }
    if (isLeft(name)) await removeOld(path)
  }
}

/** Whether a file may have been left by a program that died. */
function isLeft(name: string): boolean {
  return isUnfinished(name) || isTurn(name)
}

/** Also where others share the folder, such as one for temporary files, no more is changed than what is the user's. */
async function restrict(path: string): Promise<void> {
  try {
    const { mode, uid } = await lstat(path)
    const isShared = (mode & 0o1000) !== 0
    const isLink = (mode & 0o170000) === 0o120000
    if (isShared || isLink || uid !== process.getuid?.() || (mode & 0o077) === 0) return
    await chmod(path, mode & 0o700)
  } catch {
    // It is gone, or not the user's to change.
  }
}

async function removeOld(path: string): Promise<void> {
  try {
    const { mtimeMs } = await lstat(path)
    if (Date.now() - mtimeMs > leftAlone) await rm(path)
  } catch {
    // Another has removed it.
  }
}
