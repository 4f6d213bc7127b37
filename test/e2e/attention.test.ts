import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvRows } from './csv-rows.ts'
import { focusedName } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  // The sample selects a head and a cell by itself.
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
})
afterAll(() => served.close())

const map = () => page.getByRole('application').filter({ visible: true })
const readOut = () => page.getByRole('status', { name: 'Read-out' }).filter({ visible: true })
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const hiddenNote = () => page.getByRole('button', { name: 'first token hidden, rows renormalised' })

/** The weight in the read-out, as it is in full. */
async function weightRead(): Promise<number> {
  const title = await readOut().locator('[title*="half precision"]').first().getAttribute('title')
  return Number(/^[\d.e-]+/.exec(title!)![0])
}

/** Selects a cell by keys. */
async function select(query: number, key: number): Promise<void> {
  await map().focus()
  await map().press('ArrowDown')
  await map().press('Home')
  for (let i = 0; i < 9; i++) await map().press('Shift+ArrowUp')
  for (let i = 0; i < query; i++) await map().press('ArrowDown')
  for (let i = 0; i < key; i++) await map().press('ArrowRight')
}

async function choose(option: string): Promise<void> {
  await page.getByRole('button', { name: 'Look', exact: true }).click()
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
  await page.keyboard.press('Escape')
}

/** The map as it is saved, in SVG. */
async function savedMap(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-attention-')), 'map.svg')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'SVG' }).click()
  await (await downloading).saveAs(path)
  return readFileSync(path, 'utf8')
}

/** The drawing of the first head in the grid. */
function firstMap(): Promise<string> {
  const cell = page.getByRole('gridcell', { name: 'Head 0.0' }).filter({ visible: true })
  return cell.locator('canvas').evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL())
}

describe('the first token', () => {
  it('is hidden, and the rest of each row is divided by what is left', async () => {
    await page.getByRole('gridcell', { name: 'Head 0.0' }).click()
    await select(3, 0)
    const first = await weightRead()
    await map().press('ArrowRight')
    await expect.poll(weightRead).not.toBe(first)
    const second = await weightRead()
    const small = await firstMap()
    await choose('Hidden')
    await hiddenNote().waitFor()
    await expect.poll(weightRead).toBeCloseTo(second / (1 - first), 3)
    await expect.poll(firstMap).not.toBe(small)
    await inspector().getByText('renormalised weight').waitFor()
    await map().press('ArrowLeft')
    await readOut().getByText('hidden: rows are of the other tokens').waitFor()
    await inspector().getByText('hidden', { exact: true }).waitFor()
  })

  it('is said in the files that are saved', async () => {
    const svg = await savedMap()
    expect(svg).toContain('\nHead 0.0, first token hidden, rows renormalised\n')
    expect(svg).toContain('attention, first token hidden, rows renormalised<')
    expect(svg).toContain('>renormalised weight')
  })

  it('stays hidden over a reload, and is shown again where it is said', async () => {
    await expect.poll(() => served.saved()).toContain('"firstToken":"hidden"')
    await page.reload()
    await hiddenNote().waitFor()
    await readOut().getByText('hidden: rows are of the other tokens').waitFor()
    await hiddenNote().press('Enter')
    await hiddenNote().waitFor({ state: 'detached' })
    await expect.poll(() => readOut().textContent()).toContain('weight')
  })
})

