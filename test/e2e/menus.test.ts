import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({ reducedMotion: 'reduce', hasTouch: true }, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const head = (name: string) => page.getByRole('gridcell', { name, exact: true })
const menu = () => page.getByRole('menu').first()
const views = () => page.getByRole('menu').last()
const active = async () => (await page.getByRole('tab', { selected: true }).textContent())!.trim()
const closed = () => page.getByRole('menu').first().waitFor({ state: 'detached' })

describe('the menu of a head', () => {
  it('has other views a level down, by what they are about, which keys reach', async () => {
    await head('Head 1.2').focus()
    await page.keyboard.press('Shift+F10')
    await menu().waitFor()
    expect(await menu().getByRole('menuitem').count()).toBeLessThan(12)
    await menu().getByRole('menuitem', { name: 'Open as', exact: true }).press('ArrowRight')
    await views().getByText('Activations and predictions').waitFor()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => page.getByRole('menu').count()).toBe(1)
    await page.keyboard.press('ArrowRight')
    await views().getByRole('menuitem', { name: 'Lines' }).waitFor()
    await page.keyboard.type('lines')
    await page.keyboard.press('Enter')
    await expect.poll(active).toMatch(/^Lines/)
    await page.keyboard.press('Alt+w')
  })

  it('opens that level by a touch, too', async () => {
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    await head('Head 1.2').click({ button: 'right' })
    await menu().getByRole('menuitem', { name: 'Open as', exact: true }).tap()
    await views().getByRole('menuitem', { name: 'Query–key' }).tap()
    await closed()
    await expect.poll(active).toMatch(/^Query–key/)
    await page.keyboard.press('Alt+w')
  })
})

/** Texts of a menu that is open, and of those a level down: `Open as Lines`. */
async function texts(): Promise<string[]> {
  const own = await menu()
    .getByRole('menuitem')
    .or(menu().getByRole('menuitemradio'))
    .evaluateAll(items =>
      items
        .filter(item => item.ariaDisabled !== 'true' && item.ariaChecked !== 'true')
        .map(item => {
          const note = item.querySelector('.menu-note')?.textContent ?? ''
          return { text: item.textContent.replace(note, '').trim(), deeper: item.ariaHasPopup }
        })
    )
  const all: string[] = []
  for (const { text, deeper } of own) {
    all.push(text)
    if (deeper !== 'menu') continue
    await menu().getByRole('menuitem', { name: text, exact: true }).first().press('ArrowRight')
    await expect.poll(() => page.getByRole('menu').count()).toBe(2)
    const below = await views().getByRole('menuitem').allTextContents()
    all.push(...below.map(name => `${text} ${name.trim()}`))
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => page.getByRole('menu').count()).toBe(1)
  }
  return all
}

describe('the palette', () => {
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first()
  const menus: readonly [string, () => Promise<void>][] = [
    [
      'a head',
      async () => {
        await head('Head 1.2').click()
        await head('Head 1.2').click({ button: 'right' })
      }
    ],
    ['a tab', () => page.getByRole('tab', { selected: true }).click({ button: 'right' })],
    [
      'a cell',
      async () => {
        const map = page.getByRole('application').filter({ visible: true })
        const { width, height } = (await map.boundingBox())!
        const position = { x: width * 0.35, y: height * 0.7 }
        await map.click({ position })
        await map.click({ position, button: 'right' })
      }
    ],
    ['a token', () => page.getByRole('option').nth(5).click({ button: 'right' })],
    [
      'a block',
      () => page.getByText('block 1', { exact: true }).first().click({ button: 'right' })
    ],
    ['models', () => button(/^Model: /).click()],
    ['the session', () => button(/^Session: /).click()],
    ['texts', () => button('Texts that have run').click()],
    ['providers', () => button(/^Provider/).click()],
    ['views and layouts', () => button('Open a view').click()],
    ['what inspected is opened as', () => button('Open as…').click()],
    ['notes', () => page.getByRole('region', { name: 'Notes' }).getByText('Add').click()],
    ['files', () => button('Export').click()],
    [
      'a run of the history',
      async () => {
        await page.getByRole('button', { name: 'Texts', exact: true }).click()
        await page
          .getByRole('treeitem')
          .filter({ hasText: 'First Citizen' })
          .last()
          .click({ button: 'right' })
      }
    ],
    ['what is made anew', () => button('New…').click()]
  ]

  it('finds all that menus offer, by their own words', async () => {
    const offered: string[] = []
    for (const [name, show] of menus) {
      await page.getByRole('tab', { name: 'Attention', exact: true }).click()
      await show()
      await menu().waitFor()
      const own = await texts()
      expect(own.length, name).toBeGreaterThan(0)
      offered.push(...own)
      await page.keyboard.press('Escape')
      await closed()
    }
    await page.keyboard.press('Control+k')
    const dialog = page.getByRole('dialog')
    const missing: string[] = []
    const all = ['close the model', 'open as lines', 'zoom into the map', ...new Set(offered)]
    for (const words of all) {
      await dialog.getByRole('combobox', { name: 'Command' }).fill(words)
      if ((await dialog.getByText('No command matches').count()) > 0) missing.push(words)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(missing).toEqual([])
  })
})

describe('a map', () => {
  it('is zoomed by keys wherever the focus is, and fits again', async () => {
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    const zoom = page.getByRole('group', { name: 'Zoom' }).filter({ visible: true })
    const fit = zoom.getByRole('button', { name: 'Fit' })
    await head('Head 0.1').click()
    expect(await fit.isDisabled()).toBe(true)
    await page.keyboard.press('+')
    await expect.poll(() => fit.isDisabled()).toBe(false)
    await page.keyboard.press('-')
    await expect.poll(() => fit.isDisabled()).toBe(true)
    await page.keyboard.press('=')
    await page.keyboard.press('0')
    await expect.poll(() => fit.isDisabled()).toBe(true)
  })
})

it('complains of nothing', () => {
  expect(served.complaints).toEqual([])
})
