import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import chromium, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

/** The Chromium that npm brings, with its web security on. */
export async function launchChromium(): Promise<Browser> {
  let environment: Record<string, string> = {}
  for (let attempt = 1; ; attempt++)
    try {
      return await playwright.launch({
        executablePath: await chromium.executablePath(),
        args: ['--no-sandbox', '--headless=shell', '--disable-gpu'],
        env: { ...(process.env as Record<string, string>), ...environment },
        headless: true
      })
    } catch (error) {
      // Another worker may be unpacking the same program.
      if (attempt === 10) throw error
      if (String(error).includes('error while loading shared libraries'))
        environment = { LD_LIBRARY_PATH: await unpackLibraries() }
      else await new Promise(resolve => setTimeout(resolve, 1_000))
    }
}

/** Unpacks the libraries that a bare system lacks; the browser's package brings them. */
async function unpackLibraries(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  return join(await inflate(join(dirname(entry), '../bin/al2023.tar.br')), 'lib')
}
