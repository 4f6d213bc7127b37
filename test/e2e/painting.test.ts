import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { longModel, longText, textOf } from './long-model.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await openModel(page, longModel())
  await page.getByRole('textbox', { name: 'Text' }).fill(longText)
  await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
  await map().waitFor()
})
afterAll(() => served.close())

const map = (tokens = 1000) => page.getByRole('application', { name: `, ${tokens} tokens` })

/** The map's own pixels: how many of a row, near its end, are of a cell and not empty. */
function paintedShare(tokens = 1000): Promise<number> {
  return map(tokens)
    .locator('canvas')
    .first()
    .evaluate(canvas => {
      const { width, height } = canvas as HTMLCanvasElement
      const row = Math.floor(height * 0.75)
      const { data } = (canvas as HTMLCanvasElement)
        .getContext('2d')!
        .getImageData(0, row, width, 1)
      const empty = [...data.subarray(-4, -1)]
      const own = Array.from({ length: width }, (_, x) => x).filter(x =>
        empty.some((part, i) => data[x * 4 + i] !== part)
      )
      return own.length / width
    })
}

describe('a map of 1,000 tokens', () => {
  it('is painted beside the window’s thread, all of what its queries see', async () => {
    expect(page.workers().some(worker => worker.url().includes('raster-worker'))).toBe(true)
    await expect.poll(() => paintedShare()).toBeCloseTo(0.75, 1)
  })

  it('is at once where it is zoomed to, and never blank meanwhile', async () => {
    const box = (await map().boundingBox())!
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.6)
    for (let i = 0; i < 6; i++) {
      await page.mouse.wheel(0, -100)
      expect(await paintedShare()).toBeGreaterThan(0.5)
    }
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, 100)
    await expect.poll(() => paintedShare()).toBeCloseTo(0.75, 1)
  })

  it('is still there when its tab is shown again', async () => {
    await page.getByRole('tab').filter({ hasText: 'Overview' }).click()
    await map().waitFor({ state: 'detached' })
    await page.getByRole('tab').filter({ hasText: 'Attention' }).click()
    await map().waitFor()
    expect(await paintedShare()).toBeCloseTo(0.75, 1)
  })

  it('is painted of more tokens, too, which are handed over in parts', async () => {
    await openModel(page, longModel(2048))
    await page.getByRole('textbox', { name: 'Text' }).fill(textOf(1200))
    await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
    await map(1200).waitFor()
    await expect.poll(() => paintedShare(1200)).toBeCloseTo(0.75, 1)
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
