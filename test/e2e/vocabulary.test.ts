import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show vocabulary')
  await table().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const table = () => panel().getByRole('grid', { name: 'Vocabulary' })
const rows = () => table().getByRole('rowgroup', { name: 'Rows' })
const search = () => panel().getByRole('searchbox', { name: 'Find tokens' })
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
const filter = (group: string, name: RegExp) =>
  panel().getByRole('region', { name: group }).getByRole('button', { name })

describe('the vocabulary', () => {
  it('is gone through by keys, and opens the neighbours of a token', async () => {
    await panel().getByText('65 found of 65 tokens, 65 rows').waitFor()
    await rows().press('End')
    const last = table().locator('[aria-rowindex="66"][aria-selected="true"]')
    await expect.poll(() => last.textContent()).toMatch(/^64z/)
    await rows().press('Enter')
    await page.getByText('z, token 64').waitFor()
    // Its output embedding is its input embedding over again: there is no other to choose.
    expect(await page.getByRole('radiogroup', { name: 'Rows of' }).count()).toBe(0)
    await page.keyboard.press('Alt+w')
    await table().waitFor()
    await rows().press('Home')
    await table().locator('[aria-rowindex="2"]').dblclick()
    await page.getByText(/, token 0$/).waitFor()
    await page.keyboard.press('Alt+w')
    await table().waitFor()
  })

  it('is searched by letters, by a regular expression, by kind and length', async () => {
    await search().fill('E')
    await panel().getByText('2 found of', { exact: false }).waitFor()
    await panel().getByRole('checkbox', { name: 'regular expression' }).check()
    await search().fill('^\\p{Lu}$')
    await panel().getByText('26 found of', { exact: false }).waitFor()
    await search().fill('(')
    await panel().getByRole('alert').getByText('no regular expression').waitFor()
    await search().fill('')
    await filter('Kinds', /^signs/).click()
    await panel().getByText('10 found of', { exact: false }).waitFor()
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^SVG/ }).first().click()
    const svg = readFileSync(await (await downloading).path(), 'utf8')
    expect(svg).toContain(
      'lamella -- figure shakespeare-char --view vocabulary --set form=lengths --set pattern=true --set kind=signs'
    )
  })

  it('keeps what is looked for over a reload', async () => {
    await expect.poll(() => served.saved()).toContain('"kind":"signs"')
    await page.reload()
    await panel().getByText('10 found of', { exact: false }).waitFor()
    await filter('Kinds', /^signs/).click()
    await panel().getByText('65 found of', { exact: false }).waitFor()
  })

  it('stands in Hebrew, at 640 pixels and in dark', async () => {
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await filter('Scripts', /^Hebrew/).click()
    await search().fill('ש')
    await expect.poll(() => rows().textContent()).toContain('ש')
    await expect.poll(() => readOut().textContent()).toMatch(/^1 found of/)
    expect(await panel().evaluate(own => own.scrollWidth - own.clientWidth)).toBe(0)
    expect(await faintTexts(page)).toEqual([])
    expect(served.complaints).toEqual([])
  })
})
