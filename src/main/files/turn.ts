import { randomUUID } from 'node:crypto'
import { link, lstat, open, rename, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { LamellaError } from '#common/model/errors.ts'
import { fileLabel } from './file-error.ts'
import { isGone, processMark } from './process-mark.ts'
import { besideOf } from './replace-file.ts'
import { ownContent } from './whole-content.ts'

/** A turn takes milliseconds: who has had one for so long has left it, in ms. */
const longestTurn = 10_000

/** Looked for again after so long at most, in ms. */
const patience = 10

/**
 * Does something with a file while nobody else does who takes turns, in this program or in another. Who has one says so in a
 * file beside it; the turn of a program that died is over.
 * @throws what `work` throws; LamellaError `file-unwritable` where something that is no file has the turn's name; what the
 *   system throws where nothing can be written beside the file, or what was left there does not go
 */
export async function inTurn<T>(file: string, work: () => Promise<T>): Promise<T> {
  const turn = `${file}.turn`
  const own = `${randomUUID()} ${processMark()}`
  while (!(await hasTaken(turn, own))) {
    await endIfLeft(turn)
    await delay(Math.random() * patience)
  }
  try {
    return await work()
  } finally {
    // Should it have taken too long, the turn is another's.
    if ((await ownerOf(turn)) === own) await rm(turn, { force: true })
  }
}

/** Whether a file of this name says that somebody has a turn. */
export function isTurn(name: string): boolean {
  return name.endsWith('.turn')
}

async function hasTaken(turn: string, own: string): Promise<boolean> {
  try {
    const written = await open(turn, 'wx', 0o600)
    try {
      await written.writeFile(own)
    } catch (error) {
      await rm(turn, { force: true })
      throw error
    } finally {
      await written.close()
    }
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Ends the turn of who died or has forgotten it.
 * @throws as `inTurn` does
 */
export async function endIfLeft(turn: string): Promise<void> {
  const owner = await ownerOf(turn)
  const found = await lstat(turn).catch(() => null)
  if (found === null) return
  // It would be waited for without an end.
  if (!found.isFile())
    throw new LamellaError('file-unwritable', `${fileLabel(turn)}: is no file`, 'Move it away.')
  const [, mark] = owner?.split(' ') ?? []
  // Of a time to come it is where a clock was set back.
  const isOver = Math.abs(Date.now() - found.mtimeMs) > longestTurn
  // Who has just taken it has not yet said who it is.
  if (!isOver && (mark === undefined || !isGone(mark))) return
  const aside = besideOf(turn)
  try {
    await rename(turn, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    // Another may have ended it meanwhile, and this be the next one's.
    if ((await ownerOf(aside)) !== owner) await link(aside, turn)
  } catch {
    // Somebody has taken a turn of his own.
  }
  await rm(aside, { force: true }).catch(() => undefined)
}

/** @returns null where there is none that can be read */
async function ownerOf(turn: string): Promise<string | null> {
  return (await ownContent(turn, 4096).catch(() => null))?.toString() ?? null
}
