import { mkdirSync, mkdtempSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trainingFolder } from '../golden/training.ts'
import { shakespeare } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel, openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
let training: string
beforeAll(async () => {
  // Queries and keys grow from nothing; the last save was cut off.
  training = await trainingFolder(
    shakespeare,
    {
      0: { factor: 0, of: /c_attn/ },
      50: { factor: 0.5, of: /c_attn/ },
      400: { factor: 1, of: /^$/ }
    },
    ['config.json', 'tokenizer.json']
  )
  mkdirSync(join(training, 'checkpoint-500'))
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show timeline')
  await panel().getByText('No checkpoints lie around this model').waitFor()
  await openModel(page, join(training, 'checkpoint-400'))
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const line = (name: string) =>
  panel().getByRole('grid', { name: 'Lines' }).getByRole('row').filter({ hasText: name })
async function choose(what: string, option: string): Promise<void> {
  await panel()
    .getByRole('button', { name: new RegExp(`^${what}: `) })
    .click()
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
}

describe('the timeline', () => {
  it('is of the loss on the text, and names what was left out', async () => {
    await panel().getByRole('img', { name: 'loss by step' }).waitFor()
    await panel()
      .getByText(/^Left out: "checkpoint-500": holds no weights/)
      .waitFor()
    await panel()
      .getByText(/^3 checkpoints of /)
      .waitFor()
    expect(await faintTexts(page)).toEqual([])
  })

  it('lists every head with its largest rise, those that rise most first', async () => {
    await choose('Number', 'induction on random tokens')
    await expect.poll(() => line('Head').count()).toBe(16)
    const first = panel().getByRole('grid', { name: 'Lines' }).getByRole('row').nth(1)
    await expect.poll(() => first.textContent()).toMatch(/^Head \d\.\d.*\+0\.\d+ by (50|400)$/)
    await line('Head 2.3').click()
    await expect.poll(() => line('Head 2.3').getAttribute('aria-selected')).toBe('true')
    await panel()
      .getByText(/^step 400 · Head 2\.3 · induction on random tokens 0\.\d+$/)
      .waitFor()
  })

  it('chooses a checkpoint at a point, which is opened, and goes on with it', async () => {
    await choose('Number', 'loss')
    const plot = panel().getByRole('img', { name: 'loss by step' })
    const box = (await plot.boundingBox())!
    // The first checkpoint stands at the left end, where the loss is highest.
    const chosen = panel().getByRole('button', { name: 'Checkpoint: checkpoint-0' })
    for (let y = 8; y < box.height - 40 && (await chosen.count()) === 0; y += 12)
      await plot.click({ position: { x: 56, y } })
    await chosen.waitFor()
    await panel().getByRole('button', { name: 'Open it' }).click()
    await panel().getByText('No text was run yet').waitFor()
  })

  it('is of weights by their role, by layer, and saves what it shows', async () => {
    await choose('Number', 'norm')
    await choose('Weights', 'W_K')
    await panel().getByRole('radio', { name: 'By layer' }).click()
    await expect.poll(() => line('Layer').count()).toBe(4)
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^SVG/ }).click()
    const svg = readFileSync(await (await downloading).path(), 'utf8')
    expect(svg).toContain('--view timeline --set of=weight-statistics.norm')
    expect(svg).toContain('by=layer')
  })

  it('stands after a reload', async () => {
    await expect.poll(() => served.saved()).toContain('"by":"layer"')
    await page.reload()
    await expect.poll(() => line('Layer').count()).toBe(4)
    expect(served.complaints).toEqual([])
  })

  it('is kept in a session, and shown from it once the checkpoints are gone', async () => {
    await choose('Number', 'norm')
    await expect.poll(() => line('Layer').count()).toBe(4)
    const shown = await panel().getByRole('grid', { name: 'Lines' }).textContent()
    const file = join(mkdtempSync(join(tmpdir(), 'lamella-kept-')), 'Training')
    await page.keyboard.press('Control+Shift+s')
    const save = page.getByRole('dialog', { name: 'Save the session' })
    await save.getByRole('radio', { name: /^What was looked at/ }).click()
    await save.getByRole('textbox', { name: 'Name' }).fill(file)
    await save.getByRole('button', { name: 'Save', exact: true }).click()
    await save.waitFor({ state: 'detached' })
    await runCommand(page, '> new session')
    await page.getByText('No tab is open').waitFor()
    renameSync(training, `${training}-gone`)
    await openPath(page, `${file}.lamella`)
    // Both models of the session.
    await page
      .getByRole('status', { name: 'Models', exact: true })
      .getByText('all missing')
      .waitFor()
    await expect.poll(() => line('Layer').count()).toBe(4)
    expect(await panel().getByRole('grid', { name: 'Lines' }).textContent()).toBe(shown)
    expect(served.complaints).toEqual([])
  })
})
