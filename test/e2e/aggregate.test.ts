import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvRows } from './csv-rows.ts'
import { runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  const text = page.getByRole('textbox', { name: 'Text' })
  await text.fill('To be, or not to be')
  await text.press('Control+Enter')
  await page.getByRole('application', { name: '19 tokens' }).waitFor()
})
afterAll(() => served.close())

const command = (title: string) => runCommand(page, title)
const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const map = (name: string) => panel().getByRole('application', { name: `of ${name}, 19 tokens` })
const readOut = () => panel().getByRole('status', { name: 'Read-out' })

/** Chooses in a field of what is taken together, by keys. */
async function choose(field: string, option: string): Promise<void> {
  await panel()
    .getByRole('button', { name: new RegExp(`^${field}:`) })
    .press('Enter')
  await page.getByRole('menuitemradio', { name: option }).click()
}

/** The weight that is selected, in full. */
async function weight(): Promise<number> {
  const title = await readOut().locator('strong').first().locator('..').getAttribute('title')
  return Number(title!.split(',')[0])
}

/** The weights of a cell in each head, from the files that the views of heads are saved as. */
async function saved(format: RegExp | string): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-e2e-')), 'saved')
  await (await downloading).saveAs(path)
  return readFileSync(path, 'utf8')
}

/** The weight of a cell in a table. */
function cellOf(csv: string, query: number, key: number): number {
  const line = csv.split('\r\n').find(line => {
    const [row, , ...rest] = line.split(',')
    return row === String(query) && rest.at(-3) === String(key)
  })
  return Number(line!.split(',').at(-1))
}

describe('many heads as one map', () => {
  it('are the mean of all at first', async () => {
    await command('show aggregate')
    await map('Mean of all heads').waitFor()
    await map('Mean of all heads').focus()
    await map('Mean of all heads').press('Home')
    await expect.poll(() => readOut().textContent()).toMatch(/query 18.*key 0.*uniform/)
  })

  it('are those of the block, or of heads that are typed', async () => {
    await choose('Heads', 'This block')
    await map('Mean of the heads of block 0').waitFor()
    const mean = await weight()
    await choose('Heads', 'Chosen heads')
    await panel().getByText('Name some heads').waitFor()
    const field = panel().getByRole('textbox', { name: 'Chosen heads' })
    const own: number[] = []
    for (const head of [0, 1, 2, 3]) {
      await field.fill(`0.${head}`)
      await field.press('Enter')
      await map(`Head 0.${head}`).waitFor()
      own.push(await weight())
    }
    expect(own.reduce((sum, one) => sum + one, 0) / 4).toBeCloseTo(mean, 4)
    await field.fill('0.*')
    await field.press('Enter')
    await choose('How', 'Maximum')
    await map('Maximum of heads 0.*').waitFor()
    expect(await weight()).toBeCloseTo(Math.max(...own), 4)
    await choose('How', 'Minimum')
    await map('Minimum of heads 0.*').waitFor()
    expect(await weight()).toBeCloseTo(Math.min(...own), 4)
    await field.fill('0.9')
    await field.press('Enter')
    await panel().getByText('0.9: heads go from 0 to 3').waitFor()
    await field.fill('0.0, 1.*')
    await field.press('Enter')
    await map('Minimum of heads 0.0, 1.*').waitFor()
  })

  it('are compared with others of the same run, side by side and as a difference', async () => {
    await choose('How', 'Mean')
    await choose('Heads', 'This block')
    await choose('Compared with', 'Chosen heads')
    const field = panel().getByRole('textbox', { name: 'Heads compared with' })
    await field.fill('1.*')
    await field.press('Enter')
    await map('Mean of the heads of block 0').waitFor()
    await map('Mean of heads 1.*').waitFor()
    await panel().getByRole('radio', { name: 'Difference' }).click()
    await map('Mean of the heads of block 0, less Mean of heads 1.*').waitFor()
    expect(await saved('SVG')).toMatch(/Less:\n.*\nMean of heads 1\.\*/)
    await panel().getByRole('radio', { name: 'Side by side' }).click()
  })

  it('follow the block that one goes to, and keep what was chosen over a reload', async () => {
    await page.keyboard.press(']')
    await map('Mean of the heads of block 1').waitFor()
    await page.keyboard.press('[')
    await map('Mean of the heads of block 0').waitFor()
    await expect.poll(() => served.saved()).toContain('"lessList":"1.*"')
    await page.reload()
    await map('Mean of the heads of block 0').waitFor()
    await map('Mean of heads 1.*').waitFor()
    await choose('Compared with', 'Nothing else')
    await map('Mean of heads 1.*').waitFor({ state: 'detached' })
  })

  it('are rolled out up to the block', async () => {
    await choose('How', 'Rollout')
    await map('Rollout after block 0').waitFor()
    const first = await weight()
    await page.keyboard.press(']')
    await map('Rollout after block 1').waitFor()
    await expect.poll(weight).not.toBe(first)
    await expect.poll(() => readOut().textContent()).not.toContain('uniform')
    const rolled = await saved(/^CSV/)
    expect(csvRows(rolled)[0]).toBe('query,query_label,key,key_label,weight')
    expect(cellOf(rolled, 0, 0)).toBeCloseTo(1, 6)
    await page.keyboard.press('[')
    await choose('How', 'Mean')
  })

  it('of a run without edits are compared with the edited one', async () => {
    await choose('Heads', 'All heads')
    await map('Mean of all heads').waitFor()
    await command('ablate head 0.0')
    await page.getByText('head 0.0 ablated').filter({ visible: true }).first().waitFor()
    await command('compare with the unedited run')
    await panel().getByRole('radio', { name: 'Side by side' }).waitFor()
    await expect.poll(() => panel().getByRole('application').count()).toBe(2)
    await panel().getByText('edited', { exact: false }).first().waitFor()
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
