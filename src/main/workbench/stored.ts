import { dirname } from 'node:path'
import type { z } from 'zod'
import { makeFolder } from '../files/make-folder.ts'
import { replaceFile } from '../files/replace-file.ts'
import { inTurn } from '../files/turn.ts'
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
  /**
   * Writes what is made of what is there, with nobody else's change in between: of two programs that change it at the same
   * time neither loses what the other did.
   * @throws LamellaError `file-unwritable` with what was there before still there
   */
  change(make: (before: T) => T): Promise<void>
}

/** More than anything that is kept so takes. */
const mostBytes = 2 ** 26

/** A stored value; the fallback where the file is missing or does not fit its schema. */
export function stored<T>(file: string, schema: z.ZodType<T>, fallback: T): Stored<T> {
  let writing = Promise.resolve()

  async function there(): Promise<T> {
    try {
      return schema.parse(JSON.parse((await ownContent(file, mostBytes)).toString()))
    } catch {
      return fallback
    }
  }

  function replace(value: T): Promise<void> {
    return replaceFile(file, [JSON.stringify(value)], { mode: 0o600, lasts: true })
  }

  /** Does it after what was asked for before. */
  function next(work: () => Promise<void>): Promise<void> {
    const done = writing.then(async () => {
      try {
        await makeFolder(dirname(file))
        await work()
      } catch (error) {
        throw writeError(file, error)
      }
    })
    writing = done.catch(() => undefined)
    return done
  }

  return {
    async read() {
      await writing
      return there()
    },
    write: value => next(() => replace(value)),
    change: make => next(() => inTurn(file, async () => replace(make(await there()))))
  }
}
