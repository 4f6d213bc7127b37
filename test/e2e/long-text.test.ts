import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hoverMap, scrollTokens } from './gestures.ts'
import { longModel, longText } from './long-model.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

// How quick all this is, `npm run bench:window` tells.
let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({ reducedMotion: 'no-preference' })
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await openModel(page, longModel())
  await page.getByRole('textbox', { name: 'Text' }).fill(longText)
  await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
  await page.getByRole('application', { name: ', 1000 tokens' }).waitFor()
})
afterAll(() => served.close())

const mapOf = (head: string) =>
  page.getByRole('application', { name: `Attention map of Head ${head}` }).filter({ visible: true })
const tokens = () => page.getByRole('listbox', { name: 'Tokens' })

describe('1,000 tokens', () => {
  it('have maps in tabs that are changed between', async () => {
    for (const head of ['0.1', '1.0']) {
      await page.getByRole('tab', { name: 'Attention', exact: true }).click()
      await page.getByRole('gridcell', { name: `Head ${head}`, exact: true }).dblclick()
      await mapOf(head).waitFor()
    }
    for (const head of ['0.1', '1.0']) {
      await page.getByRole('tab', { name: `Head ${head} · attention` }).click()
      await mapOf(head).waitFor()
    }
  })

  it('are drawn where they are seen, and the last one where it is gone to', async () => {
    const drawn = tokens().getByRole('option')
    expect(await drawn.count()).toBeLessThan(700)
    const last = page.getByRole('option').and(page.locator('[aria-posinset="1000"]'))
    expect(await last.count()).toBe(0)
    await tokens().press('End')
    await last.waitFor()
    const { x, width } = (await last.boundingBox())!
    expect(x + width).toBeLessThan(1440)
    await tokens().press('Home')
    await last.waitFor({ state: 'detached' })
  })

  it('are scrolled by the wheel, to where they were', async () => {
    const first = page.getByRole('option').and(page.locator('[aria-posinset="1"]'))
    const before = await first.boundingBox()
    await scrollTokens(page)
    await expect.poll(() => first.boundingBox()).toEqual(before)
  })

  it('are told of where the pointer is on their map', async () => {
    await hoverMap(page)
    const readOut = page
      .getByRole('tabpanel')
      .filter({ visible: true })
      .getByRole('status', { name: 'Read-out' })
    await expect.poll(() => readOut.textContent()).toMatch(/query .*\d+.*key .*\d+/)
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
