import { mkdtempSync, readlinkSync, rmSync, statfsSync } from 'node:fs'
import { lstat, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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

/**
 * Makes a folder of its own for one engine process: in memory where there is room, else in the temporary folder.
 * Nobody else may read it, and its name cannot be guessed.
 * @returns null when neither can be written
 */
export function makeExchangeFolder(places = placesHere): string | null {
  const { memory, temporary, room } = places
  for (const place of memory !== null && hasRoom(memory, room) ? [memory, temporary] : [temporary])
    try {
      return mkdtempSync(join(place, `${prefix}${ownerMark()}-`))
    } catch {
      // The next place may do.
    }
  return null
}

export function removeExchangeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 2 })
}

/**
 * Removes the folders that killed programs left: this user's own, whose owner's process is gone. When in doubt a
 * folder stays.
 */
export async function sweepExchangeFolders(places = placesHere): Promise<void> {
  for (const place of [places.memory, places.temporary]) {
    if (place === null) continue
    const names = await readdir(place).catch(() => [])
    for (const name of names) {
      const folder = join(place, name)
      if (!isLeft(name) || !(await isOwnFolder(folder))) continue
      await rm(folder, { recursive: true, force: true }).catch(() => undefined)
    }
  }
}

/** Whether a folder is named after a process that could be seen from here and is not there. */
function isLeft(name: string): boolean {
  const [, pid, world] = /^lamella-engine-(\d+)-(\d+)-\w+$/.exec(name) ?? []
  return pid !== undefined && world === processWorld() && !isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Whether this is a folder, no link, and of this user. */
async function isOwnFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  return found !== null && found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid)
}

function ownerMark(): string {
  return `${process.pid}-${processWorld()}`
}

/**
 * The world in which process ids mean what they mean here: containers that share a folder number their
 * processes apart. 0 where the system has but one.
 */
function processWorld(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    return '0'
  }
}

function hasRoom(folder: string, room: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= room
  } catch {
    return false
  }
}
