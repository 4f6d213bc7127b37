import { spawn } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toLamellaError } from '#common/model/errors.ts'
import { aWeek, sweepLeft } from '../files/left-behind.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { lastWords } from '../process/last-words.ts'
import { electronBinary, electronFolder, type Environment } from './electron-binary.ts'

/** Electron's program, or why it cannot be had, in a line. */
export type Fetched = { readonly program: string } | { readonly obstacle: string }

export interface FetchOptions {
  /** Called when the download begins. */
  readonly began: () => void
  readonly folder?: string | null
  readonly environment?: Environment
  /** How long the download may bring nothing, in ms. */
  readonly patience?: number
  /** Where it is kept until it is whole. */
  readonly temporary?: string
}

/**
 * Fetches Electron's program with its own installer. Without a network it is known within seconds that it cannot be
 * had, and a download that stands still is given up.
 */
export async function fetchElectron(options: FetchOptions): Promise<Fetched> {
  const { began, folder = electronFolder(), environment = process.env } = options
  if (folder === null) return cannot('it is not installed')
  if (environment.ELECTRON_SKIP_BINARY_DOWNLOAD)
    return cannot('ELECTRON_SKIP_BINARY_DOWNLOAD is set')
  const mirror = await unreachableMirror(environment)
  if (mirror !== null) return cannot(`${mirror} does not answer`)
  began()
  const { patience = 30_000, temporary = tmpdir() } = options
  await sweepLeft(temporary, downloadFolder)
  const failure = await install(folder, environment, patience, temporary).catch(
    (error: unknown) => toLamellaError(error).message
  )
  if (failure !== null) return cannot(failure)
  const program = electronBinary(folder, environment)
  return program === null ? cannot('its installer brought no program') : { program }
}

function cannot(reason: string): Fetched {
  return { obstacle: `Electron cannot be fetched: ${reason}` }
}

/** @returns why it failed, in words; null when it did not */
async function install(
  folder: string,
  environment: Environment,
  patience: number,
  temporary: string
): Promise<string | null> {
  // A folder of its own, in which what comes can be seen to grow, and nothing is left.
  const own = temporaryFolder(downloadFolder, temporary)
  const { path } = own
  const installer = spawn(process.execPath, [join(folder, 'install.js')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...environment, TMPDIR: path, TMP: path, TEMP: path, ELECTRON_GET_NO_PROGRESS: '1' }
  })
  const kill = () => void installer.kill('SIGKILL')
  const stop = () => process.exit(130)
  // Before its folder goes, into which it writes.
  process.prependOnceListener('exit', kill)
  for (const signal of stopping) process.once(signal, stop)
  const said = lastWords(installer.stderr)
  const ended = new Promise<string | null>(resolve => {
    installer.once('error', error => resolve(error.message))
    installer.once('exit', code => {
      if (code === 0) resolve(null)
      else void said().then(words => resolve(words || `its installer ended with ${code}`))
    })
  })
  const watching = new AbortController()
  try {
    return await Promise.race([
      ended,
      standstill([path, join(folder, 'dist')], patience, watching.signal)
    ])
  } finally {
    watching.abort()
    for (const signal of stopping) process.off(signal, stop)
    kill()
    // What is written until it has ended would be left.
    await ended
    process.off('exit', kill)
    own.remove()
  }
}

const stopping = ['SIGINT', 'SIGTERM'] as const
const downloadFolder = { prefix: 'lamella-electron-', suffix: '', longestRest: aWeek }

/** Resolves, in words, once folders have not grown for so many ms; never after the signal. */
function standstill(
  folders: readonly string[],
  patience: number,
  signal: AbortSignal
): Promise<string> {
  return new Promise(resolve => {
    let before = -1
    const look = async () => {
      const sizes = await Promise.all(folders.map(bytesIn))
      const now = sizes.reduce((sum, size) => sum + size, 0)
      if (signal.aborted) return
      if (now === before) resolve(`the download stood still for ${patience / 1000} s`)
      before = now
      timer = setTimeout(() => void look(), patience)
    }
    let timer = setTimeout(() => void look(), 0)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter(entry => entry.isFile())
  const sizes = files.map(({ parentPath, name }) =>
    stat(join(parentPath, name)).then(
      ({ size }) => size,
      () => 0
    )
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** The installer tries for long where there is no network; one short request tells beforehand. */
async function unreachableMirror(environment: Environment): Promise<string | null> {
  // A proxy of the installer's own cannot be tried from here.
  if (environment.ELECTRON_GET_USE_PROXY) return null
  const mirror =
    environment.ELECTRON_MIRROR ?? environment.npm_config_electron_mirror ?? 'https://github.com/'
  try {
    await fetch(mirror, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(3_000) })
    return null
  } catch {
    return mirror
  }
}
