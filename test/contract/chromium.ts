import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import chromium, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

const packaged = join(
  dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
  '../bin'
)
/** How long a browser is waited for, in ms: a busy machine may take many times what an idle one does. */
export const patience = 5 * 60_000

let shared: Promise<Browser> | undefined

/**
 * The Chromium of all files that one of Vitest's workers takes: to start one takes longer than most tests, and its contexts
 * share nothing. It ends with the worker.
 */
export async function sharedChromium(): Promise<Browser> {
  const running = await shared?.catch(() => undefined)
  if (running?.isConnected()) return running
  shared = launchChromium()
  return shared
}

/** The Chromium that npm brings, with its web security on. */
async function launchChromium(): Promise<Browser> {
  const folder = await unpacked('chromium', () => chromium.executablePath(packaged))
  const launch = (environment: Record<string, string>) =>
    playwright.launch({
      executablePath: join(folder, 'chromium'),
      args: ['--no-sandbox', '--headless=shell', '--disable-gpu'],
      env: { ...(process.env as Record<string, string>), ...environment },
      headless: true,
      timeout: patience
    })
  return launch({}).catch(async (error: unknown) => {
    if (!String(error).includes('error while loading shared libraries')) throw error
    // What a bare system lacks, the package brings.
    const libraries = await unpacked('al2023', () => inflate(join(packaged, 'al2023.tar.br')))
    return launch({ LD_LIBRARY_PATH: join(libraries, 'al2023/lib') })
  })
}

/**
 * A folder of what the package unpacks into the temporary folder, whole: others may be unpacking the same meanwhile,
 * and the first that has it gives it its name.
 */
async function unpacked(name: string, unpack: () => Promise<string>): Promise<string> {
  const about = readFileSync(join(packaged, '../package.json'), 'utf8')
  const { version } = JSON.parse(about) as { version: string }
  const place = join(tmpdir(), `lamella-${name}-${version}`)
  if (existsSync(place)) return place
  const own = mkdtempSync(`${place}-`)
  const { TMPDIR } = process.env
  process.env.TMPDIR = own
  try {
    await unpack()
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
  try {
    renameSync(own, place)
  } catch (error) {
    rmSync(own, { recursive: true, force: true })
    if (!existsSync(place)) throw error
  }
  return place
}
