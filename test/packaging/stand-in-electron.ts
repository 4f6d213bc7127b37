import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What marks the fuses in Electron's program; after it come a version, a count and a character a fuse. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const fuses = 8

/** A folder as Electron's archive unpacks to on Linux, with a program that does nothing and has fuses to set. */
export async function standInElectron(folder: string): Promise<string> {
  await mkdir(folder)
  const wire = sentinel + String.fromCharCode(1, fuses) + '1'.repeat(fuses)
  await writeFile(join(folder, 'electron'), `#!/bin/sh\n# ${wire}\n`, { mode: 0o755 })
  return folder
}
