import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { longModel, longText } from './long-model.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({ colorScheme: 'dark' })
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const map = () => page.getByRole('application').filter({ visible: true })
const tab = (title: string) => page.getByRole('tab').filter({ hasText: title })
const canvas = (which: 'base' | 'over') => map().locator(`canvas.${which}`)

/** How many pixels of the axis have nearly this colour. */
function pixelsLike(color: readonly number[]): Promise<number> {
  return canvas('over').evaluate((element, color) => {
    const { width, height } = element as HTMLCanvasElement
    const { data } = (element as HTMLCanvasElement)
      .getContext('2d')!
      .getImageData(0, 0, width, height)
    let found = 0
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3]! > 200 && color.every((part, i) => Math.abs(data[at + i]! - part) < 24))
        found++
    return found
  }, color)
}

function drawing(which: 'base' | 'over'): Promise<string> {
  return canvas(which).evaluate(element => (element as HTMLCanvasElement).toDataURL())
}

/** The colour of a map near its bottom left corner, where a clear head has next to nothing. */
function cornerColor(): Promise<number[]> {
  return canvas('base').evaluate(element => {
    const { width, height } = element as HTMLCanvasElement
    const context = (element as HTMLCanvasElement).getContext('2d')!
    return [...context.getImageData(width * 0.3, height - 8, 1, 1).data.subarray(0, 3)]
  })
}

describe('a map that is made in a tab that is not shown', () => {
  it('has the ink and the fonts of the theme when it is shown', async () => {
    await tab('Overview').click()
    await openModel(page, hebrew)
    await page
      .getByRole('contentinfo')
      .getByText(/tokens$/)
      .waitFor()
    await tab('Attention').click()
    await expect.poll(() => pixelsLike([231, 231, 234])).toBeGreaterThan(100)
    expect(await pixelsLike([0, 0, 0])).toBe(0)
    // Once they are there it is drawn anew, with the next frame.
    await page.evaluate(async () => {
      await document.fonts.ready
      const frame = () => new Promise(done => requestAnimationFrame(done))
      for (let i = 0; i < 2; i++) await frame()
    })
    const before = await drawing('over')
    await page.setViewportSize({ width: 1439, height: 900 })
    await page.setViewportSize({ width: 1440, height: 900 })
    await expect.poll(() => drawing('over')).toBe(before)
  })
})

describe('the colours of a map', () => {
  it('begin at the background, in dark and in light', async () => {
    await page.getByRole('treeitem', { name: /^shakespeare/ }).click()
    await page.getByRole('application', { name: '81 tokens' }).waitFor()
    const near = async (color: readonly number[]) =>
      (await cornerColor()).every((part, i) => Math.abs(part - color[i]!) < 30)
    await expect.poll(() => near([26, 27, 30])).toBe(true)
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(() => near([255, 255, 255])).toBe(true)
  })
})

describe('a long text', () => {
  it('is seen with the range of its values, and with a fixed one its highest is told', async () => {
    await openModel(page, longModel())
    await page.getByRole('textbox', { name: 'Text' }).fill(longText)
    await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
    await page.getByRole('application', { name: ', 1000 tokens' }).waitFor()
    await page.getByText('pixels show the highest of their cells').waitFor()
    const before = await drawing('base')
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByRole('menuitemradio', { name: 'Mean' }).click()
    await page.keyboard.press('Escape')
    await page.getByText('pixels show means of cells').waitFor()
    await expect.poll(() => drawing('base')).not.toBe(before)
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