describe('the order of the heads', () => {
  const heads = () => page.getByRole('gridcell').filter({ visible: true })
  const shown = () => page.getByRole('status', { name: 'Heads shown' })
  const bound = (name: string) => page.getByRole('textbox', { name })

  async function order(name: string): Promise<void> {
    await page.getByRole('button', { name: /^Order: / }).click()
    await page.getByRole('menuitemradio', { name, exact: true }).click()
  }
  /** Names of the heads with their numbers, in their order. */
  async function ranking(): Promise<{ head: string; value: number }[]> {
    // They are drawn once their grid is measured, a frame after it is said how many there are.
    await page
      .getByRole('gridcell', { name: /, previous token / })
      .filter({ visible: true })
      .first()
      .waitFor()
    const names = await heads().evaluateAll(all => all.map(one => one.getAttribute('aria-label')!))
    return names.map(name => {
      const [, head, value] = /^Head (\d\.\d), previous token (\S+)$/.exec(name)!
      return { head: head!, value: Number(value) }
    })
  }

  it('is that of a score, which the inspector says, too', async () => {
    await order('By previous token')
    await expect.poll(() => shown().textContent()).toBe('16 of 16 heads')
    const all = await ranking()
    expect(all.map(({ value }) => value)).toEqual(
      all.map(({ value }) => value).toSorted((a, b) => b - a)
    )
    const [first] = all
    await heads().first().click()
    await inspector()
      .getByRole('heading', { name: `Head ${first!.head}` })
      .waitFor()
    const row = inspector().getByRole('row', { name: /^Previous token/ })
    expect(Number(await row.getByRole('cell').first().textContent())).toBe(first!.value)
  })

  it('leaves out heads that do not reach a bound, and says how many', async () => {
    const all = await ranking()
    const [, , third] = all
    await bound('at least').fill(String(third!.value - 0.0001))
    await bound('at least').press('Enter')
    await expect.poll(() => shown().textContent()).toBe('3 of 16 heads')
    expect(await ranking()).toEqual(all.slice(0, 3))
  })

  it('is saved as numbers', async () => {
    const all = await ranking()
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^CSV .*heads by previous token/ }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('shakespeare-char-heads-by-previous-token.csv')
    const path = join(mkdtempSync(join(tmpdir(), 'lamella-attention-')), 'heads.csv')
    await download.saveAs(path)
    const [names, ...rows] = csvRows(readFileSync(path, 'utf8'))
    expect(names).toBe('rank,rank_label,layer,head,score')
    expect(rows).toHaveLength(3)
    rows.forEach((row, i) => {
      const [, , layer, head, score] = row.split(',')
      expect(`${layer}.${head}`).toBe(all[i]!.head)
      expect(Number(score)).toBeCloseTo(all[i]!.value, 3)
    })
  })

  it('is walked by arrow keys', async () => {
    const [first, second] = await ranking()
    await heads().first().click()
    await page.keyboard.press('ArrowRight')
    await inspector()
      .getByRole('heading', { name: `Head ${second!.head}` })
      .waitFor()
    await expect.poll(() => focusedName(page)).toMatch(new RegExp(`^Head ${second!.head}, `))
    await page.keyboard.press('Home')
    await expect.poll(() => focusedName(page)).toMatch(new RegExp(`^Head ${first!.head}, `))
  })

  it('stays over a reload, and is turned around', async () => {
    const before = await ranking()
    await expect.poll(() => served.saved()).toContain('"order":"previous"')
    await page.reload()
    await shown().getByText('3 of 16').waitFor()
    expect(await ranking()).toEqual(before)
    await bound('at least').fill('')
    await bound('at least').press('Enter')
    await page.getByRole('button', { name: 'Highest first' }).click()
    await bound('at most').waitFor()
    await heads().first().click()
    // Beyond what is on the screen, too.
    await page.keyboard.press('End')
    await expect.poll(() => focusedName(page)).toMatch(new RegExp(`^Head ${before[0]!.head}, `))
  })

  it('is that of their places again', async () => {
    await order('By place')
    await page.getByRole('row', { name: 'Layer 3' }).waitFor()
    await shown().waitFor({ state: 'detached' })
  })
})

describe('the line of tokens', () => {
  const line = () => page.getByRole('listbox', { name: 'Tokens' })
  const weightAt = (index: number) =>
    line()
      .getByRole('option')
      .nth(index)
      .evaluate(chip => (chip as HTMLElement).style.getPropertyValue('--weight'))

  it('shades what is on the screen, and the rest as it is scrolled to', async () => {
    await page.setViewportSize({ width: 640, height: 800 })
    await page.getByRole('gridcell', { name: 'Head 0.1' }).click()
    await select(5, 0)
    const { x, y, height } = (await map().locator('canvas.base').boundingBox())!
    await page.mouse.click(x + height / 162, y + (70.5 * height) / 81)
    await readOut().getByText('query 70').waitFor()
    const weight = await weightRead()
    await expect.poll(() => line().evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(100)
    const shade = (0.15 + 0.85 * Math.sqrt(weight)).toFixed(2)
    expect(await weightAt(0)).not.toBe(shade)
    await line().evaluate(element => (element.scrollLeft = 0))
    await expect.poll(() => weightAt(0)).toBe(shade)
    expect(await line().locator('.is-query').count()).toBe(1)
    await page.setViewportSize({ width: 1440, height: 900 })
  })
})

describe('rows and columns beside the map', () => {
  const profiles = () => page.getByRole('button', { name: 'Row and column as bars' })
  const pinned = (query: number) => page.getByRole('button', { name: `Row ${query} is pinned` })
  const side = async () => (await map().locator('canvas.base').boundingBox())!
  /** How many bars and labels of a query's profile are in a saved map. */
  const inFile = (svg: string, label: string) => svg.split(`>${label}<`).length - 1

  it('are bars of what is selected, which are saved, too', async () => {
    await page.getByRole('gridcell', { name: 'Head 0.0' }).click()
    await select(3, 1)
    expect(inFile(await savedMap(), '3 s')).toBe(0)
    await profiles().click()
    // There is room for them below the map.
    const room = (await map().boundingBox())!
    await expect
      .poll(async () => room.y + room.height - (await side()).y - (await side()).height)
      .toBeGreaterThanOrEqual(42)
    const svg = await savedMap()
    expect(inFile(svg, '3 s')).toBe(1)
    expect(inFile(svg, '1 i')).toBe(1)
  })

  it('stay where a row is pinned by a key, until the same key lets it go', async () => {
    await map().press('p')
    await pinned(3).waitFor()
    await select(5, 2)
    await readOut().getByText('query 5').waitFor()
    const svg = await savedMap()
    expect(inFile(svg, '3 s')).toBe(1)
    expect(inFile(svg, '5 \u2068·\u2069')).toBe(0)
    await map().press('p')
    await pinned(5).waitFor()
  })

  it('are pinned by a click on the label of a query, and still over a reload', async () => {
    const { x, y, height } = await side()
    await page.mouse.click(x - 14, y + (12.5 * height) / 81)
    await pinned(12).waitFor()
    await expect.poll(() => served.saved()).toContain('"pinned":12')
    await page.reload()
    await pinned(12).click()
    await page.getByRole('button', { name: 'Pin the row' }).waitFor()
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
