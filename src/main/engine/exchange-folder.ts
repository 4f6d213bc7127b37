import { mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aWeek, ownPrefix, sweepLeft } from '../files/left-behind.ts'
import { removeExchange } from '../process/remove-exchange.ts'

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

const exchangeFolder = { prefix: 'lamella-engine-', suffix: '', longestRest: aWeek }

/**
 * Makes a folder of its own for one engine process: in memory where there is room, else in the temporary folder.
 * Nobody else may read it, it was not there before, and its name cannot be guessed.
 * @returns null when neither can be written
 */
export function makeExchangeFolder(places = placesHere): string | null {
  const { memory, temporary, room } = places
  for (const place of memory !== null && hasRoom(memory, room) ? [memory, temporary] : [temporary])
    try {
      return mkdtempSync(join(place, ownPrefix(exchangeFolder)))
    } catch {
      // The next place may do.
    }
  return null
}

/** Removes the folders that killed programs left. */
export async function sweepExchangeFolders(places = placesHere): Promise<void> {
  for (const place of [places.memory, places.temporary])
    if (place !== null) await sweepLeft(place, exchangeFolder, removeExchange)
}

function hasRoom(folder: string, room: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= room
  } catch {
    return false
  }
}
