import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { focusedName, runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({ hasTouch: true }, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const exportMenu = () =>
  page.getByRole('button', { name: 'Export', exact: true }).filter({ visible: true }).click()
const cards = () => page.getByRole('region', { name: 'Panels' }).getByRole('article')
const titles = () =>
  cards()
    .getByRole('textbox', { name: /^Title/ })
    .evaluateAll(fields => fields.map(field => (field as HTMLInputElement).value))
const size = () => page.getByRole('status', { name: 'Size of the page' }).textContent()

/** Adds what the active tab shows to a figure, by keys. @param letter of the panel that it becomes */
async function addTo(figure: string, letter: string): Promise<void> {
  await exportMenu()
  await page.getByRole('menuitem', { name: 'Add to a figure' }).first().press('ArrowRight')
  await page.getByRole('menuitem', { name: figure }).press('Enter')
  // What was said of the panel before stands there for six seconds.
  await page
    .getByRole('status', { name: 'Saved' })
    .filter({ hasText: letter })
    .getByText('is added to “Figure 1”')
    .waitFor()
}

async function saved(format: string): Promise<Buffer> {
  await exportMenu()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  const download = await downloading
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-figure-')), download.suggestedFilename())
  await download.saveAs(path)
  return readFileSync(path)
}

/** Moves a finger from the middle of what is there so far. */
async function drag(from: Locator, { x, y }: { x: number; y: number }): Promise<void> {
  const finger = await page.context().newCDPSession(page)
  const box = (await from.boundingBox())!
  const send = (type: 'touchStart' | 'touchMove', share: number) =>
    finger.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: [{ x: box.x + box.width / 2 + x * share, y: box.y + box.height / 2 + y * share }]
    })
  await send('touchStart', 0)
  for (let i = 1; i <= 10; i++) await send('touchMove', i / 10)
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await finger.detach()
}

