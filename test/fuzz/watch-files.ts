import { promises, realpathSync } from 'node:fs'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { sep } from 'node:path'

/**
 * Watches which files this process opens or lists from now on.
 * @returns the first one outside `folder` since it was asked last, or null
 */
export function watchFiles(folder: string): () => string | null {
  let outside: string | null = null
  watchOpened(path => {
    if (path !== folder && !path.startsWith(folder + sep)) outside ??= path
  })
  return () => {
    const found = outside
    outside = null
    return found
  }
}

/** Tells of every file or folder that this process opens or lists from now on, links resolved. */
export function watchOpened(tell: (path: string) => void): void {
  const look = (path: unknown): void => {
    if (typeof path !== 'string' && !(path instanceof URL) && !Buffer.isBuffer(path)) return
    let real = String(path)
    try {
      real = realpathSync.native(path)
    } catch (error) {
      // What is not there cannot be opened; what may not be looked at lies outside.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_ACCESS_DENIED') return
    }
    tell(real)
  }
  for (const holder of [fs, promises] as unknown as Record<string, unknown>[])
    for (const name of doors) {
      const original = holder[name] as ((...args: unknown[]) => unknown) | undefined
      if (original === undefined) continue
      holder[name] = function (this: unknown, ...args: unknown[]): unknown {
        look(args[0])
        return Reflect.apply(original, this, args)
      }
    }
  syncBuiltinESMExports()
}

/** Whatever reads or writes what a path leads to. */
const doors = [
  ...['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream', 'openAsBlob', 'watch'],
  ...['opendir', 'opendirSync', 'readdir', 'readdirSync', 'copyFile', 'copyFileSync', 'cp'],
  ...['writeFile', 'writeFileSync', 'appendFile', 'createWriteStream', 'truncate', 'rm', 'unlink']
]
