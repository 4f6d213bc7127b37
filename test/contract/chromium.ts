import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

/** The Chromium that npm brings, with its web security on. */
export async function launchChromium(): Promise<Browser> {
  for (let attempt = 1; ; attempt++)
    try {
      return await playwright.launch({
        executablePath: await chromium.executablePath(),
        args: ['--no-sandbox', '--headless=shell', '--disable-gpu'],
        headless: true
      })
    } catch (error) {
      // Another worker may be unpacking the same program.
      if (attempt === 10) throw error
      await new Promise(resolve => setTimeout(resolve, 1_000))
    }
}
