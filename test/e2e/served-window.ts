import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { patience, sharedChromium } from '../contract/chromium.ts'
import { builtCommand } from '../built.ts'

/** Lamella as it is built, served to a real browser, with a data folder of its own. */
export interface ServedWindow {
  readonly page: Page
  /** What the page's console and its code complained of. */
  readonly complaints: readonly string[]
  /** The window's arrangement as it is saved, in JSON; empty before the first time. */
  saved(): string
  readonly dataFolder: string
  /** Kills the server; the page stays. */
  kill(): Promise<void>
  close(): Promise<void>
}

/**
 * @param dataFolder what an earlier window left
 * @param models whether the panel of models is opened, which a first start leaves closed
 * @param prepare what is done to the page before it goes to the window
 */
export async function serveWindow(
  options: BrowserContextOptions = {},
  dataFolder = mkdtempSync(join(tmpdir(), 'lamella-e2e-')),
  models = !existsSync(join(dataFolder, 'workspace.json')),
  prepare: (page: Page) => Promise<void> = () => Promise.resolve()
): Promise<ServedWindow> {
  const server = spawn(process.execPath, [builtCommand, 'serve', '--no-open'], {
    env: { ...process.env, LAMELLA_DATA: dataFolder }
  })
  const complaints: string[] = []
  let context: BrowserContext | undefined
  try {
    const url = await addressOf(server)
    const browser = await sharedChromium()
    context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      // A browser without a GPU draws the whole page anew for each frame of what moves.
      reducedMotion: 'reduce',
      ...options
    })
    context.setDefaultTimeout(patience)
    const page = await context.newPage()
    page.on('pageerror', error => complaints.push(error.message))
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await prepare(page)
    await page.goto(url)
    if (models) await page.getByRole('button', { name: 'Models', exact: true }).click()
    const opened = context
    return {
      page,
      complaints,
      saved() {
        const file = join(dataFolder, 'workspace.json')
        return existsSync(file) ? readFileSync(file, 'utf8') : ''
      },
      dataFolder,
      kill() {
        const ended = new Promise<void>(resolve => server.once('exit', () => resolve()))
        server.kill('SIGKILL')
        return ended
      },
      async close() {
        await opened.close()
        server.kill('SIGINT')
      }
    }
  } catch (error) {
    await context?.close()
    server.kill()
    throw error
  }
}

/** The address in the one line that a server prints. */
export function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    server.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const [address] = /http:\/\/\S+/.exec(printed) ?? []
      if (address !== undefined) resolve(address)
    })
    server.on('exit', () => reject(new Error(`the server ended: ${printed}`)))
  })
}
