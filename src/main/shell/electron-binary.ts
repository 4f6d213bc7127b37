import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

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

/**
 * Fetches Electron's program with its own installer.
 * @param began called when the download begins
 * @returns its path, or null when it cannot be had; without a network that is known within seconds
 */
export async function fetchElectron(
  began: () => void,
  folder: string | null = electronFolder(),
  environment: Environment = process.env
): Promise<string | null> {
  if (folder === null || environment.ELECTRON_SKIP_BINARY_DOWNLOAD) return null
  if (!(await canReachDownloads(environment))) return null
  began()
  const installer = spawn(process.execPath, [join(folder, 'install.js')], {
    stdio: 'ignore',
    env: environment
  })
  const status = await new Promise(resolve => {
    installer.on('exit', resolve)
    installer.on('error', resolve)
  })
  return status === 0 ? electronBinary(folder, environment) : null
}

/** The installer tries for long where there is no network; one short request tells beforehand. */
async function canReachDownloads(environment: Environment): Promise<boolean> {
  // A proxy of the installer's own cannot be tried from here.
  if (environment.ELECTRON_GET_USE_PROXY) return true
  const mirror =
    environment.ELECTRON_MIRROR ?? environment.npm_config_electron_mirror ?? 'https://github.com/'
  try {
    await fetch(mirror, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(3_000) })
    return true
  } catch {
    return false
  }
}
