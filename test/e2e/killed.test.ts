import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { builtCommand } from '../built.ts'
import { runCommand } from './command.ts'
import { openedWindows } from './opened-windows.ts'

/** What this test looks at of what the window saves. */
interface Saved {
  readonly panels: { readonly left: { readonly open: boolean } }
}

const open = openedWindows()

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

it('a session is there again with what was not saved in it, and its file is free to be saved', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-killed-')), 'Kept')
  const window = await open({}, undefined, false)
  const first = window.page
  await first.getByRole('application', { name: '81 tokens' }).waitFor()
  await first.keyboard.press('Control+Shift+s')
  await first.getByRole('textbox', { name: 'Name' }).fill(path)
  await first.getByRole('button', { name: 'Save', exact: true }).click()
  await expect.poll(() => sessionOf(first)).toBe('Session: Kept')

  await first.getByRole('gridcell', { name: 'Head 2.1', exact: true }).click()
  await runCommand(first, '> add a note to the tab')
  await first.getByRole('textbox', { name: 'Note' }).fill('Seen before the end')
  await first.getByRole('tab', { name: 'Attention' }).click()
  await runCommand(first, '> split the tab to the right')
  const prompt = first.getByRole('textbox', { name: 'Text', exact: true }).first()
  await prompt.fill('To be, or not')
  await prompt.press('Control+Enter')
  await first.getByRole('application', { name: '13 tokens' }).waitFor()
  for (const told of ['Seen before the end', 'To be, or not', '"layer":2,"head":1'])
    await expect.poll(() => window.saved().replace(/\s/g, ' ')).toContain(told)
  const shown = await standing(first)
  await window.kill()
  await first.close()

  const { page, complaints } = await open({}, window.dataFolder)
  await page.getByRole('application', { name: '13 tokens' }).waitFor()
  await page
    .getByRole('status', { name: 'Session' })
    .getByText('“Kept” has changes that are not saved')
    .waitFor()
  expect(await sessionOf(page)).toBe('Session: Kept, not saved')
  await expect.poll(() => standing(page)).toEqual(shown)
  await page
    .getByRole('article', { name: /^Note: / })
    .getByText('Seen before')
    .waitFor()
  await page.keyboard.press('Control+s')
  await expect.poll(() => sessionOf(page)).toBe('Session: Kept')
  expect(complaints).toEqual([])
})

it('a session that was saved as everything ended is there as it was saved', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-killed-')), 'Kept')
  const window = await open({}, undefined, false)
  const first = window.page
  await first.getByRole('application', { name: '81 tokens' }).waitFor()
  await first.keyboard.press('Control+Shift+s')
  await first.getByRole('textbox', { name: 'Name' }).fill(path)
  await first.getByRole('button', { name: 'Save', exact: true }).click()
  await expect.poll(() => sessionOf(first)).toBe('Session: Kept')
  await runCommand(first, '> add a note to the tab')
  await first.getByRole('textbox', { name: 'Note' }).fill('Saved at the end')
  await first.getByRole('tab', { name: 'Attention' }).click()
  await expect.poll(() => sessionOf(first)).toBe('Session: Kept, not saved')
  const before = statSync(`${path}.lamella`).mtimeMs
  await first.keyboard.press('Control+s')
  // As soon as the file is written, before the window knows.
  while (statSync(`${path}.lamella`).mtimeMs === before) await setImmediate()
  await window.kill()
  await first.close()

  const { page } = await open({}, window.dataFolder)
  await page
    .getByRole('article', { name: /^Note: / })
    .getByText('Saved at the end')
    .waitFor()
  expect(await sessionOf(page)).toBe('Session: Kept')
})

