import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { csvRows } from './csv-rows.ts'
import { openAs, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
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
const text = () => shown().getByRole('listbox', { name: /^Text shaded by attention/ })
const token = (index: number) => text().getByRole('option').nth(index)
const readOut = () => shown().getByRole('status', { name: 'Read-out' })
const strongest = () => shown().getByRole('list', { name: /^Strongest/ })
const choice = (name: string) => shown().getByRole('radio', { name, exact: true })
const tab = (name: string) => page.getByRole('tab', { name, exact: true })
const chip = (index: number) =>
  page.getByRole('listbox', { name: 'Tokens' }).getByRole('option').nth(index)
const active = () => page.getByRole('tab', { selected: true }).getAttribute('aria-label')
const said = async () => (await readOut().textContent())!.replaceAll(/\s+/g, ' ').trim()

/** The weights in the line below the text. */
async function weights(): Promise<number[]> {
  const rows = await strongest().locator('strong').allTextContents()
  return rows.map(Number)
}

/** Points at nothing of the text. */
const away = () => page.getByRole('heading', { name: 'Inspector' }).hover()

/** How much ink the shades have. */
function shaded(): Promise<number> {
  return shown()
    .locator('canvas')
    .evaluate(element => {
      const { width, height } = element as HTMLCanvasElement
      const context = (element as HTMLCanvasElement).getContext('2d')!
      const { data } = context.getImageData(0, 0, width, height)
      let found = 0
      for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) found++
      return found
    })
}

async function run(words: string): Promise<void> {
  const prompt = page.getByRole('textbox', { name: 'Text' })
  await prompt.fill(words)
  await prompt.press('Control+Enter')
  await expect.poll(() => text().getByRole('option').count()).toBe([...words].length)
}

async function save(format: string): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