describe('a figure of panels', () => {
  it('is made of what views show', async () => {
    await addTo('New figure', '(a)')
    await runCommand(page, 'show overview')
    await page
      .getByRole('button', { name: 'Export', exact: true })
      .and(page.locator(':enabled'))
      .filter({ visible: true })
      .waitFor()
    await addTo('Figure 1', '(b)')
    await page.getByRole('status', { name: 'Saved' }).getByRole('button', { name: 'Show' }).click()
    const shown = page.getByRole('region', { name: 'Page' })
    await shown.getByRole('img', { name: 'Figure 1' }).waitFor()
    expect(await shown.getByRole('button').count()).toBe(2)
    expect((await titles())[1]).toBe('Parameters by category')
  })

  it('has its panels in another order, by keys, and their letters follow', async () => {
    const [head] = await titles()
    await cards().first().press('Alt+ArrowDown')
    await expect.poll(titles).toEqual(['Parameters by category', head])
    await page.getByRole('button', { name: 'Panel (a) Parameters by category' }).waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await expect.poll(focused).toBe('Panel (b)')
  })

  it('has its panels in another place, by pointer, and takes it back', async () => {
    const [first, second] = await titles()
    const number = (i: number) => cards().nth(i).locator('strong')
    const onPage = page.getByRole('region', { name: 'Page' }).getByRole('button')
    const drags = [
      () => onPage.first().dragTo(onPage.last()),
      () => onPage.last().dragTo(onPage.first()),
      () => number(0).dragTo(cards().last()),
      () => number(1).dragTo(cards().first())
    ]
    for (const drag of drags) {
      await drag()
      await expect.poll(titles).toEqual([second, first])
      await page.keyboard.press('Control+z')
      await expect.poll(titles).toEqual([first, second])
    }
    await number(0).hover()
    await page.mouse.down()
    await cards().last().hover()
    await page.locator('.after').waitFor()
    await page.keyboard.press('Escape')
    await page.mouse.up()
    expect(await page.locator('.dragged').count()).toBe(0)
    expect(await titles()).toEqual([first, second])
  })

  it('has its panels in another place by finger, once one is pointed out', async () => {
    const [first, second] = await titles()
    const onPage = page.getByRole('region', { name: 'Page' }).getByRole('button')
    const action = () => onPage.first().evaluate(own => getComputedStyle(own).touchAction)
    // Else a finger moves the page.
    expect(await action()).toBe('pan-x pan-y')
    await onPage.first().tap()
    await expect.poll(action).toBe('none')
    const [own, other] = [
      (await onPage.first().boundingBox())!,
      (await onPage.last().boundingBox())!
    ]
    await drag(onPage.first(), { x: other.x - own.x, y: other.y - own.y })
    await expect.poll(titles).toEqual([second, first])
    await page.keyboard.press('Control+z')
    await expect.poll(titles).toEqual([first, second])
  })

  it('is as wide as a paper asks, on the page and in its file', async () => {
    await page.getByRole('button', { name: 'Preset' }).click()
    await page.getByRole('menuitemradio', { name: 'NeurIPS' }).click()
    await expect.poll(size).toMatch(/^139\.7 × [\d.]+ mm, letters 9\.0 pt$/)
    // 139.7 mm in points of 1/72 inch.
    expect((await saved('PDF')).toString('latin1')).toMatch(/\/MediaBox \[0 0 396(\.0+\d*)? /)
    const svg = (await saved('SVG')).toString()
    expect(svg).toContain('--figure ‘Figure 1’'.replace('‘', "'").replace('’', "'"))
    expect(svg).toMatch(/>\(a\) Parameters by category</)
    const numbers = JSON.parse((await saved('JSON')).toString()) as { variables: object }
    expect(Object.keys(numbers.variables)).toEqual(
      expect.arrayContaining(['a.elements', 'b.weight'])
    )
  })

  it('is for a paper as the page has it, whatever was chosen for another file before', async () => {
    const dialog = page.getByRole('dialog', { name: 'Export for a paper' })
    const preset = dialog.getByRole('button', { name: /^Preset/ })
    const open = async () => {
      await exportMenu()
      await page.getByRole('menuitem', { name: 'For a paper' }).press('Enter')
      await dialog.getByRole('img').waitFor()
      await preset.getByText('As the page has it').waitFor()
      await dialog.getByText(/^139\.7 × [\d.]+ mm, letters 9\.0 pt/).waitFor()
    }
    await open()
    await preset.press('Enter')
    await page.getByRole('menuitemradio', { name: 'TeX document' }).click()
    await dialog.getByText(/^121\.25 × /).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    const ground = page
      .getByTitle('The figure has a white background; else none')
      .getByRole('checkbox')
    await ground.uncheck()
    await open()
    expect(await dialog.getByRole('checkbox', { name: 'background' }).isChecked()).toBe(false)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await ground.check()
    await open()
    expect(await dialog.getByRole('checkbox', { name: 'background' }).isChecked()).toBe(true)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('has a height that is taken back also where another was refused since', async () => {
    const height = page.getByRole('textbox', { name: /^Height of panel/ }).last()
    await height.fill('60')
    await height.press('Enter')
    await height.fill('2')
    await height.press('Enter')
    const fault = cards().last().getByRole('alert')
    await fault.getByText(/^10 to /).waitFor()
    await page.getByRole('region', { name: 'Page' }).click()
    await page.keyboard.press('Control+z')
    await fault.waitFor({ state: 'detached' })
    expect(await height.inputValue()).toBe('')
    expect(await height.evaluate(own => (own as HTMLInputElement).validity.valid)).toBe(true)
  })

  it('says which panel is of another text, and draws it anew', async () => {
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('To be, or not')
    await text.press('Control+Enter')
    await cards().last().getByText('of another text').waitFor()
    await cards().last().getByRole('button', { name: 'Draw anew' }).click()
    await cards().last().getByText('of another text').waitFor({ state: 'detached' })
    await cards()
      .last()
      .getByText(/· To be, or not$/)
      .waitFor()
  })

  it('is removed, and taken back, and there after a reload', async () => {
    await runCommand(page, 'find a note')
    const list = page.getByRole('region', { name: 'Figures' })
    await list.getByRole('button', { name: 'Figure 1', exact: true }).press('Delete')
    await page.getByText('This figure was removed').waitFor()
    await expect.poll(() => focusedName(page)).toMatch(/Undo/)
    // By the key, too, the focus stays in the list.
    await page.keyboard.press('Control+z')
    await list.getByRole('button', { name: 'Figure 1', exact: true }).waitFor()
    expect(await list.evaluate(own => own.contains(document.activeElement))).toBe(true)
    await list.getByRole('button', { name: 'Figure 1', exact: true }).press('Delete')
    await list.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(size).toMatch(/^139\.7 /)
    await expect.poll(() => served.saved()).toContain('"preset":"neurips"')
    await page.reload()
    await page
      .getByRole('region', { name: 'Page' })
      .getByRole('img', { name: 'Figure 1' })
      .waitFor()
    expect((await titles())[0]).toBe('Parameters by category')
    expect(served.complaints).toEqual([])
  })
})