it('a session that outlived everything is composed into a figure of two panels, which is exported', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-killed-'))
  const window = await open({}, undefined, false)
  const first = window.page
  await first.getByRole('application', { name: '81 tokens' }).waitFor()
  const prompt = first.getByRole('textbox', { name: 'Text', exact: true })
  await prompt.fill('To be, or not')
  await prompt.press('Control+Enter')
  await first.getByRole('application', { name: '13 tokens' }).waitFor()
  await first.keyboard.press('Control+Shift+s')
  await first.getByRole('textbox', { name: 'Name' }).fill(join(folder, 'Paper'))
  await first.getByRole('button', { name: 'Save', exact: true }).click()
  await expect.poll(() => sessionOf(first)).toBe('Session: Paper')
  await first.getByRole('gridcell', { name: 'Head 2.1', exact: true }).click()
  await expect.poll(() => window.saved().replace(/\s/g, '')).toContain('"layer":2,"head":1')
  await window.kill()
  await first.close()

  const { page, complaints } = await open({}, window.dataFolder)
  await page.getByRole('application', { name: '13 tokens' }).waitFor()
  await expect.poll(() => sessionOf(page)).toMatch(/^Session: Paper/)
  await addTo(page, 'New figure', '(a)')
  await page.getByRole('gridcell', { name: 'Head 1.3', exact: true }).click()
  await page.getByRole('application', { name: 'Head 1.3' }).waitFor()
  await addTo(page, 'Figure 1', '(b)')
  await page.getByRole('status', { name: 'Saved' }).getByRole('button', { name: 'Show' }).click()
  const figure = page.getByRole('region', { name: 'Page' }).getByRole('img', { name: 'Figure 1' })
  await figure.waitFor()
  await page.keyboard.press('Control+s')
  await expect.poll(() => sessionOf(page)).toBe('Session: Paper')
  await exportMenu(page)
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'SVG' }).first().click()
  const path = join(folder, 'figure.svg')
  await (await downloading).saveAs(path)
  const svg = readFileSync(path, 'utf8')
  for (const said of ['>(a) Head 2.1<', '>(b) Head 1.3<'])
    expect(svg.includes(said), said).toBe(true)
  // It is drawn again of the file that was saved, without the window, by the command that it carries.
  expect(svg.includes(`figure Paper.lamella --figure 'Figure 1'`)).toBe(true)
  const again = join(folder, 'again.svg')
  const words = ['figure', `${join(folder, 'Paper')}.lamella`, '--figure', 'Figure 1']
  const env = { ...process.env, LAMELLA_DATA: mkdtempSync(join(tmpdir(), 'lamella-killed-')) }
  execFileSync(process.execPath, [builtCommand, ...words, '--out', again], { env, stdio: 'pipe' })
  const texts = (own: string) => [...own.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text)
  expect(texts(readFileSync(again, 'utf8'))).toEqual(texts(svg))
  expect(complaints).toEqual([])
})

it('a window that is loaded anew has what was done in it, also where another was used since', async () => {
  const window = await open({}, undefined, false)
  const first = window.page
  await first.getByRole('application', { name: '81 tokens' }).waitFor()
  const second = await first.context().newPage()
  await second.goto(
    await first.evaluate(() => `${location.href}#token=${sessionStorage.getItem('token')}`)
  )
  await second.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(first, '> add a note to the tab')
  await first.getByRole('textbox', { name: 'Note' }).fill('Work of the first window')
  await first.getByRole('tab', { name: 'Attention' }).click()
  await expect.poll(() => window.saved()).toContain('Work of the first window')
  await second.getByRole('gridcell', { name: 'Head 2.1', exact: true }).click()
  await expect.poll(() => window.saved()).not.toContain('Work of the first window')
  await first.reload()
  await first
    .getByRole('article', { name: /^Note: / })
    .getByText('Work of the first window')
    .waitFor()
})

function exportMenu(page: Page): Promise<void> {
  return page
    .getByRole('button', { name: 'Export', exact: true })
    .and(page.locator(':enabled'))
    .filter({ visible: true })
    .click()
}

/** Adds what the active tab shows to a figure, by keys. @param letter of the panel that it becomes */
async function addTo(page: Page, figure: string, letter: string): Promise<void> {
  await exportMenu(page)
  await page.getByRole('menuitem', { name: 'Add to a figure' }).first().press('ArrowRight')
  await page.getByRole('menuitem', { name: figure }).press('Enter')
  await page.getByRole('status', { name: 'Saved' }).filter({ hasText: letter }).waitFor()
}

function sessionOf(page: Page): Promise<string | null> {
  return page.getByRole('button', { name: /^Session: / }).getAttribute('aria-label')
}

/** What stands where: tabs, panes, the text and the head that is selected. */
async function standing(page: Page) {
  const selected = page.getByRole('gridcell', { selected: true }).first()
  return {
    tabs: await page.getByRole('tab').evaluateAll(all => all.map(tab => tab.ariaLabel)),
    panes: await page.locator('.dv-groupview').filter({ visible: true }).count(),
    text: await page.getByRole('textbox', { name: 'Text', exact: true }).first().inputValue(),
    head: await selected.getAttribute('aria-label')
  }
}
