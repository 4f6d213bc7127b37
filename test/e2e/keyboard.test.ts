import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false, async page => {
    await page.addInitScript(() => {
      const pointed: string[] = []
      Reflect.set(window, 'pointed', pointed)
      for (const type of ['pointerdown', 'mousedown', 'wheel'])
        window.addEventListener(type, () => pointed.push(type), { capture: true, passive: true })
    })
  })
  page = served.page
})
afterAll(() => served.close())

const map = (name: string) => page.getByRole('application', { name }).filter({ visible: true })
const active = () => page.locator('.dv-active-group .dv-active-tab').getAttribute('aria-label')

/** What has the focus: its role, or what it is, and its name. */
function focused(): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    const role = element?.getAttribute('role') ?? element?.localName ?? ''
    return `${role} ${element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? ''}`
  })
}

/** Goes with Tab, or another key, to what is called so; nothing that is asked for may be further than this. */
async function go(to: RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let i = 0; i < 60; i++) {
    const at = await focused()
    if (to.test(at)) return
    passed.push(at)
    await page.keyboard.press(key)
  }
  throw new Error(`${to} cannot be reached with ${key}; passed ${passed.join(', ')}`)
}

async function runText(text: string): Promise<void> {
  await page.keyboard.press('Control+l')
  await expect.poll(focused).toMatch(/^textarea/)
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(text)
  await page.keyboard.press('Control+Enter')
  await map(`, ${[...text].length} tokens`).waitFor()
}

/** Chooses from the menu of what has the focus. */
async function verb(title: RegExp): Promise<void> {
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menu').waitFor()
  await go(title, 'ArrowDown')
  await page.keyboard.press('Enter')
}

async function choose(query: string): Promise<void> {
  await expect.poll(focused).toMatch(/^combobox/)
  await page.keyboard.type(query)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** Saves what the focused tab shows as SVG. */
async function saved(item: RegExp): Promise<string> {
  await page.keyboard.press('Alt+e')
  await page.getByRole('menu').waitFor()
  await go(item, 'ArrowDown')
  const downloading = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-keyboard-')), 'figure.svg')
  await (await downloading).saveAs(path)
  await page.getByRole('status', { name: 'Saved' }).getByText('is saved').waitFor()
  return readFileSync(path, 'utf8')
}

describe('by keys alone, from the first start,', () => {
  it('what was done is taken back, and by the browser nothing more', async () => {
    await map(', 81 tokens').waitFor()
    const bar = page.getByRole('textbox', { name: 'Text', exact: true })
    const text = await bar.inputValue()
    await runText('Bee')
    await page.keyboard.press('Control+z')
    await page.getByRole('contentinfo').getByText('undone: changed the text').waitFor()
    for (let i = 0; i < 5; i++) await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+k')
    await expect.poll(focused).toMatch(/^combobox/)
    await page.keyboard.type('> redo')
    await page.getByRole('option', { name: 'Redo: changed the text' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await bar.inputValue()).toBe(text)
    // Nor in the bar: what was typed in it before is not of the text that stands there now.
    await bar.focus()
    for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z')
    expect(await bar.inputValue()).toBe(text)
    await page.keyboard.press('Control+Enter')
    await map(', 81 tokens').waitFor()
  })

  it('a text is run, and a head compared with another text', async () => {
    await map(', 81 tokens').waitFor()
    await runText('To be, or not to be')
    await go(/^gridcell /)
    await page.keyboard.press('ArrowRight')
    await verb(/^menuitem Compare with another text…/)
    await choose('first citizen')
    await expect.poll(active).toMatch(/^Head \d\.\d · attention, compared$/)
    await expect.poll(focused).toMatch(/^tab Head .*compared/)
    await expect.poll(() => page.getByRole('application').filter({ visible: true }).count()).toBe(2)
  })

  it('both of the pair are saved as figures, each with its text', async () => {
    expect(await saved(/^menuitem SVG.*To be/)).toContain('Text: To be, or not to be')
    expect(await saved(/^menuitem SVG.*First Citizen/)).toContain('Text: First Citizen')
  })

  it('another model is opened, and a head of it compared with the first one', async () => {
    await page.keyboard.press('Control+k')
    await choose('%attention')
    await expect.poll(active).toBe('Attention')
    // With one model open it is opened first.
    await page.keyboard.press('Control+k')
    await expect.poll(focused).toMatch(/^combobox/)
    await page.keyboard.type('compare with another model')
    await page.keyboard.press('Enter')
    await page
      .getByRole('button', { name: 'Open this folder' })
      .and(page.locator(':enabled'))
      .waitFor()
    await go(/^input Path/)
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(hebrew)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await runText('בראשית ברא')
    await go(/^gridcell /)
    await verb(/^menuitem Compare with another model…/)
    await choose('shakespeare')
    await expect.poll(active).toMatch(/compared$/)
    const trails = page.getByRole('list', { name: 'What this is about' }).filter({ visible: true })
    await expect.poll(() => trails.count()).toBe(2)
    expect(await trails.allTextContents()).toEqual([
      expect.stringContaining('hebrew'),
      expect.stringContaining('shakespeare-char')
    ])
  })

  it('nothing was pointed at, and nothing complained of', async () => {
    expect(await page.evaluate(() => Reflect.get(window, 'pointed') as string[])).toEqual([])
    expect(served.complaints).toEqual([])
  })
})
