import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { focusedName, runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({ viewport: { width: 1280, height: 800 } })
  page = served.page
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
})
afterAll(() => served.close())

const prompt = () => page.getByRole('textbox', { name: 'Text' })
const tab = (title: string) => page.getByRole('tab').filter({ hasText: title })
const shown = () => page.getByRole('tabpanel').filter({ visible: true })
const about = () => page.getByRole('complementary', { name: 'About this view' })
const config = () => page.getByRole('region', { name: 'Config' })

const command = (title: string) => runCommand(page, title)

const focused = () => focusedName(page)

describe('About', () => {
  it('leaves the overview whole', async () => {
    await tab('Overview').click()
    await config().getByText('width of the residual stream').waitFor()
    await shown().getByRole('button', { name: 'About', exact: true }).click()
    await about().waitFor()
    const panel = (await about().boundingBox())!
    const value = (await config().getByText('192', { exact: true }).boundingBox())!
    expect(value.x + value.width).toBeLessThan(panel.x)
  })

  it('tells a width in one line', async () => {
    const heights = await config()
      .locator('dl > *')
      .evaluateAll(cells => cells.map(({ clientHeight }) => clientHeight))
    expect(Math.max(...heights)).toBe(Math.min(...heights))
  })

  it('closes with Esc wherever the focus is in the view', async () => {
    await config().locator('summary').focus()
    await page.keyboard.press('Escape')
    await about().waitFor({ state: 'detached' })
  })

  it('stays while Esc empties a search or closes a dialog', async () => {
    await shown().getByRole('button', { name: 'About', exact: true }).click()
    const search = shown().getByRole('searchbox', { name: 'Filter tensors' })
    await search.fill('wte')
    await page.keyboard.press('Escape')
    expect(await search.inputValue()).toBe('')
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await about().getByRole('heading', { name: 'Formula' }).waitFor()
    await about().getByRole('button', { name: 'Close About' }).focus()
    await page.keyboard.press('Escape')
    await about().waitFor({ state: 'detached' })
    expect(await focused()).toBe('About')
  })
})

describe('a head', () => {
  it('is zoomed beside what is read, with nothing covered', async () => {
    await tab('Attention').click()
    const zoom = shown().getByRole('group', { name: 'Zoom' })
    const map = (await shown().getByRole('application').boundingBox())!
    expect((await zoom.boundingBox())!.y).toBeGreaterThanOrEqual(map.y + map.height)
    await zoom.getByRole('button', { name: 'Zoom in' }).click()
    await zoom.getByRole('button', { name: 'Fit' }).click()
    expect(await zoom.getByRole('button', { name: 'Fit' }).isDisabled()).toBe(true)
  })

  it('has no colour bar in a narrow pane, and reads out the weight whole', async () => {
    const bar = shown().getByRole('img', { name: /^Colour bar/ })
    await bar.waitFor()
    const handle = shown().getByRole('separator', { name: 'Width of the grid' })
    await handle.focus()
    // What has its place by the width of the pane has it once that was drawn.
    const drawn = () =>
      page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done))))
    for (let i = 0; i < 60 && (await bar.isVisible()); i++) {
      await handle.press('ArrowRight')
      await drawn()
    }
    await handle.press('ArrowRight')
    await drawn()
    await bar.waitFor({ state: 'detached' })
    const readOut = shown().getByRole('status', { name: 'Read-out' })
    const weight = (await readOut.locator('strong').boundingBox())!
    const line = (await readOut.boundingBox())!
    expect(weight.x + weight.width).toBeLessThanOrEqual(line.x + line.width)
    await handle.dblclick()
    await bar.waitFor()
  })
})

describe('the keyboard', () => {
  it('is offered no closed tab before one is closed', async () => {
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Type a command').fill('reopen')
    await page.getByText('Nothing matches').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('goes on from a tab that it opens, closes or opens again', async () => {
    const cell = page.getByRole('gridcell', { name: 'Head 0.1', exact: true })
    await cell.click()
    await cell.press('Enter')
    await expect.poll(focused).toBe('Head 0.1 · attention')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Open a view')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Look')
    await page.keyboard.press('Alt+w')
    await expect.poll(focused).toBe('Attention')
    await page.keyboard.press('Alt+Shift+t')
    await expect.poll(focused).toBe('Head 0.1 · attention')
    await command('show overview')
    await expect.poll(focused).toBe('Overview')
    await command('close the tab')
    const selected = () => page.getByRole('tab', { selected: true }).getAttribute('aria-label')
    await expect.poll(selected).not.toBe('Overview')
    await expect.poll(focused).toBe(await selected())
  })

  it('leaves the text to who types it, and the pointer its own', async () => {
    await prompt().click()
    await page.keyboard.press('Alt+Shift+t')
    await page.getByRole('tab', { selected: true }).filter({ hasText: 'Overview' }).waitFor()
    await page.waitForTimeout(100)
    expect(await prompt().evaluate(field => field === document.activeElement)).toBe(true)
    await prompt().blur()
    await tab('Overview').getByRole('button', { name: 'Close Overview' }).click()
    await tab('Overview').waitFor({ state: 'detached' })
    await page.waitForTimeout(100)
    expect(await focused()).toBe('nothing')
  })
})

describe('a token', () => {
  it('says when the vocabulary does not have what it stands for', async () => {
    await prompt().fill('Fa\u00e7ade\n')
    const chips = page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
    await expect.poll(() => chips.allTextContents()).toEqual(['F', 'a', '↵', 'a', 'd', 'e', '↵'])
    await chips.nth(2).hover()
    const card = page.getByRole('tooltip')
    await card.getByText('ç is not in the vocabulary: read as ↵').waitFor()
    const marked = await chips.evaluateAll(all =>
      all.map(chip => getComputedStyle(chip).textDecorationStyle === 'dotted')
    )
    expect(marked.indexOf(true)).toBe(2)
    expect(marked.lastIndexOf(true)).toBe(2)
    await chips.nth(6).hover()
    await card.getByText('not in the vocabulary').waitFor({ state: 'detached' })
  })
})

describe('the providers', () => {
  it('are those that this machine has', async () => {
    await page.getByRole('button', { name: /^Provider/ }).click()
    const offered = (name: string) => page.getByRole('menuitemradio', { name, exact: true })
    await offered('auto').waitFor()
    await offered('cpu').waitFor()
    const elsewhere = process.platform === 'darwin' ? 'dml' : 'coreml'
    expect(await offered(elsewhere).count()).toBe(0)
    await page.keyboard.press('Escape')
    await offered('auto').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Type a command').fill(`compute with ${elsewhere}`)
    await page.getByText('Nothing matches').waitFor()
    await page.keyboard.press('Escape')
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
