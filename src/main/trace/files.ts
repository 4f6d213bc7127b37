import { closeSync, constants, fchmodSync, lstatSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The files that a cache lies in: `trace.sqlite`, and once that is damaged `trace.1.sqlite`, and so on. None takes the
 * place of another, so that programs that still have a damaged one open lose nothing of theirs.
 */
export function cacheFile(folder: string, generation: number): string {
  return join(folder, generation === 0 ? 'trace.sqlite' : `trace.${generation}.sqlite`)
}

/** Whether a file of this name is one of a cache's, or what SQLite has beside one. */
export function isCacheFile(name: string): boolean {
  return /^trace(\.\d+)?\.sqlite(-journal|-wal|-shm)?$/.test(name)
}

/** Whether a folder that can be read has any. */
export function hasCacheFiles(folder: string): boolean {
  try {
    return readdirSync(folder).some(isCacheFile)
  } catch {
    return false
  }
}

/**
 * The latest from `least` on, else the next that can be. Passed over is what is no file, or has something else beside it
 * where SQLite looks for a file: it would wait for a named pipe.
 */
export function latestGeneration(folder: string, least: number): number {
  const found = generations(folder).filter(each => each >= least)
  const latest = found.findLast(each => isUsable(cacheFile(folder, each)))
  if (latest !== undefined) return latest
  let next = Math.max(least, (found.at(-1) ?? -1) + 1)
  while (!hasFilesBeside(cacheFile(folder, next))) next++
  return next
}

// Neither of the last two exists on Windows.
const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants

/**
 * Makes a file that its user alone may read, or makes it so.
 * @throws what the system throws, also where there is a link
 */
export function makePrivate(file: string): void {
  const opened = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOFOLLOW, 0o600)
  try {
    fchmodSync(opened, 0o600)
  } finally {
    closeSync(opened)
  }
}

/** Removes the damaged ones before a generation; where that cannot be they are left. */
export function sweepBefore(folder: string, generation: number): void {
  for (const earlier of generations(folder).filter(each => each < generation))
    for (const suffix of ['', ...companions])
      try {
        const file = cacheFile(folder, earlier) + suffix
        if (isFile(file)) rmSync(file)
      } catch {
        // Another time.
      }
}

/** What SQLite has beside a file. */
const companions = ['-journal', '-wal', '-shm'] as const

function isUsable(file: string): boolean {
  return isFile(file) === true && hasFilesBeside(file)
}

function hasFilesBeside(file: string): boolean {
  return companions.every(suffix => isFile(file + suffix) !== false)
}

/** In order. What has a number that no cache comes to is somebody else's. */
function generations(folder: string): number[] {
  return readdirSync(folder)
    .flatMap(name => {
      const [, generation] = /^trace\.([1-9]\d{0,3})\.sqlite$/.exec(name) ?? []
      return name === 'trace.sqlite' ? [0] : generation === undefined ? [] : [Number(generation)]
    })
    .sort((a, b) => a - b)
}

/** Null where there is nothing. */
function isFile(path: string): boolean | null {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? null
}
