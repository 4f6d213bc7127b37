import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, name, pickle, stop, string } from '../bad/pickle.ts'
import { projectRoot, shakespeare } from '../golden/workbench.ts'
import { holdCalls } from './held-calls.ts'
import { openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const golden = (name: string) => join(projectRoot, 'test/golden', name)
const dialog = () => page.getByRole('dialog', { name: 'Open a model' })
const path = () => page.getByRole('textbox', { name: 'Path' })
const prompt = () => page.getByRole('textbox', { name: 'Text' })
const model = (name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })
const problem = () => dialog().getByRole('alert')

describe('a typed path', () => {
  it('that is refused is told to be, as it is from the list', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-refused-'))
    const file = join(folder, 'evil_global.pth')
    writeFileSync(file, pickle(call(name('os', 'system'), string('true')), stop))
    await openPath(page, file)
    await problem().waitFor()
    const typed = await problem().textContent()
    await page.keyboard.press('Escape')
    await openPath(page, folder)
    await page.getByRole('option', { name: 'evil_global.pth' }).click()
    await problem().waitFor()
    expect(await problem().textContent()).toBe(typed)
    expect(typed).toContain('This is not a model that can be opened')
    expect(typed).toContain('evil_global.pth')
    expect(typed).not.toContain('could not be listed')
    await page.keyboard.press('Escape')
  })

  it('to nothing says so, and one to a folder looks into it', async () => {
    await openPath(page, '/nowhere/at/all')
    await problem().getByText('does not exist').waitFor()
    await page.keyboard.press('Escape')
    await openPath(page, golden(''))
    await page.getByRole('option', { name: 'gpt2', exact: true }).waitFor()
    expect(await problem().count()).toBe(0)
    await page.keyboard.press('Escape')
  })
})

describe('while something is under way', () => {
  it('a path that is typed is opened after the one before it', async () => {
    // The first model is not there before the second is asked for, however long that takes.
    const calls = await holdCalls(page, 400)
    await page.reload()
    await page.getByRole('application', { name: '81 tokens' }).waitFor()
    calls.hold('models.open')
    await openPath(page, golden('gpt2'))
    await path().fill(golden('llama'))
    await path().press('Enter')
    await dialog().getByText('Opening gpt2, then llama').waitFor()
    calls.pass()
    await dialog().waitFor({ state: 'hidden' })
    await model('gpt2').waitFor()
    await model('llama').waitFor()
    await expect.poll(() => page.title()).toContain('llama')
  })

  it('what is selected to be typed over stays so when the folder comes', async () => {
    await page.keyboard.press('Control+o')
    await path().selectText()
    await dialog().getByLabel('Loading').waitFor({ state: 'hidden' })
    await page.keyboard.insertText('/typed')
    expect(await path().inputValue()).toBe('/typed')
    await page.keyboard.press('Escape')
  })

  it('a double click opens once, and closing at once closes', async () => {
    await openPath(page, golden(''))
    await page.getByRole('option', { name: 'bloom', exact: true }).dblclick()
    await dialog().waitFor({ state: 'hidden' })
    await model('bloom').waitFor()
    await model('bloom').hover()
    await model('bloom').getByRole('button', { name: 'Close bloom' }).click()
    await model('bloom').waitFor({ state: 'detached' })
    expect(await page.getByText('could not be opened').count()).toBe(0)
  })

  it('a text that runs gives way to the one that is run next', async () => {
    await model('shakespeare-char').click()
    await prompt().fill('one')
    await prompt().press('Control+Enter')
    await prompt().fill('three')
    await prompt().press('Control+Enter')
    await page.getByRole('application', { name: ', 5 tokens' }).waitFor()
    expect(await page.getByText('The text could not run').count()).toBe(0)
  })

  it('what cannot run is refused in words', async () => {
    await prompt().fill('')
    await prompt().press('Control+Enter')
    await page.getByRole('alert').getByText('There is no text').waitFor()
    await prompt().fill('or')
    await page.getByText('There is no text').waitFor({ state: 'detached' })
  })

  it('closing a model gives up its run without a word of failure', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-closed-')), 'closed')
    cpSync(shakespeare, folder, { recursive: true })
    await openPath(page, folder)
    await model('closed').waitFor()
    await prompt().fill('to be or not to be')
    await prompt().press('Control+Enter')
    await model('closed').hover()
    await model('closed').getByRole('button', { name: 'Close closed' }).click()
    await model('closed').waitFor({ state: 'detached' })
    await page.waitForTimeout(1_500)
    expect(await page.getByRole('alert').filter({ hasText: /./ }).count()).toBe(0)
  })

  it('a text that was changed is told to be, and is run from there', async () => {
    await model('shakespeare-char').click()
    await prompt().fill('five')
    await prompt().press('Control+Enter')
    await page.getByRole('application', { name: ', 4 tokens' }).waitFor()
    const stale = page.getByRole('button', { name: 'from the text before' }).first()
    expect(await stale.count()).toBe(0)
    await prompt().fill('fives')
    await stale.click()
    await page.getByRole('application', { name: ', 5 tokens' }).waitFor()
    expect(await stale.count()).toBe(0)
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
