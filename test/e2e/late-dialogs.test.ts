import { cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shakespeare } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { holdCalls, type HeldCalls } from './held-calls.ts'
import { openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
let calls: HeldCalls
const models = mkdtempSync(join(tmpdir(), 'lamella-late-'))
beforeAll(async () => {
  for (const name of ['first', 'second'])
    cpSync(shakespeare, join(models, name), { recursive: true })
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  calls = await holdCalls(page)
  await page.reload()
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const dialog = (name: string) => page.getByRole('dialog', { name, exact: true })
/** Waits for what may lie below a dialog, which hides it from those that do not see. */
const seen = (role: 'button' | 'treeitem', name: RegExp) =>
  page.getByRole(role, { name, includeHidden: true }).waitFor()

/** Each asks in its dialog for something that is called by a name of its own, and waits until that is done. */
const asked: Readonly<
  Record<
    string,
    {
      method: string
      title: string
      ask(own: string): Promise<void>
      done(own: string): Promise<unknown>
    }
  >
> = {
  'a model that is opened': {
    method: 'models.open',
    title: 'Open a model or a session',
    ask: own => openPath(page, join(models, own)),
    done: own => seen('treeitem', new RegExp(`^${own}`))
  },
  'a session that is saved': {
    method: 'sessions.save',
    title: 'Save the session',
    async ask(own) {
      await page.keyboard.press('Control+Shift+s')
      const path = join(models, `${own}.lamella`)
      const field = dialog(this.title).getByRole('textbox', { name: 'Name' })
      await field.fill(path)
      await field.press('Enter')
    },
    done: own => seen('button', new RegExp(`^Session: ${own}$`))
  },
  'a memory budget that is set': {
    method: 'settings.set',
    title: 'Memory budget',
    async ask() {
      await runCommand(page, '> memory budget')
      const field = dialog(this.title).getByRole('textbox', { name: 'Budget' })
      await field.fill('1.25')
      await field.press('Enter')
    },
    async done() {
      const file = join(served.dataFolder, 'settings.json')
      await expect
        .poll(() => readFileSync(file, 'utf8'))
        .toMatch(/memoryBudgetBytes":\s*1342177280/)
      await page.evaluate(() => new Promise(done => setTimeout(done, 200)))
    }
  },
  'a text that is kept': {
    method: 'library.put',
    title: 'New text',
    async ask(own) {
      await runCommand(page, '> find a text')
      await page
        .getByRole('complementary', { name: 'Texts' })
        .getByRole('button', { name: 'New…' })
        .click()
      await page.getByRole('menuitem', { name: 'Text…' }).click()
      await dialog(this.title).getByRole('textbox', { name: 'Name' }).fill(own)
      await dialog(this.title).getByRole('textbox', { name: 'Text' }).fill('Shall I compare thee')
      await dialog(this.title).getByRole('button', { name: 'Save', exact: true }).click()
    },
    done: own => seen('treeitem', new RegExp(`^${own}`))
  }
}

describe.each(Object.entries(asked))('%s once its dialog was left', (_, own) => {
  it('closes no dialog that was opened meanwhile, as it is answered', async () => {
    calls.hold(own.method)
    await own.ask('first')
    await expect.poll(() => calls.count()).toBe(1)
    await page.keyboard.press('Escape')
    await dialog(own.title).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'List of keys' }).click()
    await dialog('Keys').waitFor()
    calls.pass()
    await own.done('first')
    expect(await dialog('Keys').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await dialog('Keys').waitFor({ state: 'detached' })
  })

  it('closes its own dialog where that was not left', async () => {
    calls.hold(own.method)
    await own.ask('second')
    await expect.poll(() => calls.count()).toBe(1)
    await dialog(own.title).waitFor()
    calls.pass()
    await dialog(own.title).waitFor({ state: 'detached' })
  })
})

it('takes a memory budget while it asks what that is now', async () => {
  calls.hold('settings.get')
  await runCommand(page, '> memory budget')
  await expect.poll(() => calls.count()).toBe(1)
  const field = dialog('Memory budget').getByRole('textbox', { name: 'Budget' })
  await field.fill('1.5')
  await field.press('Enter')
  await dialog('Memory budget').waitFor({ state: 'detached' })
  calls.pass()
  const file = readFileSync(join(served.dataFolder, 'settings.json'), 'utf8')
  expect(file).toMatch(/memoryBudgetBytes":\s*1610612736/)
})
