import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-set-aside-'))
let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const aside = () => page.getByRole('status', { name: 'Model' }).getByText('is set aside')
const exportMenu = () =>
  page.getByRole('button', { name: 'Export', exact: true }).filter({ visible: true })

describe('a model that is set aside', () => {
  it('is so for a session that kept numbers of it', async () => {
    await exportMenu().click()
    await page.getByRole('menuitem', { name: 'Add to a figure' }).first().press('ArrowRight')
    await page.getByRole('menuitem', { name: 'New figure' }).press('Enter')
    await page.getByRole('status', { name: 'Saved' }).getByRole('button', { name: 'Show' }).click()
    await page.getByRole('article', { name: 'Panel (a)' }).waitFor()
    await page.getByRole('tab', { name: 'Attention' }).click()
    await page.keyboard.press('Control+Shift+s')
    const save = page.getByRole('dialog', { name: 'Save the session' })
    await save.getByRole('radio', { name: /^What was looked at/ }).click()
    await save.getByRole('textbox', { name: 'Name' }).fill(join(folder, 'Kept'))
    await save.getByRole('button', { name: 'Save', exact: true }).click()
    await save.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Model: / }).click()
    await page.getByRole('menuitem', { name: 'Show what the session kept' }).click()
    await aside().first().waitFor()
  })

  it('is told of in its overview, which shows what is known of it', async () => {
    await runCommand(page, 'show overview')
    await aside().filter({ visible: true }).waitFor()
    const parameters = page.getByRole('region', { name: 'Parameters' }).filter({ visible: true })
    await parameters.getByText(/^[\d,]+ parameters$/).waitFor()
  })

  it('is brought back beside a panel that is of it', async () => {
    await page.getByRole('tab', { name: 'Figure 1' }).click()
    const card = page.getByRole('article', { name: 'Panel (a)' })
    await card.getByText('its model is set aside').waitFor()
    await card.getByRole('button', { name: 'Compute with it again' }).click()
    await card.getByText('its model is set aside').waitFor({ state: 'detached' })
    expect(await page.getByRole('status', { name: 'Model' }).count()).toBe(0)
    expect(served.complaints).toEqual([])
  })
})
