import { constants } from 'node:fs'
import { lstat, open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { fileError, fileLabel, quoted } from './file-error.ts'
import { refuseIrregular } from './irregular.ts'
import { pathOf } from './path-of.ts'
import { behindWrittenLink } from './written-link.ts'

/** A folder that was opened. Plain data: what is opened in it lies in this folder, whatever has become of its path. */
export interface Folder {
  /** Absolute, with its links resolved. */
  readonly path: string
  /** Where its files may lie: in itself, or of a snapshot of the Hugging Face cache also among the blobs. */
  readonly roots: readonly Root[]
}

interface Root {
  readonly path: string
  /** Device and inode. */
  readonly mark: string
}

/** Where a file lies that is to be opened. */
export interface FilePlace {
  /** Absolute, with its links resolved. */
  readonly path: string
  /** What errors call it: in the Hugging Face cache a path ends in a hash. */
  readonly label: string
  /** What it has to lie in, once it is open too. */
  readonly roots: readonly Root[]
}

/**
 * Opens a folder that a user named: links on the way to it are followed.
 * @throws LamellaError `not-found`, `file-unreadable`
 */
export async function openFolder(path: string): Promise<Folder> {
  try {
    const real = await folderPath(path)
    const blobs = huggingFaceBlobs(real)
    const roots = await Promise.all([rootAt(real), ...(blobs === null ? [] : [rootAt(blobs)])])
    return { path: real, roots: roots.filter(root => root !== null) }
  } catch (thrown) {
    throw fileError(path, thrown)
  }
}

/**
 * The folder that a folder lies in.
 * @throws LamellaError `file-changed` when the folder lies elsewhere by now
 */
export async function folderAbove({ path, roots }: Folder): Promise<Folder> {
  const above = await openFolder(dirname(path))
  const now = await rootAt(join(above.path, basename(path)))
  if (now?.mark === roots[0]?.mark) return above
  throw new LamellaError(
    'file-changed',
    `${fileLabel(path)}: another folder has taken its place since it was opened`,
    'Open the model again.'
  )
}

/**
 * A file that a user named: links on the way to it are followed.
 * @throws LamellaError `not-found`, `file-unreadable`, `file-invalid`
 */
export async function namedFile(path: string): Promise<FilePlace> {
  const label = basename(path)
  const real = await realpath(path).catch(async (thrown: unknown) => {
    // What has no name of its own, such as the pipe behind /dev/stdin.
    const found = await stat(path).catch(() => null)
    if (found !== null) refuseIrregular(found, label)
    throw fileError(label, thrown)
  })
  const { path: folder, roots } = await openFolder(dirname(real))
  return { path: join(folder, basename(real)), label, roots }
}

/**
 * A file named by something inside a model folder. The name must be plain and relative, and what it leads to must
 * lie in the folder too; the links of the Hugging Face cache, from `models--x/snapshots/REV` to
 * `models--x/blobs`, are accepted, also where copying made texts of them.
 * @throws LamellaError `file-invalid` for a name or link that leaves the folder, `not-found`, `file-unreadable`
 */
export async function fileInFolder({ path, roots }: Folder, name: string): Promise<FilePlace> {
  if (!isPlainRelative(name))
    throw new LamellaError(
      'file-invalid',
      `${quoted(name)}: is not a plain path inside the model folder`
    )
  const target = await realpath(join(path, name)).catch((thrown: unknown) => {
    throw fileError(name, thrown)
  })
  const isOwn = (path: string) => roots.some(root => isInside(root.path, path))
  // Only a snapshot of the cache has its files among blobs.
  const behind = roots.length > 1 && isOwn(target) ? await behindWrittenLink(target) : null
  if (behind !== null && isOwn(behind)) return { path: behind, label: name, roots }
  if (isOwn(target)) return { path: target, label: name, roots }
  throw new LamellaError(
    'file-invalid',
    `${fileLabel(name)}: leads outside the model folder, and is not opened`,
    'Put a copy of what it leads to in its place.'
  )
}

/**
 * Looks whether what was opened lies where it should: folders on the way may have become links meanwhile.
 * @throws LamellaError `file-changed` when it lies elsewhere
 */
export async function checkInside(handle: FileHandle, place: FilePlace): Promise<void> {
  const path = await pathOf(handle, place.path)
  for (const root of place.roots)
    if (path !== null && isInside(root.path, path) && (await rootAt(root.path))?.mark === root.mark)
      return
  throw new LamellaError(
    'file-changed',
    `${fileLabel(place.label)}: lies no longer in the folder that was opened, and is not read`,
    'Open the model again.'
  )
}

/** Whether a name is a relative path with no step up, drive, host, or character that some system reads as one. */
export function isPlainRelative(name: string): boolean {
  if (/[\\:\0]/.test(name)) return false
  return name.split('/').every(part => part !== '' && part !== '.' && part !== '..')
}

/** A folder's path as that of a file in it will be told: where letters' case is ignored, there is more than one. */
async function folderPath(path: string): Promise<string> {
  const real = await realpath(path)
  const { O_DIRECTORY } = constants as Partial<typeof constants>
  if (O_DIRECTORY === undefined || !(await stat(real)).isDirectory()) return real
  const handle = await open(real, O_DIRECTORY)
  try {
    return (await pathOf(handle, real)) ?? real
  } finally {
    await handle.close()
  }
}

async function rootAt(path: string): Promise<Root | null> {
  const found = await lstat(path, { bigint: true }).catch(() => null)
  return found?.isDirectory() ? { path, mark: `${found.dev} ${found.ino}` } : null
}

/** Whether a path lies in a folder, by its words alone. */
export function isInside(folder: string, path: string): boolean {
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
