import { afterEach, expect, it } from 'vitest'
import { serveWindow, type ServedWindow } from './served-window.ts'

/** What this test looks at of what the window saves. */
interface Saved {
  readonly panels: { readonly left: { readonly open: boolean } }
}

const windows: ServedWindow[] = []
afterEach(async () => {
  for (const window of windows.splice(0)) await window.close()
})

async function open(...given: Parameters<typeof serveWindow>): Promise<ServedWindow> {
  const window = await serveWindow(...given)
  windows.push(window)
  return window
}

it('82: what was changed before everything is killed is there at the next start', async () => {
  const window = await open()
  const { page } = window
  const saved = () => window.saved()
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  const prompt = page.getByRole('textbox', { name: 'Text' })
  await prompt.fill('A text that nobody has run')
  await page.keyboard.press('Control+b')
  // It saves by itself, half a second after the last change; what is in the file outlives the server.
  await expect.poll(saved).toContain('nobody has run')
  await expect.poll(() => (JSON.parse(saved()) as Saved).panels.left.open).toBe(false)
  await window.kill()
  await page.close()

  const next = await open({}, window.dataFolder)
  await next.page.getByRole('application', { name: 'tokens' }).waitFor()
  const again = next.page.getByRole('textbox', { name: 'Text' })
  expect(await again.inputValue()).toBe('A text that nobody has run')
  expect(await next.page.getByRole('tree').count()).toBe(0)
})
