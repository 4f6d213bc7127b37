import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { makeFolder } from '../files/make-folder.ts'

/** A small JSON file in the data folder, such as the list of recent models. */
export interface Stored<T> {
  read(): Promise<T>
  /** Writes beside the file and renames over it; writes in the order they were asked for. */
  write(value: T): Promise<void>
}

/** A stored value; the fallback where the file is missing or does not fit its schema. */
export function stored<T>(file: string, schema: z.ZodType<T>, fallback: T): Stored<T> {
  let writing = Promise.resolve()
  return {
    async read() {
      await writing
      try {
        return schema.parse(JSON.parse(await readFile(file, 'utf8')))
      } catch {
        return fallback
      }
    },
    write(value) {
      const next = writing.then(async () => {
        await makeFolder(dirname(file))
        // Of its own name: another program may write the same file.
        const beside = `${file}.${process.pid}.new`
        try {
          await writeFile(beside, JSON.stringify(value))
          await rename(beside, file)
        } catch (error) {
          await rm(beside, { force: true })
          throw error
        }
      })
      writing = next.catch(() => undefined)
      return next
    }
  }
}
