import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const head = (name: string) => page.getByRole('gridcell', { name, exact: true })
const menu = () => page.getByRole('menu').first()
const views = () => page.getByRole('menu').last()
const active = async () => (await page.getByRole('tab', { selected: true }).textContent())!.trim()

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
    await expect.poll(active).toBe('Head 1.2 · lines')
    await page.keyboard.press('Alt+w')
  })
})

describe('the menu of a tab', () => {
  it('closes as keys lead elsewhere: behind the next tab it had no place', async () => {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await menu().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Command' }).waitFor()
    expect(await page.getByRole('menu').count()).toBe(0)
    await page.keyboard.type('%overview')
    await page.keyboard.press('Enter')
    await expect.poll(active).toBe('Overview')
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

  it('is zoomed as it was once its tab was behind another', async () => {
    const fit = page
      .getByRole('group', { name: 'Zoom' })
      .filter({ visible: true })
      .getByRole('button', { name: 'Fit' })
    await page.keyboard.press('+')
    await expect.poll(() => fit.isDisabled()).toBe(false)
    await page.getByRole('tab', { name: 'Overview', exact: true }).click()
    await fit.waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    await fit.waitFor()
    expect(await fit.isDisabled()).toBe(false)
    await page.keyboard.press('0')
    await expect.poll(() => fit.isDisabled()).toBe(true)
  })
})

describe('a finger', () => {
  it('opens the menu of a head, its second level and a view there', async () => {
    const touched = await serveWindow(
      { hasTouch: true, viewport: { width: 640, height: 800 } },
      undefined,
      false
    )
    const { page } = touched
    try {
      const head = page.getByRole('gridcell', { name: 'Head 1.2', exact: true })
      await head.tap()
      // What a long press comes to: a browser without a screen does not make it of one.
      await head.dispatchEvent('contextmenu', { pointerType: 'touch', button: 0 })
      await page.getByRole('menuitem', { name: 'Open as', exact: true }).tap()
      const lines = page.getByRole('menuitem', { name: 'Lines', exact: true })
      await lines.waitFor()
      const { x, width } = (await lines.boundingBox())!
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x + width).toBeLessThanOrEqual(640)
      await lines.tap()
      await expect
        .poll(() => page.getByRole('tab', { selected: true }).textContent())
        .toContain('Head 1.2 · lines')
      expect(touched.complaints).toEqual([])
    } finally {
      await touched.close()
    }
  })
})

it('complains of nothing', () => {
  expect(served.complaints).toEqual([])
})
