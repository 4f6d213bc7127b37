import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { csvRows } from './csv-rows.ts'
import { openAs, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { longModel, longText } from './long-model.ts'
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
const lines = () => shown().getByRole('application', { name: /^Attention lines/ })
const chip = (name: string) => shown().getByRole('button', { name, exact: true })
const chipLine = (index: number) =>
  page.getByRole('listbox', { name: 'Tokens' }).getByRole('option').nth(index)
const readOut = () => shown().getByRole('status', { name: 'Read-out' })
const active = () => page.getByRole('tab', { selected: true }).getAttribute('aria-label')
const note = () => shown().locator('.note').textContent()
const away = () => page.getByRole('heading', { name: 'Inspector' }).hover()

/** So many lines are drawn, as the view says. */
async function count(): Promise<number> {
  return Number(/^([\d,]+) lines?/.exec((await note())!)![1]!.replaceAll(',', ''))
}

function drawing(): Promise<string> {
  return lines()
    .locator('canvas')
    .evaluate(element => (element as HTMLCanvasElement).toDataURL())
}

/** Points at the row of a token, at the left or the right of its middle. */
async function pointAt(row: number, side: 'left' | 'right'): Promise<void> {
  const box = (await lines().boundingBox())!
  await page.mouse.move(
    box.x + box.width * (side === 'left' ? 0.1 : 0.9),
    box.y + 14 + 20 * row + 10
  )
}

async function run(words: string): Promise<void> {
  const prompt = page.getByRole('textbox', { name: 'Text' })
  await prompt.fill(words)
  await prompt.press('Control+Enter')
  await shown()
    .getByRole('application', { name: `, ${words.length} tokens` })
    .waitFor()
}

describe('the lines of a head', () => {
  it('are opened for it, and say what is left out', async () => {
    await page.getByRole('gridcell', { name: 'Head 1.2', exact: true }).click({ button: 'right' })
    await openAs(page, 'Lines')
    await expect.poll(active).toBe('Head 1.2 · lines')
    await lines().and(page.getByLabel('Attention lines of Head 1.2, 81 tokens')).waitFor()
    await expect.poll(note).toMatch(/^\d+ lines?; [\d,]+ weights are left out, [\d.]+ % of the/)
  })

  it('are those of the query or the key that is pointed at, which lights up elsewhere', async () => {
    const all = await count()
    await pointAt(9, 'left')
    await expect.poll(() => readOut().textContent()).toBe('query 9')
    // Chips are marked with the next frame.
    await expect.poll(() => chipLine(9).getAttribute('class')).toContain('is-query')
    expect(await count()).toBeLessThan(all)
    await pointAt(4, 'right')
    await expect.poll(() => readOut().textContent()).toBe('key 4')
    await away()
    await readOut().waitFor({ state: 'detached' })
    expect(await count()).toBe(all)
  })

  it('are fewer with a higher least weight', async () => {
    const before = await count()
    await shown()
      .getByRole('button', { name: /^Weight: / })
      .click()
    await page.getByRole('menuitemradio', { name: 'at least 0.5' }).click()
    await expect.poll(count).toBeLessThan(before)
    await shown()
      .getByRole('button', { name: /^Weight: / })
      .click()
    await page.getByRole('menuitemradio', { name: 'at least 0.05' }).click()
    await expect.poll(count).toBe(before)
  })
})

describe('several heads', () => {
  it('are shown by their numbers, and one stays', async () => {
    const one = await count()
    await chip('Head 1.0').click()
    await lines().and(page.getByLabel('Head 1.0, Head 1.2, 81 tokens')).waitFor()
    await expect.poll(count).toBeGreaterThan(one)
    expect(await chip('Head 1.0').getAttribute('aria-pressed')).toBe('true')
    await chip('Head 1.2').click()
    await lines().and(page.getByLabel('Attention lines of Head 1.0, 81 tokens')).waitFor()
    await chip('Head 1.0').click()
    expect(await chip('Head 1.0').getAttribute('aria-pressed')).toBe('true')
  })

  it('are kept with the least weight over a reload', async () => {
    await shown().getByRole('button', { name: 'All heads' }).click()
    await lines().and(page.getByLabel('Head 1.0, Head 1.1, Head 1.2, Head 1.3, 81')).waitFor()
    await expect.poll(() => served.saved()).toContain('"heads":[0,1,2,3]')
    await page.reload()
    await lines().and(page.getByLabel('Head 1.0, Head 1.1, Head 1.2, Head 1.3, 81')).waitFor()
    await chip('Head 1.3').dblclick()
    await lines().and(page.getByLabel('Attention lines of Head 1.3, 81 tokens')).waitFor()
  })
})

describe('the keyboard', () => {
  it('moves the query, whose lines alone are drawn where that is asked for', async () => {
    await shown().getByRole('radio', { name: 'Selected' }).click()
    // After a reload the selected token may come into sight at any moment.
    const clicked = async () => {
      await pointAt(20, 'left')
      await page.mouse.wheel(0, -10_000)
      await page.mouse.down()
      await page.mouse.up()
      await away()
      return readOut().textContent()
    }
    await expect.poll(clicked).toBe('query 20')
    const before = await drawing()
    await lines().focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => readOut().textContent()).toBe('query 21')
    await expect.poll(drawing).not.toBe(before)
    await page.keyboard.press('ArrowLeft')
    await page.getByRole('region', { name: 'Selected cell' }).getByText('query 21').waitFor()
    await shown().getByRole('radio', { name: 'All', exact: true }).click()
  })

  it('goes from head to head, and each says whether it is shown', async () => {
    await chip('Head 1.0').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect.poll(() => chip('Head 1.1').getAttribute('aria-pressed')).toBe('true')
  })
})