describe('a text that is shaded', () => {
  it('is opened for a head, and says whose attention it shows', async () => {
    await page.getByRole('gridcell', { name: 'Head 1.2', exact: true }).click({ button: 'right' })
    await openAs(page, 'Text')
    await expect.poll(active).toBe('Head 1.2 · text')
    await text().waitFor()
    expect(await text().getByRole('option').count()).toBe(81)
    await expect.poll(said).toMatch(/^from \d+/)
    await expect.poll(shaded).toBeGreaterThan(500)
  })

  it('flows: newlines end lines, and it keeps the words of its text', async () => {
    expect(await text().textContent()).toMatch(/^First Citizen:↵Before we/)
    const tops = await text()
      .getByRole('option')
      .evaluateAll(all => all.map(each => each.getBoundingClientRect().top))
    expect(tops[15]! - tops[13]!).toBeGreaterThan(20)
  })

  it('is shaded by the token that is pointed at, which lights up elsewhere, by rows that sum to 1', async () => {
    await token(22).hover()
    await expect.poll(said).toMatch(/^from 22/)
    // Chips are marked with the next frame.
    await expect.poll(() => chip(22).getAttribute('class')).toContain('is-query')
    const found = await weights()
    expect(found).toEqual(found.toSorted((a, b) => b - a))
    expect(found.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(1.001)
    await away()
    await expect.poll(said).not.toMatch(/^from 22/)
  })

  it('selects by a click, with the strongest key, and follows what is pointed at elsewhere', async () => {
    await token(30).click()
    await away()
    await expect.poll(said).toMatch(/^from 30/)
    expect(await token(30).getAttribute('aria-selected')).toBe('true')
    await chip(12).hover()
    await expect.poll(said).toMatch(/^from 12/)
    await away()
  })

  it('shows what looks at a token, too', async () => {
    await choice('To it').click()
    await away()
    await expect.poll(said).toMatch(/^to \d+/)
    await token(0).hover()
    await expect.poll(said).toMatch(/^to 0/)
    // The first query sees nothing but the first key.
    expect((await weights())[0]).toBe(1)
    await choice('From it').click()
  })

  it('has no letter left in the ink of a shade that it does not stand on', async () => {
    await token(80).hover()
    await expect.poll(said).toMatch(/^from 80/)
    await token(0).hover()
    await expect.poll(() => text().locator('.on-shade').count()).toBe(1)
  })

  it('goes by keys: a token on, a line down, and to the ends', async () => {
    await token(30).click()
    await text().focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(said).toMatch(/^from 31/)
    await page.keyboard.press('Home')
    await expect.poll(said).toMatch(/^from 0/)
    await page.keyboard.press('ArrowDown')
    await expect.poll(said).toMatch(/^from 15/)
    await page.keyboard.press('End')
    await expect.poll(said).toMatch(/^from 80/)
    const outline = await text().evaluate(element => getComputedStyle(element).outlineStyle)
    expect(outline).not.toBe('none')
  })

  it('points at the pair of a weight below it, and selects it', async () => {
    await token(40).click()
    const second = strongest().getByRole('button').nth(1)
    const key = /^\d+/.exec((await second.textContent())!.trim())![0]
    await second.hover()
    await expect.poll(() => chip(Number(key)).getAttribute('class')).toContain('is-key')
    await second.click()
    await page.getByRole('region', { name: 'Selected cell' }).getByText(`key ${key}`).waitFor()
  })
})

describe('the first token', () => {
  async function firstToken(shown: string): Promise<void> {
    await page.getByRole('button', { name: 'Look' }).filter({ visible: true }).click()
    const items = page.getByRole('menuitemradio', { name: shown, exact: true })
    await items.click()
    await page.keyboard.press('Escape')
    await items.waitFor({ state: 'detached' })
  }

  it('is hidden where that is wished, and the rest is renormalised, which is said', async () => {
    await token(1).hover()
    await expect.poll(async () => (await weights()).length).toBe(2)
    await firstToken('Hidden')
    await shown().getByText('first token hidden, rows renormalised').waitFor()
    const out = text().getByRole('option').and(page.locator('.out'))
    expect(await out.count()).toBe(1)
    expect(await out.getAttribute('title')).toBe('first token hidden, rows renormalised')
    await token(1).hover()
    // Of two keys one is left.
    await expect.poll(weights).toEqual([1])
    await token(0).hover()
    await shown().getByText('no attention').waitFor()
    await firstToken('Shown')
    await shown().getByText('first token hidden, rows renormalised').waitFor({ state: 'detached' })
  })
})

describe('tokens that are taken together', () => {
  it('are words: attention to one is the sum over its letters', async () => {
    await choice('Words').click()
    await shown().getByText('words: sum over their keys, mean over their queries').waitFor()
    await token(3).hover()
    await expect.poll(said).toMatch(/^from 0 ?First/)
    const found = await weights()
    // Of the first word of a decoder there is only that word to see.
    expect(found).toEqual([1])
  })

  it('are kept with the mean of heads over a reload', async () => {
    await choice('Mean of heads').click()
    await shown().getByText('Mean of heads').waitFor()
    await text().and(page.getByLabel('Block 1, mean of all heads')).waitFor()
    await expect.poll(() => served.saved()).toContain('"source":"mean"')
    await page.reload()
    await text().and(page.getByLabel('Block 1, mean of all heads')).waitFor()
    expect(await choice('Words').getAttribute('aria-checked')).toBe('true')
    expect(await choice('Mean of heads').getAttribute('aria-checked')).toBe('true')
    await choice('Tokens').click()
    await choice('Head 1.2').click()
    // Until its pattern is there, the mean stays.
    await text().and(page.getByLabel('attention of Head 1.2')).waitFor()
  })
})

describe('what it is saved as', () => {
  it('is the text as it flows, and its weights', async () => {
    await token(30).click()
    const svg = await save('SVG')
    expect(svg).toContain('Head 1.2')
    expect(svg).toContain('attention from 30')
    expect(svg.match(/<text /g)!.length).toBeGreaterThan(60)
    expect(svg).toContain('Text: First Citizen')
    const rows = csvRows(await save('CSV'))
    expect(rows[0]).toBe('token,token_label,weight,first_position')
    expect(rows).toHaveLength(82)
    expect(rows[32]).toMatch(/,NaN,31$/)
    const sum = rows.slice(1, 32).reduce((sum, row) => sum + Number(row.split(',').at(-2)), 0)
    expect(sum).toBeCloseTo(1, 2)
  })
})

describe('other texts and widths', () => {
  it('flow from right to left in Hebrew, and the arrow goes on to the left', async () => {
    await tab('Attention').click()
    await openModel(page, hebrew)
    await runCommand(page, 'show text')
    await text().waitFor()
    await run('בראשית ברא אלהים')
    expect(await text().getAttribute('dir')).toBe('rtl')
    await expect.poll(said).toMatch(/^from 15.*nothing is selected$/)
    const [first, second] = await Promise.all([token(0).boundingBox(), token(1).boundingBox()])
    expect(second!.x).toBeLessThan(first!.x)
    await text().focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(said).toMatch(/^from 1/)
    // The room beside a text that stands at the right is not saved.
    const [, width] = /<svg width="(\d+)"/.exec(await save('SVG'))!
    expect(Number(width)).toBeLessThan(400)
  })

  it('stay whole and legible at 640 pixels, in dark and light', async () => {
    await page.setViewportSize({ width: 640, height: 800 })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await choice('Graphemes').waitFor()
      // What lies behind the tokens is on a canvas, which is not asked.
      const faint = async () =>
        (await faintTexts(page)).filter(found => !found.includes('class="token'))
      await expect.poll(faint).toEqual([])
    }
    const wide = await shown().evaluate(panel =>
      [...panel.querySelectorAll('[role=radio]')].every(
        button => button.getBoundingClientRect().right <= innerWidth
      )
    )
    expect(wide).toBe(true)
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
