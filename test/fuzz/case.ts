import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Random } from './random.ts'

/** A model folder made up to be read. */
export interface FuzzCase {
  /** By path in the folder. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** Symbolic links by path in the folder, and where they lead. */
  readonly links?: Readonly<Record<string, string>>
  /** Sizes that files are stretched to with zeros. */
  readonly sizes?: Readonly<Record<string, number>>
  /** What is opened, in the folder; the folder itself when empty. */
  readonly open: string
  /** What is asked of it once it is open, such as a text to encode. */
  readonly input?: string
}

/** One reader under test. */
export interface Target {
  readonly make: (random: Random) => FuzzCase
  /**
   * Reads the case.
   * @throws LamellaError when it is refused; anything else thrown is a finding
   */
  readonly read: (folder: string, made: FuzzCase) => Promise<void>
}

/** Writes a case into a folder, which is emptied first. */
export function writeCase(folder: string, { files, links = {}, sizes = {} }: FuzzCase): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  for (const [name, size] of Object.entries(sizes)) truncateSync(join(folder, name), size)
  for (const [name, target] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    symlinkSync(target, join(folder, name))
  }
}
