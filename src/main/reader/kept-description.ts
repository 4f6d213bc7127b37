import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { LamellaFile } from '#common/model/describe-file.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { parseJson } from '../files/json-file.ts'
import { makeFolder } from '../files/make-folder.ts'
import { replaceFile } from '../files/replace-file.ts'
import { sha256 } from '../files/sha256.ts'
import { ownContent } from '../files/whole-content.ts'
import { writeError } from '../files/write-error.ts'
import { limitBytes, parseLamellaFile } from './model-files.ts'

/**
 * What the data folder has of a checkpoint; null when it has nothing. What is damaged, or lies where another's was, is as
 * good as nothing: it can be made anew.
 * @param descriptions the folder of those that are kept
 */
export async function keptDescription(
  descriptions: string,
  checkpoint: Checkpoint
): Promise<LamellaFile | null> {
  const folder = keptFolder(descriptions, checkpoint)
  try {
    const content = (await ownContent(join(folder, fileName), limitBytes)).toString()
    const end = content.indexOf('\n')
    const text = content.slice(end + 1)
    if (content.slice(0, end) !== firstLine(folder, text)) return null
    return parseLamellaFile(parseJson(Buffer.from(text), 'lamella.json:'))
  } catch {
    return null
  }
}

/**
 * Keeps what lamella.json would say of a checkpoint.
 * @returns the path of the file
 * @throws LamellaError `file-unwritable`, which names it
 */
export async function keepDescription(
  descriptions: string,
  checkpoint: Checkpoint,
  text: string
): Promise<string> {
  const folder = keptFolder(descriptions, checkpoint)
  const file = join(folder, fileName)
  try {
    await makeFolder(folder)
    await replaceFile(file, [`${firstLine(folder, text)}\n${text}`], { mode: 0o600, lasts: true })
  } catch (error) {
    throw writeError(file, error, file)
  }
  return file
}

/** A line with a checksum, then JSON as in lamella.json. */
const fileName = 'description.txt'

/** Of what is said, and of whom. */
function firstLine(folder: string, text: string): string {
  return `crc32 ${crc32(text, crc32(basename(folder))).toString(16)}`
}

/**
 * The folder of a checkpoint's: those whose tensors have the same names, types and shapes are read alike, whatever
 * their values.
 */
function keptFolder(descriptions: string, { tensors }: Checkpoint): string {
  const listed = [...tensors.values()].map(
    ({ name, dtype, shape }) => `${name} ${dtype} ${shape.join('x')}`
  )
  return join(descriptions, sha256(listed.sort()).slice(0, 32))
}
