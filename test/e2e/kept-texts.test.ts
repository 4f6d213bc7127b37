import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const root = mkdtempSync(join(tmpdir(), 'lamella-kept-texts-'))
const plays = join(root, 'plays')
const away = join(root, 'away')

/** Where the texts are, and another machine. */
let home: ServedWindow
let other: ServedWindow
beforeAll(async () => {
  mkdirSync(plays)
  writeFileSync(join(plays, 'a.txt'), 'To be, or not to be, that is the question. '.repeat(20))
  writeFileSync(join(plays, 'b.txt'), 'Speak, speak. '.repeat(20))
  home = await serveWindow()
  other = await serveWindow()
})
afterAll(() => Promise.all([home.close(), other.close()]))

const texts = (page: Page) => page.getByRole('complementary', { name: 'Texts' })
const line = (page: Page, name: RegExp) => texts(page).getByRole('treeitem', { name })
const head = (page: Page) => page.getByRole('region', { name: 'Selected head' })
const induction = (page: Page) =>
  head(page)
    .getByRole('row', { name: /^Induction/ })
    .textContent()

async function showTexts(page: Page): Promise<void> {
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
  await texts(page).waitFor()
}

async function save(page: Page, name: string, keep: RegExp, told?: RegExp): Promise<void> {
  await page.keyboard.press('Control+Shift+s')
  const dialog = page.getByRole('dialog', { name: 'Save the session' })
  await dialog.getByRole('radio', { name: keep }).click()
  if (told) await dialog.getByText(told).waitFor()
  await dialog.getByRole('textbox', { name: 'Name' }).fill(join(root, name))
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

it('a session that keeps everything computes over its corpora where their files are not', async () => {
  const { page } = home
  await showTexts(page)
  await texts(page).getByRole('button', { name: 'New…' }).click()
  await page.getByRole('menuitem', { name: 'Corpus…' }).click()
  const dialog = page.getByRole('dialog', { name: 'New corpus' })
  await dialog.getByRole('textbox', { name: /^Path of a text file/ }).fill(plays)
  await dialog.getByText('2 files, 1.11 KB').waitFor()
  await dialog.getByRole('spinbutton', { name: 'Window, tokens' }).fill('64')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Plays')
  await dialog.getByRole('button', { name: 'Save and score heads' }).click()
  await head(page)
    .getByText(/^19 windows/)
    .waitFor()
  const scored = await induction(page)
  await save(page, 'With', /^Everything/, /^The texts of “Plays”, 1\.\d+ KB\.$/)
  await save(page, 'Without', /^What was looked at/)
  renameSync(plays, away)

  const far = other.page
  await showTexts(far)
  await openPath(far, join(root, 'With.lamella'))
  await line(far, /^Plays.*2 files.*texts as the session kept them/).waitFor()
  await head(far).getByRole('button', { name: 'Scored over: This text' }).waitFor()
  await line(far, /^Plays/).dblclick()
  await head(far).getByText('“Plays”: texts as the session kept them').waitFor()
  await head(far)
    .getByText(/^19 windows/)
    .waitFor()
  expect(await induction(far)).toBe(scored)
  await line(far, /^Plays/).click({ button: 'right' })
  await far.getByRole('menuitem', { name: 'Look for its files' }).click()
  // They are not there: what is read stays what it was, and once they were asked for nobody asks again.
  const offered = async () => {
    await line(far, /^Plays/).click({ button: 'right' })
    await far.getByRole('menuitem', { name: 'Copy its path' }).waitFor()
    const count = await far.getByRole('menuitem', { name: 'Look for its files' }).count()
    await far.keyboard.press('Escape')
    return count
  }
  await expect.poll(offered).toBe(0)
  await line(far, /^Plays.*texts as the session kept them/).waitFor()
})

it('of a session that does not keep them no files are looked for before a person asks', async () => {
  const { page } = other
  await line(page, /^Plays/).focus()
  await page.keyboard.press('Delete')
  await line(page, /^Plays/).waitFor({ state: 'detached' })
  // Other files than the corpus had.
  mkdirSync(plays)
  writeFileSync(join(plays, 'a.txt'), 'Speak.')
  await openPath(page, join(root, 'Without.lamella'))
  await page.getByRole('button', { name: 'Don’t save' }).click()
  await line(page, /^Plays.*came with a session, not looked for yet/).waitFor()
  await line(page, /^Plays/).dblclick()
  await head(page).getByText('“Plays”: came with a session, not looked for yet').waitFor()
  await head(page).getByRole('button', { name: 'Look for its files' }).click()
  await line(page, /^Plays.*changed since it was kept: now 1 file, 6 B/).waitFor()
  await head(page).getByRole('button', { name: 'Take it as it is now' }).click()
  await head(page)
    .getByText(/^1 window/)
    .waitFor()
  expect([...home.complaints, ...other.complaints]).toEqual([])
})
