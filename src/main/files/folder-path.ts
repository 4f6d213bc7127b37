import { realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, isAbsolute, sep } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { fileError, fileLabel, quoted } from './file-error.ts'

/**
 * The real path of a file named by something inside a model folder. The name must be plain and relative,
 * and what it leads to must lie in the folder too; the links of the Hugging Face cache, from
 * `models--x/snapshots/REV` to `models--x/blobs`, are accepted.
 * @throws LamellaError `file-invalid` for a name or link that leaves the folder, `not-found`, `file-unreadable`
 */
export async function fileInFolder(folder: string, name: string): Promise<string> {
  if (!isPlainRelative(name))
    throw new LamellaError(
      'file-invalid',
      `${quoted(name)}: is not a plain path inside the model folder`
    )
  const home = await realpath(folder).catch((thrown: unknown) => {
    throw fileError(folder, thrown)
  })
  const target = await realpath(join(home, name)).catch((thrown: unknown) => {
    throw fileError(name, thrown)
  })
  if (isInside(home, target)) return target
  const blobs = huggingFaceBlobs(home)
  if (blobs !== null && isInside(blobs, target)) return target
  throw new LamellaError(
    'file-invalid',
    `${fileLabel(name)}: leads outside the model folder, and is not opened`
  )
}

/** Whether a name is a relative path with no step up, drive, host, or character that some system reads as one. */
export function isPlainRelative(name: string): boolean {
  if (/[\\:\0]/.test(name) || name.length > 4096) return false
  return name.split('/').every(part => part !== '' && part !== '.' && part !== '..')
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The blobs folder beside `models--x/snapshots/REV`, or null when the folder is no such snapshot. */
function huggingFaceBlobs(folder: string): string | null {
  const snapshots = dirname(folder)
  const model = dirname(snapshots)
  if (basename(snapshots) !== 'snapshots' || !basename(model).startsWith('models--')) return null
  return join(model, 'blobs')
}
