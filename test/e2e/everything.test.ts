import { cpSync, mkdtempSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shakespeare } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { openModel, openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-everything-'))
const model = join(folder, 'little')
const file = join(folder, 'Kept.lamella')
let served: ServedWindow
let page: Page
beforeAll(async () => {
  cpSync(shakespeare, model, { recursive: true })
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await openModel(page, model)
  const prompt = page.getByRole('textbox', { name: 'Text', exact: true }).first()
  await prompt.fill('Good morrow')
  await prompt.press('Control+Enter')
  await page.getByRole('application', { name: ', 11 tokens' }).first().waitFor()
})
afterAll(() => served.close())

/** The drawings of all heads in the grid. */
function maps(): Promise<string[]> {
  const cells = page.getByRole('grid', { name: 'All heads' }).locator('canvas')
  return cells.evaluateAll(all => all.map(own => (own as HTMLCanvasElement).toDataURL()))
}

it('shows all patterns of a session that kept everything, seen before or not, where the model is gone', async () => {
  await page.keyboard.press('Control+Shift+s')
  const save = page.getByRole('dialog', { name: 'Save the session' })
  await save.getByRole('radio', { name: /^Everything/ }).click()
  await save.getByRole('textbox', { name: 'Name' }).fill(file)
  await save.getByRole('button', { name: 'Save', exact: true }).click()
  await save.waitFor({ state: 'detached' })
  await runCommand(page, '> new session')
  await page.getByText('No tab is open').waitFor()
  renameSync(model, `${model}-gone`)
  await openPath(page, file)
  await page.getByText('is not where it was: only what was kept is shown').first().waitFor()
  await expect.poll(async () => new Set(await maps()).size).toBe(16)
  const before = await maps()
  // Nobody looked at any pattern so before the model went.
  await page.getByRole('button', { name: 'Look', exact: true }).click()
  await page.getByRole('menuitemradio', { name: 'Hidden', exact: true }).click()
  await page.keyboard.press('Escape')
  await expect.poll(async () => (await maps()).filter((map, i) => map === before[i]).length).toBe(0)
  expect(await page.getByText('not kept').count()).toBe(0)
  // What takes patterns as they are computed is made of those that were kept, and says so.
  const rough = page.getByText('What is shown is of values kept as float16.')
  await rough.first().waitFor()
  await runCommand(page, 'head groups')
  await expect.poll(() => rough.filter({ visible: true }).count()).toBe(1)
  await page.getByRole('region', { name: 'Group 1', exact: true }).waitFor()
  expect(await page.getByText('not kept').count()).toBe(0)
  expect(served.complaints).toEqual([])
})
