import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { LamellaError } from '#common/model/errors.ts'

/**
 * Why a store failed: its caller asked for what there is none of, or gave what cannot be read; another program has it; the
 * system does not take or give what is in it; or the file is damaged.
 */
export type Fault = 'asked' | 'busy' | 'refused' | 'damaged'

/** @param file of the store, which tells a file that may not be written from one that only says so */
export function faultOf(error: unknown, file: string): Fault {
  if (error instanceof LamellaError) return 'asked'
  if (!(error instanceof Database.SqliteError)) return isSystem(error) ? 'refused' : 'damaged'
  const { code } = error
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return 'busy'
  if (code === 'SQLITE_IOERR_SHORT_READ') return 'damaged'
  // Of a file that another program has swept away as damaged nothing is left, either.
  if (/^SQLITE_(IOERR|READONLY)/.test(code) && !existsSync(file)) return 'damaged'
  if (/^SQLITE_(FULL|IOERR|CANTOPEN|PERM|AUTH|NOMEM)/.test(code)) return 'refused'
  if (code.startsWith('SQLITE_READONLY')) return isWritable(file) ? 'damaged' : 'refused'
  return 'damaged'
}

/** What the system threw for a file, such as `EACCES`. */
function isSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    accessSync(dirname(file), constants.W_OK)
    return true
  } catch {
    return false
  }
}
