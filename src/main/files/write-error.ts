import { LamellaError } from '#common/model/errors.ts'
import { fileLabel } from './file-error.ts'

/**
 * What the system threw as `path` was written, as an error that names the file, the cause and the next step.
 * @param label what the file is called; a path that a person gave, as a whole
 */
export function writeError(path: string, thrown: unknown, label = fileLabel(path)): LamellaError {
  if (thrown instanceof LamellaError) return thrown
  const [cause, hint] = writeFault(thrown)
  return new LamellaError('file-unwritable', `${label}: ${cause}`, hint)
}

/** Why something cannot be written, and the next step. */
function writeFault(thrown: unknown): readonly [cause: string, hint: string | undefined] {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  return faults[code] ?? [`cannot be written (${code || String(thrown)})`, undefined]
}

const full = ['the disk is full', 'Free some space and try again.'] as const
const denied = ['permission to write it is denied', 'Choose a folder that can be written.'] as const
const misplaced = [
  'a file stands where its folder should be',
  'Move the file away, or choose another folder.'
] as const

/** Of the system and of SQLite. */
const faults: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: full,
  EDQUOT: full,
  SQLITE_FULL: full,
  SQLITE_IOERR_WRITE: [
    'the system does not take it',
    'See whether the disk is full, gone or takes no files so large, and try again.'
  ],
  EFBIG: ['files so large are not allowed here', 'Raise the limit and try again.'],
  EACCES: denied,
  EPERM: denied,
  EROFS: ['the disk is read-only', 'Choose a folder that can be written.'],
  ENOTDIR: misplaced,
  EEXIST: misplaced,
  ENOENT: ['its folder does not exist', 'Choose a folder that can be written.'],
  ENAMETOOLONG: ['its name is too long for this system', 'Choose a shorter name.'],
  EISDIR: ['is a folder, not a file', 'Move the folder away.']
}
