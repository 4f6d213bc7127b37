import { lstatSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { sha256 } from '../files/sha256.ts'

/** A session that nobody else can save, for as long as this process lives or until it is let go. */
export interface SessionLock {
  /** Whether it is on the file that is there yet: on one that somebody removed it keeps nobody out. */
  isHeld(): boolean
  release(): void
}

/** Those that this process has: one that nobody knew any more would be closed as garbage, and its lock end with it. */
const locks = new Set<Database.Database>()

/**
 * Takes a session for this process's own, by a lock that the system holds on an empty file beside it and lets go when the
 * process ends, however it does.
 * @param path of the session, its links resolved
 * @returns the lock; `'taken'` where another has it, `'refused'` where nothing can be written beside the session
 */
export function lockSession(path: string): SessionLock | 'taken' | 'refused' {
  const file = lockFileOf(path)
  for (let attempt = 0; attempt < 10; attempt++) {
    if (!isOurs(file)) return 'refused'
    const before = inodeOf(file)
    let database: Database.Database
    try {
      database = new Database(file, { timeout: 0 })
    } catch {
      return 'refused'
    }
    try {
      database.pragma('journal_mode = MEMORY')
      database.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      database.close()
      const { code = '' } = error as { code?: string }
      return /^SQLITE_(BUSY|LOCKED)/.test(code) ? 'taken' : 'refused'
    }
    // Who let go meanwhile has removed the file that this lock is on: it would keep nobody out.
    const now = inodeOf(file)
    if (now !== null && (before === null || before === now)) {
      locks.add(database)
      const isHeld = () => inodeOf(file) === now
      return {
        isHeld,
        release() {
          try {
            // Before the lock ends: afterwards the file may be another's, as it is where another stands at its path by now.
            if (isHeld()) rmSync(file, { force: true })
          } catch {
            // It stays, empty, where what is open cannot be removed.
          }
          database.close()
          locks.delete(database)
        }
      }
    }
    database.close()
  }
  return 'taken'
}

/** The file beside a session that its lock is on: hidden, and empty. */
export function lockFileOf(path: string): string {
  const name = `.${basename(path)}.lock`
  const isShort = besides.every(suffix => Buffer.byteLength(name + suffix) <= longestName)
  return join(dirname(path), isShort ? name : `.${sha256([basename(path)])}.lock`)
}

/** What SQLite has beside a file. */
const besides = ['-journal', '-wal', '-shm']

/** What a name takes at most where most files lie, in bytes. */
const longestName = 255

/** Nothing that SQLite would read or wait for: an empty file or none, and none of what SQLite has beside one. */
function isOurs(file: string): boolean {
  try {
    const found = lstatSync(file, { throwIfNoEntry: false })
    if (found !== undefined && !(found.isFile() && found.size === 0)) return false
    return besides.every(
      suffix => lstatSync(file + suffix, { throwIfNoEntry: false }) === undefined
    )
  } catch {
    // No file can be called so here, as where names are shorter.
    return false
  }
}

function inodeOf(file: string): bigint | null {
  return lstatSync(file, { throwIfNoEntry: false, bigint: true })?.ino ?? null
}
