import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../golden/workbench.ts'
import { openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({ reducedMotion: 'no-preference' })
  page = served.page
})
afterAll(() => served.close())

const prompt = () => page.getByRole('textbox', { name: 'Text' })
const map = (name: string) => page.getByRole('application', { name: `Attention map of ${name}` })
const head = (name: string) => page.getByRole('gridcell', { name, exact: true })
const readOut = () => page.getByRole('status', { name: 'Read-out' })
const tab = (title: string) => page.getByRole('tab').filter({ hasText: title })
const model = (name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })

async function run(text: string, tokens: number): Promise<void> {
  await prompt().fill(text)
  await prompt().press('Control+Enter')
  await page.getByRole('application', { name: `, ${tokens} tokens` }).waitFor()
}

/** The pixels an element shows. */
function pixels(locator: Locator): Promise<Buffer> {
  return locator.screenshot()
}

describe('the window, from the first start', () => {
  it('shows the sample model, its text run, and a head with a clear pattern', async () => {
    await model('shakespeare-char').waitFor()
    await page.getByRole('grid', { name: 'All heads' }).waitFor()
    expect(await page.getByRole('gridcell').count()).toBe(16)
    await page.getByRole('application', { name: '81 tokens' }).waitFor()
    const row = page.getByRole('row', { name: /^Previous token/ })
    await row.waitFor()
    const [score, uniform] = await row.getByRole('cell').allTextContents()
    expect(Number(score)).toBeGreaterThan(5 * Number(uniform))
  })

  it('runs a text that is typed', async () => {
    await run('To be, or not to be', 19)
    const tokens = page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
    await expect.poll(() => tokens.count()).toBe(19)
    expect(await page.getByRole('contentinfo').textContent()).toContain('19 tokens')
  })

  it('follows a click on a head in the map, the inspector and the tree', async () => {
    await head('Head 2.1').click()
    await map('Head 2.1').waitFor()
    await page.getByRole('heading', { name: 'Head 2.1' }).waitFor()
    expect(await head('Head 2.1').getAttribute('aria-selected')).toBe('true')
  })

  it('reads out query, key and weight under the pointer', async () => {
    const box = (await map('Head 2.1').locator('canvas').first().boundingBox())!
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.75)
    await expect
      .poll(() => readOut().textContent())
      .toMatch(/query \d+.*key \d+.*weight ?[\d.e−-]+/)
    const [, query, uniform] = /query (\d+).*uniform ([\d.]+)/.exec(
      (await readOut().textContent())!
    )!
    expect(Number(uniform)).toBeCloseTo(1 / (Number(query) + 1), 3)
    const before = await readOut().textContent()
    await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.6)
    await expect.poll(() => readOut().textContent()).not.toBe(before)
  })

  it('draws anew in another scale, range and colour map', async () => {
    const seen = [await pixels(map('Head 2.1'))]
    await page.getByRole('button', { name: 'Look' }).click()
    for (const choice of ['Log1p', 'Fixed 0–1', 'Viridis']) {
      await page.getByRole('menuitemradio', { name: choice }).click()
      await expect
        .poll(async () => {
          const now = await pixels(map('Head 2.1'))
          return seen.some(before => before.equals(now))
        })
        .toBe(false)
      seen.push(await pixels(map('Head 2.1')))
    }
    await page.keyboard.press('Escape')
  })

  it('moves the cursor and the head by keys', async () => {
    await page.keyboard.press('Escape')
    await map('Head 2.1').focus()
    const before = await readOut().textContent()
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => readOut().textContent()).not.toBe(before)
    await page.keyboard.press('.')
    await map('Head 2.2').waitFor()
    await page.keyboard.press(']')
    await map('Head 3.2').waitFor()
    await page.keyboard.press(',')
    await page.keyboard.press('[')
    await map('Head 2.1').waitFor()
  })

  it('finds every command in the palette, and lists the keys', async () => {
    await page.keyboard.press('Control+k')
    await page
      .getByRole('textbox', { name: 'Command' })
      .or(page.getByRole('combobox', { name: 'Command' }))
      .first()
      .fill('overview')
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { selected: true }).filter({ hasText: 'Overview' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('body').press('?')
    await page.getByRole('dialog', { name: /keys/i }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('tells parameters and tensors in the overview', async () => {
    const overview = page.getByRole('tabpanel', { name: 'overview' })
    await overview.getByText('transformer.wte.weight').first().waitFor()
    const text = await overview.textContent()
    expect(text).toContain('lm_head.weight is transformer.wte.weight')
    expect(text).toContain('826,240')
  })

  it('opens another folder through the folder browser', async () => {
    await openPath(page, join(projectRoot, 'test/golden'))
    const entry = page.getByRole('option', { name: 'gpt2', exact: true })
    await entry.dblclick()
    await model('gpt2').waitFor()
    expect(await model('shakespeare-char').count()).toBe(1)
  })

  it('says what is wrong with a broken folder and keeps the rest', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-broken-')), 'broken')
    cpSync(join(projectRoot, 'resources/samples/shakespeare-char'), folder, { recursive: true })
    const weights = join(folder, 'model.safetensors')
    writeFileSync(weights, readFileSync(weights).subarray(0, 1000))
    await openPath(page, folder)
    await page
      .getByText(/model\.safetensors: header/)
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    await model('shakespeare-char').waitFor()
  })

  it('shows Hebrew, spaces, newlines and control characters legibly', async () => {
    await model('shakespeare-char').click()
    await prompt().fill('a\t\n \u0007שלום')
    const chips = page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
    await expect.poll(() => chips.count()).toBe(9)
    expect(await chips.allTextContents()).not.toContain('\u0007')
  })

  it('keeps the tabs and the selection over a reload', async () => {
    // The field lies over the tabs while it is open.
    await prompt().press('Escape')
    await tab('Attention').click()
    await run('To be, or not to be', 19)
    await head('Head 1.3').click()
    await map('Head 1.3').waitFor()
    await page.getByRole('button', { name: 'Head 1.3 in a tab' }).click()
    await tab('Head 1.3').waitFor()
    const tabs = await page.getByRole('tab').allTextContents()
    await expect.poll(() => served.saved()).toMatch(/"activeTab":\s*"head-/)
    await page.reload()
    await tab('Head 1.3').waitFor()
    expect(await page.getByRole('tab').allTextContents()).toEqual(tabs)
    await page.getByRole('application', { name: '19 tokens' }).first().waitFor()
    expect(await prompt().inputValue()).toBe('To be, or not to be')
    await page.getByRole('contentinfo').getByText('cached', { exact: true }).waitFor()
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
