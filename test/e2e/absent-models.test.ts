import { cpSync, mkdtempSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shakespeare } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel, openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-absent-models-'))
const names = ['checkpoint-100', 'checkpoint-200', 'שלום עולם']
const file = join(folder, 'Training.lamella')
let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  for (const name of names) {
    cpSync(shakespeare, join(folder, name), { recursive: true })
    await openModel(page, join(folder, name))
  }
  await page.keyboard.press('Control+Shift+s')
  const save = page.getByRole('dialog', { name: 'Save the session' })
  await save.getByRole('textbox', { name: 'Name' }).fill(file)
  await save.getByRole('button', { name: 'Save', exact: true }).click()
  await save.waitFor({ state: 'detached' })
  await runCommand(page, '> new session')
  await page.getByText('No tab is open').waitFor()
  for (const name of names) renameSync(join(folder, name), join(folder, `${name} gone`))
  await openPath(page, file)
})
afterAll(() => served.close())

const told = () => page.getByRole('status', { name: 'Models', exact: true })
const each = () => page.getByRole('list', { name: 'Models as the session kept them' })
const unfold = () => told().getByRole('button', { name: 'Each model' })
const inStatus = (text: string) =>
  page.getByRole('contentinfo').getByRole('button', { name: text, exact: true })

it('several models that are not there are told of in one strip, which unfolds to each of them', async () => {
  await told()
    .getByText('3 models are shown as the session kept them: all missing.', { exact: true })
    .waitFor()
  expect(await page.getByRole('status', { name: 'Model' }).count()).toBe(1)
  expect(await unfold().getAttribute('aria-expanded')).toBe('false')
  await unfold().press('Enter')
  expect(await unfold().getAttribute('aria-expanded')).toBe('true')
  expect(await each().getByRole('listitem').count()).toBe(3)
  const hebrew = each().getByRole('listitem', { name: 'Model שלום עולם', exact: true })
  await hebrew.getByText('is not where it was').waitFor()
  await hebrew.getByRole('button', { name: 'Point to it…' }).waitFor()
  expect(await faintTexts(page)).toEqual([])
})

it('leave the rest of a small window to what is looked at', async () => {
  await page.setViewportSize({ width: 640, height: 480 })
  const strip = (await told().boundingBox())!
  const list = (await each().boundingBox())!
  expect(strip.height + list.height).toBeLessThan(480 / 2)
  expect(strip.x + strip.width).toBeLessThanOrEqual(640)
  await unfold().press('Enter')
  await each().waitFor({ state: 'detached' })
  await page.setViewportSize({ width: 1440, height: 900 })
})

it('is put away, and found again in the status bar and the panel of models', async () => {
  await told()
    .getByRole('button', { name: /^Dismiss/ })
    .press('Enter')
  await told().waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate(() => document.activeElement === document.body)).toBe(false)
  await page.getByRole('button', { name: 'Models', exact: true }).click()
  const tree = page.getByRole('tree', { name: 'Open models' })
  await expect.poll(() => tree.getByText('missing', { exact: true }).count()).toBe(3)
  await inStatus('3 models as kept').press('Enter')
  await told().waitFor()
  await expect.poll(() => each().getByRole('listitem').count()).toBe(3)
  await unfold().press('Enter')
})

it('all are looked for at once, and one alone is told of by its name', async () => {
  renameSync(join(folder, `${names[0]!} gone`), join(folder, names[0]!))
  await told().getByRole('button', { name: 'Look again' }).click()
  await told().getByText('2 models are shown as the session kept them').waitFor()
  renameSync(join(folder, `${names[1]!} gone`), join(folder, names[1]!))
  await told().getByRole('button', { name: 'Look again' }).click()
  await page.getByRole('status', { name: 'Model שלום עולם', exact: true }).waitFor()
  await told().waitFor({ state: 'detached' })
  expect(served.complaints).toEqual([])
})
