import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
})
afterAll(() => served.close())

const setting = (name: string) => page.getByRole('group', { name, exact: true })
const choose = async (name: string, option: string) => {
  await setting(name)
    .getByRole('button', { name: `${name}:` })
    .click()
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
}
const theme = () => page.evaluate(() => document.documentElement.dataset.theme)

const command = (title: string) => runCommand(page, title)

describe('the settings', () => {
  it('open by a key, in one tab', async () => {
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press('Control+,')
      await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor()
      await page.getByRole('tab', { name: 'Attention' }).click()
      await page.getByRole('grid', { name: 'All heads' }).waitFor()
    }
    expect(await page.getByRole('tab', { name: 'Settings' }).count()).toBe(1)
  })

  it('are each reached by the palette, with the focus', async () => {
    await command('> settings: theme')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await expect.poll(focused).toBe('Theme: System')
    await command('> settings: significant')
    await expect.poll(focused).toBe('Significant digits: 3')
  })

  it('take effect at once, tell their default and go back to it', async () => {
    await choose('Theme', 'Dark')
    await expect.poll(theme).toBe('dark')
    await setting('Theme').getByText('Default: System').waitFor()
    await expect.poll(() => faintTexts(page)).toEqual([])
    await setting('Theme').getByRole('button', { name: 'Reset Theme' }).click()
    await expect.poll(theme).toBe('light')
    await expect.poll(() => faintTexts(page)).toEqual([])
    await choose('Significant digits', '5')
    const weight = page.getByRole('region', { name: 'Selected cell' }).locator('strong')
    await expect.poll(() => weight.textContent()).toMatch(/^0\.[0-9]{5}$/)
    await page.getByRole('button', { name: 'Reset all' }).click()
    await expect.poll(() => weight.textContent()).toMatch(/^0\.[0-9]{3}$/)
    expect(await page.getByRole('button', { name: 'Reset all' }).isDisabled()).toBe(true)
  })

  it('are kept over a reload', async () => {
    await choose('Colour map', 'Viridis')
    await expect.poll(() => served.saved()).toContain('"viridis"')
    await page.reload()
    await setting('Colour map').getByText('Default: Magma').waitFor()
    await page.getByRole('contentinfo').getByText('81 tokens').waitFor()
  })

  it('are found by a word', async () => {
    await page.getByRole('searchbox', { name: 'Find a setting' }).fill('cividis')
    await setting('Theme').waitFor({ state: 'detached' })
    await setting('Colour map').waitFor()
    await page.getByRole('searchbox', { name: 'Find a setting' }).press('Escape')
    await setting('Theme').waitFor()
  })

  it('take a memory budget, and the default again', async () => {
    await setting('Memory budget').getByRole('button', { name: 'GB…' }).click()
    await page.getByRole('textbox', { name: 'Budget' }).fill('3.5')
    await page.getByRole('button', { name: 'Save' }).click()
    await setting('Memory budget').getByRole('button', { name: '3.50 GB…' }).waitFor()
    await setting('Memory budget').getByRole('button', { name: 'Reset Memory budget' }).click()
    await setting('Memory budget').getByText('Default', { exact: true }).waitFor()
  })

  it('say where data is and how much, and clear what was computed', async () => {
    const data = setting('Data folder')
    await data.getByText(served.dataFolder).waitFor()
    await data.getByRole('button', { name: 'Clear what was computed…' }).click()
    await data.getByRole('button', { name: 'Keep' }).click()
    await data.getByRole('button', { name: 'Clear what was computed…' }).click()
    await data.getByRole('button', { name: /^Clear \d/ }).click()
    await page.getByRole('contentinfo').getByText('cache 0 B').waitFor()
    expect(existsSync(join(served.dataFolder, 'workspace.json'))).toBe(true)
    // What is looked at afterwards is computed again.
    await page.getByRole('tab', { name: 'Attention' }).click()
    await page.getByRole('gridcell', { name: 'Head 3.3', exact: true }).click()
    await page.getByRole('application', { name: 'Head 3.3, 81 tokens' }).waitFor()
    expect(await page.getByRole('alert').filter({ hasText: /./ }).count()).toBe(0)
  })

  it('tell which Lamella it is, its notices, and what to report', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.keyboard.press('Control+,')
    const about = setting('About Lamella')
    await about.getByText(served.dataFolder).waitFor()
    await about.getByText('MIT', { exact: true }).waitFor()
    await about.getByRole('button', { name: 'Copy for a report' }).click()
    await about.getByRole('status').getByText('Copied').waitFor()
    const report = await page.evaluate(() => navigator.clipboard.readText())
    expect(report).toMatch(
      /^Lamella \d+\.\d+\.\d+, served to a browser\nComputes with: \w+ \(.+\)\nModel: gpt2\n/
    )
    expect(report).not.toContain(served.dataFolder)
    await about.getByRole('button', { name: 'Third-party notices' }).click()
    await page.getByRole('dialog', { name: 'Third-party notices' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('stand whole in a window of 640 pixels', async () => {
    await page.setViewportSize({ width: 640, height: 800 })
    await command('> settings: data folder')
    const overflow = () =>
      setting('Data folder').evaluate(row => {
        const scroller = row.closest('.column')!.parentElement!
        return scroller.scrollWidth - scroller.clientWidth
      })
    await expect.poll(overflow).toBe(0)
    expect(served.complaints).toEqual([])
  })
})
