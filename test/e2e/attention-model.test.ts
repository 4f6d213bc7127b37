import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { csvRows } from './csv-rows.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { longModel } from './long-model.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const shown = () => page.getByRole('tabpanel').filter({ visible: true })
const grid = () => shown().getByRole('grid', { name: 'Lines of all heads' })
const head = (name: string) => grid().getByRole('gridcell', { name, exact: true })
const active = () => page.getByRole('tab', { selected: true }).getAttribute('aria-label')

/** How many pixels of a head's square have ink. */
function ink(name: string): Promise<number> {
  return head(name)
    .locator('canvas')
    .evaluate(element => {
      const { width, height } = element as HTMLCanvasElement
      const context = (element as HTMLCanvasElement).getContext('2d')!
      const { data } = context.getImageData(0, 0, width, height)
      let found = 0
      for (let at = 3; at < data.length; at += 4) if (data[at]! > 30) found++
      return found
    })
}

describe('all heads as lines', () => {
  it('are there with their lines, and what is left out and pooled is said', async () => {
    await runCommand(page, 'show model view')
    // Its rows are drawn once it is measured, with the next frame.
    await expect.poll(() => grid().getByRole('gridcell').count()).toBe(16)
    for (const name of ['Head 0.0', 'Head 3.3'])
      await expect.poll(() => ink(name)).toBeGreaterThan(50)
    await shown()
      .getByText(
        'queries → keys; faint lines left out, and of each row all but the 3 strongest; 81 tokens pooled to 41 rows by the highest'
      )
      .waitFor()
  })

  it('show the lines of a query alone that is pointed at elsewhere', async () => {
    const before = await ink('Head 0.0')
    await page.getByRole('listbox', { name: 'Tokens' }).getByRole('option').nth(30).hover()
    await shown().getByText('lines of query 30').waitFor()
    await expect.poll(() => ink('Head 0.0')).toBeLessThan(before / 2)
    await page.getByRole('heading', { name: 'Inspector' }).hover()
    await expect.poll(() => ink('Head 0.0')).toBe(before)
  })

  it('are selected by a click and by keys, for the whole window', async () => {
    await head('Head 1.2').click()
    await page.getByRole('heading', { name: 'Head 1.2' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('heading', { name: 'Head 2.3' }).waitFor()
    expect(await head('Head 2.3').evaluate(cell => cell === document.activeElement)).toBe(true)
    expect(await head('Head 2.3').getAttribute('aria-selected')).toBe('true')
  })

  it('are opened large by a double click, and by Enter', async () => {
    await head('Head 1.1').dblclick()
    await expect.poll(active).toBe('Head 1.1 · lines')
    await page.keyboard.press('Alt+w')
    await expect.poll(active).toBe('Model view')
    await head('Head 0.2').click()
    await page.keyboard.press('Enter')
    await expect.poll(active).toBe('Head 0.2 · lines')
    await page.keyboard.press('Alt+w')
  })

  it('come back after a reload', async () => {
    await expect.poll(() => served.saved()).toContain('attention-model')
    await page.reload()
    await grid().waitFor()
    await expect.poll(() => ink('Head 0.0')).toBeGreaterThan(50)
  })
})

describe('what it is saved as', () => {
  async function save(format: RegExp): Promise<string> {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: format }).click()
    return readFileSync(await (await downloading).path(), 'utf8')
  }

  it('is the lines of all heads, and their weights', async () => {
    const svg = await save(/^SVG/)
    expect(svg).toContain('attention of all heads')
    expect(svg).toContain('pooled to 41 rows')
    let rows: string[] = []
    // Each layer comes by itself, and those that have come are saved.
    const headsSaved = async () => {
      rows = csvRows(await save(/^CSV/))
      return new Set(rows.slice(1).map(row => row.split(',').slice(1, 3).join('.'))).size
    }
    await expect.poll(headsSaved).toBe(16)
    expect(rows[0]).toBe('line,layer,head,query,key,weight')
  })
})

describe('other models and widths', () => {
  it('brackets heads that share keys and values', async () => {
    await openModel(page, longModel())
    const prompt = page.getByRole('textbox', { name: 'Text' })
    await prompt.fill('To be, or not to be')
    await prompt.press('Control+Enter')
    await shown().getByText('kv 0').waitFor()
    await shown()
      .getByText('queries → keys; faint lines left out, and of each row all but the 7 strongest', {
        exact: true
      })
      .waitFor()
  })

  it('has queries at the right in Hebrew, and stays legible at 640 pixels', async () => {
    await openModel(page, hebrew)
    const prompt = page.getByRole('textbox', { name: 'Text' })
    await prompt.fill('בראשית ברא אלהים')
    await prompt.press('Control+Enter')
    await shown().getByText('keys ← queries').waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect.poll(() => faintTexts(page)).toEqual([])
    }
    const box = (await grid().boundingBox())!
    expect(box.x + box.width).toBeLessThanOrEqual(640)
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
