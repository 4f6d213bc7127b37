import { readFileSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../golden/workbench.ts'
import { csvRows } from './csv-rows.ts'
import { runCommand } from './command.ts'
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

const command = (title: string) => runCommand(page, title)
const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const cell = () => panel().getByRole('status', { name: 'Selected weight' })
const row = () => panel().getByRole('application', { name: /^Keys of query/ })
const products = () => panel().getByRole('img', { name: /^Products of query/ })
const chips = () => page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
const step = (name: string) =>
  panel()
    .getByRole('table', { name: 'From products to the weight' })
    .getByRole('row', { name: new RegExp(`^${name} `) })

/** The number of a step, in full. */
async function exact(name: string, which = 0): Promise<number> {
  const shown = step(name).nth(which).getByRole('cell').last()
  return Number((await shown.getAttribute('title'))?.replaceAll('−', '-'))
}

/** Saves the active tab. @returns what is in the file */
async function save(format: RegExp): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^shakespeare-char-head-0-\d-query-\d+-key-\d+/)
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-e2e-')), 'saved')
  await download.saveAs(path)
  return readFileSync(path, 'utf8')
}

describe('how a weight came about', () => {
  it('is told of the last query’s strongest key while nothing is selected, each step on the one before', async () => {
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('To be, or not to be')
    await text.press('Control+Enter')
    await page.getByRole('application', { name: '19 tokens' }).waitFor()
    await command('show query')
    await cell().getByText('the strongest of the last query').waitFor()
    expect(await cell().textContent()).toContain('query 18')
    const [score, scaled, rest] = [
      await exact('score'),
      await exact('scaled'),
      await exact('rounding')
    ]
    expect(scaled + rest).toBeCloseTo(score, 12)
    expect(Math.abs(rest)).toBeLessThan(1e-5)
    expect(scaled).toBeCloseTo((await exact('q · k')) / Math.sqrt(32), 12)
    const softmax = await exact('softmax')
    expect(Math.exp(score - (await exact('logsumexp')))).toBeCloseTo(softmax, 12)
    expect(softmax + (await exact('rounding', 1))).toBeCloseTo(await exact('weight'), 12)
    expect(await exact('highest')).toBe(score)
  })

  it('is of the cell that is selected, wherever that is', async () => {
    await chips().nth(11).click()
    await expect.poll(() => cell().textContent()).toContain('query 11')
    await page.getByRole('tab', { name: /^Attention/ }).click()
    const map = panel().getByRole('application')
    await map.focus()
    await map.press('ArrowUp')
    await map.press('Home')
    const readOut = panel().getByRole('status', { name: 'Read-out' })
    await expect.poll(() => readOut.textContent()).toMatch(/query 10.*key 0/)
    const kept = await readOut.locator('[title*="half precision"]').first().getAttribute('title')
    await page.getByRole('tab', { name: /query–key$/ }).click()
    await expect.poll(() => cell().textContent()).toMatch(/query 10.*key 0.*of 11 keys/)
    expect(await exact('weight')).toBeCloseTo(Number(kept!.split(',')[0]), 3)
  })

  it('goes with the arrow keys along the row and from query to query, onto no key that is not seen', async () => {
    await row().focus()
    await row().press('ArrowRight')
    await expect.poll(() => cell().textContent()).toMatch(/query 10.*key 1\D/)
    await row().press('End')
    await row().press('ArrowRight')
    await expect.poll(() => cell().textContent()).toMatch(/query 10.*key 10/)
    await row().press('ArrowUp')
    await expect.poll(() => cell().textContent()).toMatch(/query 9.*key 9/)
    await row().press('ArrowDown')
    await expect.poll(() => row().getAttribute('aria-label')).toContain('Keys of query 10')
  })

  it('lights the key up that the pointer is on, and selects it by a click', async () => {
    const { width } = (await row().boundingBox())!
    // Keys stand from 44 pixels on, with 58 behind them.
    const at = (key: number) => ({ x: 44 + ((key + 0.5) / 19) * (width - 102), y: 60 })
    await row().hover({ position: at(4) })
    await expect.poll(() => chips().nth(4).getAttribute('class')).toContain('key')
    await row().click({ position: at(6) })
    await expect.poll(() => cell().textContent()).toMatch(/query 10.*key 6/)
  })

  it('reads each dimension where the pointer is', async () => {
    const { width } = (await products().boundingBox())!
    await products().hover({ position: { x: 44 + (2.5 / 32) * (width - 102), y: 12 } })
    await panel()
      .getByText(/^dimension 2: q .* = .*, sum so far/)
      .waitFor()
    await cell().hover()
    await panel()
      .getByText(/^largest in dimensions/)
      .waitFor()
  })

  it('follows the head that is gone to by keys', async () => {
    await page.keyboard.press('.')
    await page.getByRole('tab', { name: 'Head 0.1 · query–key' }).waitFor()
    await expect.poll(() => row().getAttribute('aria-label')).toContain('Head 0.1')
  })

  it('keeps the order of dimensions over a reload', async () => {
    await panel().getByRole('radio', { name: 'By size' }).click()
    const largest = /^largest in dimensions (\d+)/.exec(
      (await panel()
        .getByText(/^largest in/)
        .textContent())!
    )![1]!
    await products().hover({ position: { x: 46, y: 12 } })
    await panel()
      .getByText(new RegExp(`^dimension ${largest}:`))
      .waitFor()
    await expect.poll(() => served.saved()).toContain('"order":"size"')
    await page.reload()
    await panel().getByRole('radio', { name: 'By size', checked: true }).waitFor()
    await row().waitFor()
  })

  it('is saved as figures and as numbers', async () => {
    const svg = await save(/^SVG products/)
    expect(svg).toContain('>q ∘ k<')
    expect(svg).toMatch(/<desc>Made by Lamella .*\nModel: shakespeare-char/)
    expect(await save(/^SVG scores/)).toContain('Computed by: cpu, kept in float32')
    const dimensions = csvRows(await save(/^CSV products/))
    expect(dimensions[0]).toBe('dim,q,k,product')
    const sum = dimensions.slice(1).reduce((sum, line) => sum + Number(line.split(',')[3]), 0)
    expect(sum).toBeCloseTo(await exact('q · k'), 10)
    const keys = csvRows(await save(/^CSV scores/))
    expect(keys[0]).toMatch(/^key,key_label,dot,scaled,capped,bias,score,/)
    expect(keys).toHaveLength(20)
    expect(JSON.parse(await save(/^JSON scores/))).toMatchObject({
      attributes: { analysis: 'query-key', precision: 'float32' }
    })
  })
})

