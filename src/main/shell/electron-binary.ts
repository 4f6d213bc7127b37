import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** Electron's folder among the installed packages; null when it is not installed. */
export function electronFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return null
  }
}

/** Electron's program, when it is here; its package fetches it at the first start, not at install. */
export function electronBinary(
  folder: string | null = electronFolder(),
  environment: Environment = process.env
): string | null {
  if (folder === null) return null
  const named = join(folder, 'path.txt')
  const name = existsSync(named) ? readFileSync(named, 'utf8') : null
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH
  if (override === undefined && name === null) return null
  const program = join(override ?? join(folder, 'dist'), name ?? 'electron')
  return existsSync(program) ? program : null
}
