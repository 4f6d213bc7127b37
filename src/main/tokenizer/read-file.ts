import { LamellaError } from '#common/model/errors.ts'
import { fileInFolder, type Folder } from '../files/folder.ts'
import { occursMore } from '../files/occurs-more.ts'
import { readExactly, withFile } from '../files/open-file.ts'
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
export async function readBytes(folder: Folder, name: string): Promise<Buffer> {
  return withFile(await fileInFolder(folder, name), async file => {
    if (file.size > fileLimit)
      invalid(name, `${file.size} bytes exceed the limit of ${fileLimit} for a tokenizer`)
    const bytes = Buffer.alloc(file.size)
    await readExactly(file, 0, bytes)
    return bytes
  })
}

/** Reads a file of a model folder as lines, without the empty one at its end. */
export async function readLines(folder: Folder, name: string): Promise<string[]> {
  const bytes = await readBytes(folder, name)
  if (occursMore(bytes, '\n', vocabularyLimit))
    invalid(name, `more lines than the limit of ${vocabularyLimit}`)
  const lines = decoded(bytes, name).split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Reads a file of a model folder as text. */
export async function readText(folder: Folder, name: string): Promise<string> {
  return decoded(await readBytes(folder, name), name)
}

/** Reads a file of a model folder as JSON. */
export async function readJson(folder: Folder, name: string): Promise<unknown> {
  const bytes = await readBytes(folder, name)
  // Small values take many times their bytes once parsed.
  if (occursMore(bytes, ',', 2 * vocabularyLimit))
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