it('says that its weights are the model’s own where maps hide the first token', async () => {
  const said = panel().getByText('weights are not renormalised')
  expect(await said.count()).toBe(0)
  await page.getByRole('tab', { name: /^Attention/ }).click()
  await page.getByRole('button', { name: 'Look', exact: true }).click()
  await page.getByRole('menuitemradio', { name: 'Hidden', exact: true }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: /query–key$/ }).click()
  await said.waitFor()
  const whole = await exact('weight')
  expect(Math.exp((await exact('score')) - (await exact('logsumexp')))).toBeCloseTo(whole, 6)
})

describe('what a model has beside a product and a scale', () => {
  const opened = async (name: string) => {
    await openModel(page, join(projectRoot, 'test/golden', name))
    await page.getByRole('textbox', { name: 'Token ids' }).fill('5 6 7 8 9 5 6')
    await page.getByRole('textbox', { name: 'Token ids' }).press('Control+Enter')
  }

  it('is said: groups of heads, and vectors that turn', async () => {
    await opened('llama')
    await panel().getByText('q is hook_rot_q, k is hook_rot_k of key/value head 0').waitFor()
  })

  it('is a step: a cap, linear biases', async () => {
    await opened('gemma2')
    await step('capped').waitFor()
    expect(await exact('capped')).not.toBe(await exact('scaled'))
    expect((await exact('capped')) + (await exact('rounding'))).toBeCloseTo(
      await exact('score'),
      12
    )
    await opened('bloom')
    await step('bias').waitFor()
    const parts = [await exact('scaled'), await exact('bias'), await exact('rounding')]
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(await exact('score'), 12)
  })

  it('has its numbers on the screen, however long a formula is', async () => {
    await opened('gpt_oss')
    await step('sink').waitFor()
    const table = panel().getByRole('table', { name: 'From products to the weight' })
    const { x, width } = (await panel().boundingBox())!
    const box = (await table.boundingBox())!
    expect(box.x + box.width).toBeLessThanOrEqual(x + width - 12)
  })

  it('is not guessed of a graph that does not tell', async () => {
    await opened('onnx-gpt2')
    await panel().getByText('Weights of Head 0.1 cannot be taken apart').waitFor()
    await panel()
      .getByText(/^It is not known how the graph of/)
      .waitFor()
  })
})

it('had nothing to complain of', () => {
  expect(served.complaints).toEqual([])
})
