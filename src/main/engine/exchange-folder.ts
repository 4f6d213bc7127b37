import { lstatSync, mkdtempSync, readdirSync, rmdirSync, statfsSync, unlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isGone, processMark } from '../files/process-mark.ts'

/** The parent folders that an exchange's folder may lie in, the better one first. */
export interface ExchangePlaces {
  /** A file system in the system's memory, as Linux has it; null where there is none. */
  readonly memory: string | null
  /** The temporary folder: on disk or not, its files are mostly read before they are written out. */
  readonly temporary: string
  /** Free bytes that the one in memory must have. */
  readonly room: number
}

const placesHere: ExchangePlaces = {
  memory: process.platform === 'linux' ? '/dev/shm' : null,
  temporary: tmpdir(),
  // A long text's patterns of one block take 400 MB.
  room: 2 ** 30
}

const prefix = 'lamella-engine-'

/** How the exchange names its files: process and number. */
const exchangeFile = /^\d+-\d+$/

/**
 * Makes a folder of its own for one engine process: in memory where there is room, else in the temporary folder.
 * Nobody else may read it, it was not there before, and its name cannot be guessed.
 * @returns null when neither can be written
 */
export function makeExchangeFolder(places = placesHere): string | null {
  const { memory, temporary, room } = places
  for (const place of memory !== null && hasRoom(memory, room) ? [memory, temporary] : [temporary])
    try {
      return mkdtempSync(join(place, `${prefix}${processMark()}-`))
    } catch {
      // The next place may do.
    }
  return null
}

/**
 * Removes a folder of this user's with the exchange's files in it. Nothing behind a link is touched, and a folder that
 * holds anything else stays.
 */
export function removeExchangeFolder(folder: string): void {
  if (!isOwnFolder(folder)) return
  try {
    for (const name of readdirSync(folder))
      if (exchangeFile.test(name)) unlinkSync(join(folder, name))
    rmdirSync(folder)
  } catch {
    // The next start tries again.
  }
}

/**
 * Removes the folders that killed programs left: this user's own, whose owner's process is gone. When in doubt a
 * folder stays.
 */
export async function sweepExchangeFolders(places = placesHere): Promise<void> {
  for (const place of [places.memory, places.temporary]) {
    if (place === null) continue
    const names = await readdir(place).catch(() => [])
    for (const name of names) if (isLeft(name)) removeExchangeFolder(join(place, name))
  }
}

/** Whether a folder is named after a process that is gone. */
function isLeft(name: string): boolean {
  const [, mark] = /^lamella-engine-(\d+-\d+-\d+)-\w+$/.exec(name) ?? []
  return mark !== undefined && isGone(mark)
}

/** Whether this is a folder, no link, and of this user. */
function isOwnFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return (
    found !== undefined && found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid)
  )
}

function hasRoom(folder: string, room: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= room
  } catch {
    return false
  }
}
