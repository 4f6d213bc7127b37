import { dirname } from 'node:path'
import type { z } from 'zod'
import { makeFolder } from '../files/make-folder.ts'
import { replaceFile } from '../files/replace-file.ts'
import { ownContent } from '../files/whole-content.ts'
import { writeError } from '../files/write-error.ts'

/** A small JSON file in the data folder, such as the list of recent models. */
export interface Stored<T> {
  read(): Promise<T>
  /**
   * Writes beside the file and renames over it, in the order asked for: of two programs the later wins whole.
   * @throws LamellaError `file-unwritable` with what was there before still there
   */
  write(value: T): Promise<void>
}

/** More than anything that is kept so takes. */
const mostBytes = 2 ** 26

/** A stored value; the fallback where the file is missing or does not fit its schema. */
export function stored<T>(file: string, schema: z.ZodType<T>, fallback: T): Stored<T> {
  let writing = Promise.resolve()
  return {
    async read() {
      await writing
      try {
        return schema.parse(JSON.parse((await ownContent(file, mostBytes)).toString()))
      } catch {
        return fallback
      }
    },
    write(value) {
      const next = writing.then(() => replace(file, JSON.stringify(value)))
      writing = next.catch(() => undefined)
      return next
    }
  }
}

async function replace(file: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(file))
    await replaceFile(file, [text], { mode: 0o600, lasts: true })
  } catch (error) {
    throw writeError(file, error)
  }
}
