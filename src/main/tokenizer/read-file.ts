import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { invalid, vocabularyLimit } from './definition.ts'

/** Largest tokenizer file that is read, in bytes; the largest published ones are half of it. */
export const fileLimit = 64 * 2 ** 20

/** Whether a folder's listing has a file of this name. */
export function hasFile(files: readonly string[], name: string): boolean {
  return files.includes(name)
}

/**
 * Reads a file of a model folder as bytes.
 * @throws LamellaError when it is no plain file, too large, or lies outside the folder
 */
export async function readBytes(folder: string, name: string): Promise<Buffer> {
  // Neither constant exists on Windows, where neither is needed.
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as Partial<typeof constants>
  try {
    const path = await pathInside(folder, name)
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    const file = await open(path, (O_RDONLY ?? 0) | O_NONBLOCK | O_NOFOLLOW)
    try {
      const stat = await file.stat()
      if (!stat.isFile()) invalid(name, 'expected a file')
      if (stat.size > fileLimit)
        invalid(name, `${stat.size} bytes exceed the limit of ${fileLimit} for a tokenizer`)
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (thrown) {
    if (thrown instanceof LamellaError) throw thrown
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    throw new LamellaError('file-unreadable', `${name}: ${cause}`)
  }
}

/** Reads a file of a model folder as lines, without the empty one at its end. */
export async function readLines(folder: string, name: string): Promise<string[]> {
  const bytes = await readBytes(folder, name)
  if (exceeds(bytes, '\n', vocabularyLimit))
    invalid(name, `more lines than the limit of ${vocabularyLimit}`)
  const lines = decoded(bytes, name).split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Reads a file of a model folder as JSON. */
export async function readJson(folder: string, name: string): Promise<unknown> {
  const bytes = await readBytes(folder, name)
  // Small values take many times their bytes once parsed.
  if (exceeds(bytes, ',', 2 * vocabularyLimit))
    invalid(name, `more values than the limit of ${2 * vocabularyLimit} for a tokenizer`)
  try {
    return JSON.parse(decoded(bytes, name)) as unknown
  } catch (thrown) {
    if (thrown instanceof LamellaError) throw thrown
    return invalid(name, `not JSON: ${thrown instanceof Error ? thrown.message : 'unreadable'}`)
  }
}

function decoded(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return invalid(name, 'not UTF-8')
  }
}

/** Whether a byte occurs more often than `limit` times. */
function exceeds(bytes: Buffer, character: string, limit: number): boolean {
  if (bytes.length <= limit) return false
  const code = character.charCodeAt(0)
  let count = 0
  for (const byte of bytes) if (byte === code && ++count > limit) return true
  return false
}

/**
 * The file's path, with its links resolved. A link may leave the folder only where the Hugging Face cache's
 * own do: from `models--x/snapshots/REV` to `models--x/blobs`.
 */
async function pathInside(folder: string, name: string): Promise<string> {
  const [root, target] = await Promise.all([realpath(folder), realpath(join(folder, name))])
  const snapshots = dirname(root)
  const model = dirname(snapshots)
  const isCache = basename(snapshots) === 'snapshots' && basename(model).startsWith('models--')
  if (within(root, target) || (isCache && within(join(model, 'blobs'), target))) return target
  throw new LamellaError('file-unreadable', `${name}: links to a file outside the model folder`)
}

function within(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