describe('what it is saved as', () => {
  async function save(format: RegExp): Promise<string> {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: format }).click()
    return readFileSync(await (await downloading).path(), 'utf8')
  }

  it('is all lines of a short text, with what is left out, and their weights', async () => {
    const svg = await save(/^SVG/)
    expect(
      svg.match(/<polyline |<path [^>]*stroke-opacity|<path [^>]*opacity/g)!.length
    ).toBeGreaterThan(50)
    expect(svg).toContain('left out')
    expect(svg).toContain('Head 1.1')
    const rows = csvRows(await save(/^CSV/))
    expect(rows[0]).toBe('line,line_label,head,query,key,weight')
    const weights = rows.slice(1).map(row => Number(row.split(',').at(-1)))
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0.05)
    expect(weights).toEqual(weights.toSorted((a, b) => b - a))
  })
})

describe('other texts and widths', () => {
  it('draws of a thousand tokens what is on screen, and scrolls on by keys', async () => {
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    await openModel(page, longModel())
    await runCommand(page, 'show lines')
    await run(longText)
    await shown()
      .getByRole('button', { name: /^Weight: / })
      .click()
    await page.getByRole('menuitemradio', { name: 'at least 0.01' }).click()
    await away()
    const before = await drawing()
    await lines().focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Shift+ArrowDown')
    await lines().evaluate(element => (element.scrollTop = 10_000))
    await expect.poll(drawing).not.toBe(before)
    expect(
      await lines()
        .locator('canvas')
        .evaluate(canvas => canvas.clientHeight)
    ).toBeLessThan(900)
  })

  it('has queries at the right in Hebrew, and stays whole at 640 pixels', async () => {
    await openModel(page, hebrew)
    await run('בראשית ברא אלהים')
    await pointAt(2, 'right')
    await expect.poll(() => readOut().textContent()).toBe('query 2')
    await page.setViewportSize({ width: 640, height: 800 })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect.poll(() => faintTexts(page)).toEqual([])
    }
    const bar = shown().getByRole('toolbar', { name: 'Which lines are drawn' })
    expect(await bar.evaluate(bar => bar.scrollWidth - bar.clientWidth)).toBeLessThanOrEqual(0)
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
