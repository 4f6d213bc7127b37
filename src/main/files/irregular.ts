import type { Stats } from 'node:fs'
import { invalidFile } from './file-error.ts'

/**
 * Looks whether something is a regular file.
 * @throws LamellaError `file-invalid` that says what it is
 */
export function refuseIrregular(stats: Stats, label: string): void {
  if (stats.isFile()) return
  const kind = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a named pipe'
      : stats.isSocket()
        ? 'a socket'
        : stats.isSymbolicLink()
          ? 'a link'
          : 'a device'
  const isStored = stats.isDirectory() || stats.isSymbolicLink()
  const hint = isStored ? undefined : 'Write what it gives into a file first.'
  throw invalidFile(label, `is ${kind}, not a file`, hint)
}
