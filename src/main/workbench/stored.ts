import { lstat, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { firstFault } from '#common/model/first-fault.ts'
import { fileError, fileLabel } from '../files/file-error.ts'
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

/**
 * A stored value; the fallback where the file is missing, damaged or does not fit its schema.
 * @param onDamage is told of a file that is damaged, which is then set aside before another takes its place; left out for
 * what can be computed anew
 */
export function stored<T>(
  file: string,
  schema: z.ZodType<T>,
  fallback: T,
  onDamage?: (message: string) => void
): Stored<T> {
  let writing = Promise.resolve()
  /** Once it is known to be, it stays so: all who write it write it whole. */
  let isSound = false
  /** Where it is set aside. */
  let aside = asideOf(file, 1)

  async function look(): Promise<T> {
    const found = await readStored(file, schema)
    isSound = found === null || 'value' in found
    if (found === null) return fallback
    if ('value' in found) return found.value
    aside = await freeAside(file)
    const how = `${fileLabel(file)}: cannot be read (${found.damage}), so it is taken for none`
    onDamage?.(`${how}; once another is saved it is kept as ${fileLabel(aside)}`)
    return fallback
  }

  async function save(value: T): Promise<void> {
    if (!isSound && onDamage !== undefined)
      await rename(file, aside).catch((error: unknown) => {
        throw writeError(aside, error)
      })
    await replaceFile(file, [JSON.stringify(value)], { mode: 0o600, lasts: true })
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
      return look()
    },
    write: value =>
      next(async () => {
        if (!isSound) await look()
        await save(value)
      }),
    change: make =>
      next(() =>
        inTurn(file, async () => {
          await save(make(await look()))
        })
      )
  }
}

/** What the n-th of a file's damaged states is kept as, from 1. */
function asideOf(file: string, n: number): string {
  return n === 1 ? `${file}.damaged` : `${file}.damaged-${n}`
}

/** Whether a name is that of a damaged state of a file that is kept. */
export function isAside(name: string, of: string): boolean {
  return name.startsWith(of) && /^\.damaged(-\d+)?$/.test(name.slice(of.length))
}

/** More would come of a fault: the last one gives way then. */
const mostAside = 20

/** Where nothing is set aside yet. */
async function freeAside(file: string): Promise<string> {
  for (let n = 1; n < mostAside; n++) {
    const aside = asideOf(file, n)
    const isThere = await lstat(aside).then(
      () => true,
      () => false
    )
    if (!isThere) return aside
  }
  return asideOf(file, mostAside)
}

/** What a file holds, or how it is damaged; null where there is none, or something else than a file. */
async function readStored<T>(
  file: string,
  schema: z.ZodType<T>
): Promise<{ readonly value: T } | { readonly damage: string } | null> {
  let json: unknown
  try {
    const content = await ownContent(file, mostBytes)
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch (error) {
    if (error instanceof SyntaxError) return { damage: 'not JSON' }
    if (error instanceof TypeError) return { damage: 'not UTF-8' }
    const { code, message } = fileError(file, error)
    const isFile = (await lstat(file).catch(() => null))?.isFile() ?? false
    return code === 'not-found' || !isFile ? null : { damage: message }
  }
  const parsed = schema.safeParse(json, { reportInput: true })
  return parsed.success ? { value: parsed.data } : { damage: firstFault(parsed.error) }
}
