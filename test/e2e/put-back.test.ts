import { cpSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shakespeare } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { openModel, openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-put-back-'))
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
  await map().waitFor()
  await page.keyboard.press('Control+Shift+s')
  const save = page.getByRole('dialog', { name: 'Save the session' })
  await save.getByRole('textbox', { name: 'Name' }).fill(file)
  await save.getByRole('button', { name: 'Save', exact: true }).click()
  await save.waitFor({ state: 'detached' })
})
afterAll(() => served.close())

const map = () => page.getByRole('application', { name: ', 11 tokens' }).first()
const session = () => page.getByRole('button', { name: /^Session: / }).getAttribute('aria-label')
const told = () => page.getByRole('status', { name: 'Model little' })
const isAnother = () => told().getByText('is another model now than the one of the session').first()
const present = () => page.getByRole('button', { name: 'Open what is there now' }).first()

/** What the palette offers to take back. */
async function expectUndo(title: RegExp): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type('> undo')
  await page.getByRole('option', { name: title }).waitFor()
  await page.keyboard.press('Escape')
}

const taken = /Undo: opened little as it is there/

it('a session that was saved on other weights says so where those before are put back, once it is loaded anew as once it is opened', async () => {
  const before = `${model}-before`
  renameSync(model, before)
  cpSync(shakespeare, model, { recursive: true })
  const weights = join(model, 'model.safetensors')
  const bytes = Buffer.from(readFileSync(weights))
  bytes.writeFloatLE(1, bytes.length - 4)
  writeFileSync(weights, bytes)
  await page.reload()
  await present().click()
  await isAnother().waitFor({ state: 'detached' })
  await map().waitFor()
  await page.keyboard.press('Control+s')
  await expect.poll(session).toBe('Session: Kept')

  await expectUndo(taken)
  renameSync(model, `${model}-changed`)
  renameSync(before, model)
  await page.reload()
  await isAnother().waitFor()
  await map().waitFor()
  await expect.poll(session).toBe('Session: Kept')
  await expectUndo(taken)
  await runCommand(page, '> new session')
  await page.getByText('No tab is open').waitFor()
  await openPath(page, file)
  await isAnother().waitFor()
  await map().waitFor()
})

it('a model that is another one now is told in words where no tab is open', async () => {
  const tabs = await page.getByRole('tab').count()
  for (let i = 0; i < tabs; i++) await page.keyboard.press('Alt+w')
  await page.getByText('No tab is open').waitFor()
  await isAnother().waitFor()
  expect(await told().count()).toBe(1)
  for (let i = 0; i < tabs; i++) await page.keyboard.press('Control+z')
  await map().waitFor()
  await expect.poll(session).toBe('Session: Kept')
})

it('a copy of those before that lies there is said to be one of those that the session keeps', async () => {
  renameSync(model, `${model}-original`)
  cpSync(`${model}-original`, model, { recursive: true })
  await page.reload()
  await page
    .getByRole('status', { name: 'Session', exact: true })
    .getByText('little: one of 2 that the session keeps of its place was copied or put back')
    .waitFor()
  await isAnother().waitFor()
  await map().waitFor()
  await expect.poll(session).toBe('Session: Kept')
})

it('a session is of the very one again once that is there', async () => {
  renameSync(model, `${model}-copy`)
  renameSync(`${model}-changed`, model)
  await page.getByRole('button', { name: 'Look again' }).first().click()
  await isAnother().waitFor({ state: 'detached' })
  await map().waitFor()
  expect(served.complaints).toEqual([])
})
