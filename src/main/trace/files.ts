import { chmodSync, closeSync, lstatSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The files that a cache lies in: `trace.sqlite`, and once that is damaged `trace.1.sqlite`, and so on. None takes the
 * place of another, so that programs that still have a damaged one open lose nothing of theirs.
 */
export function cacheFile(folder: string, generation: number): string {
  return join(folder, generation === 0 ? 'trace.sqlite' : `trace.${generation}.sqlite`)
}

/** The latest there is, 0 where there is none; what is no file is passed over. */
export function latestGeneration(folder: string): number {
  const found = generations(folder)
  return found.findLast(generation => isFile(cacheFile(folder, generation))) ?? nextFree(found)
}

/** Makes a file that its user alone may read, or makes it so. */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

/** Removes the damaged ones before a generation; where that cannot be they are left. */
export function sweepBefore(folder: string, generation: number): void {
  for (const earlier of generations(folder).filter(each => each < generation))
    for (const suffix of ['', '-wal', '-shm'])
      try {
        const file = cacheFile(folder, earlier) + suffix
        if (isFile(file)) rmSync(file)
      } catch {
        // Another time.
      }
}

/** In order. */
function generations(folder: string): number[] {
  return readdirSync(folder)
    .flatMap(name => {
      const [, generation] = /^trace(?:\.(\d{1,9}))?\.sqlite$/.exec(name) ?? []
      return name === 'trace.sqlite' ? [0] : generation === undefined ? [] : [Number(generation)]
    })
    .sort((a, b) => a - b)
}

function nextFree(taken: readonly number[]): number {
  return (taken.at(-1) ?? -1) + 1
}

function isFile(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false
}
