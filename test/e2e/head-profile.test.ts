import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { csvRows } from './csv-rows.ts'
import { focusedName, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'head profile')
  await list().waitFor()
})
afterAll(() => served.close())

const list = () => page.getByRole('listbox', { name: 'Contexts' })
const lines = () => list().getByRole('option')
const parts = () => list().getByRole('group')
const readOut = () => page.getByRole('status', { name: 'Read-out' }).filter({ visible: true })
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const note = () => page.getByRole('note').filter({ visible: true })
const texts = () => lines().evaluateAll(rows => rows.map(row => row.ariaLabel ?? ''))
const scores = async () => (await texts()).map(text => Number(text.split(':')[0]))

async function choose(field: string, option: string): Promise<void> {
  const panel = page.getByRole('tabpanel').filter({ visible: true })
  await panel.getByRole('button', { name: new RegExp(`^${field}: `) }).click()
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
}

it('has contexts from the whole range of the score, the highest first', async () => {
  await expect.poll(() => parts().count()).toBeGreaterThan(5)
  const all = await scores()
  expect(all).toEqual([...all].sort((a, b) => b - a))
  expect(all[0]! - all.at(-1)!).toBeGreaterThan(0.2)
  await page.getByRole('img', { name: /^Queries of Head \d\.\d by largest beyond/ }).waitFor()
  expect(await note().allTextContents()).toEqual([
    '1 of 81 queries are left out: they have no such number, or see one key alone.'
  ])
})

it('says beside them how the head scores, and where it looks', async () => {
  const scored = page.getByRole('complementary', { name: /^Scores of Head/ })
  await scored.getByRole('img', { name: /by offset$/ }).waitFor()
  const row = scored.getByRole('row', { name: /^previous token/ })
  expect(await row.textContent()).toMatch(/0\.\d+.*0\.0\d+/)
})

it('follows the head that is chosen elsewhere', async () => {
  const before = await texts()
  await list().press(']')
  await page.getByRole('complementary', { name: /^Scores of Head 1/ }).waitFor()
  await expect.poll(texts).not.toEqual(before)
  await list().press('[')
  await expect.poll(texts).toEqual(before)
  await list().press('.')
  await page.getByRole('complementary', { name: /^Scores of Head \d\.1/ }).waitFor()
  await expect.poll(texts).not.toEqual(before)
  await list().press(',')
  await expect.poll(texts).toEqual(before)
})

it('selects the query of a line everywhere, and reads it', async () => {
  await choose('Score', 'previous token')
  await page.getByRole('img', { name: /by previous token$/ }).waitFor()
  await lines().nth(2).click()
  await expect.poll(() => lines().nth(2).getAttribute('aria-selected')).toBe('true')
  const [, query] = /query (\d+)$/.exec((await texts())[2]!)!
  await expect.poll(() => readOut().textContent()).toContain(`query ${query} `)
  await expect.poll(() => inspector().textContent()).toContain(`query ${query}`)
})

it('goes from line to line, and from part to part, by keys', async () => {
  const all = await texts()
  const inFirst = await parts().first().getByRole('option').count()
  await page.keyboard.press('Home')
  await expect.poll(() => focusedName(page)).toBe(all[0])
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => focusedName(page)).toBe(all[1])
  await page.keyboard.press('PageDown')
  await expect.poll(() => focusedName(page)).toBe(all[inFirst])
  await page.keyboard.press('PageUp')
  await expect.poll(() => focusedName(page)).toBe(all[0])
  await page.keyboard.press('End')
  await expect.poll(() => focusedName(page)).toBe(all.at(-1))
  await page.keyboard.press('Enter')
  await expect.poll(() => lines().last().getAttribute('aria-selected')).toBe('true')
})

it('draws other contexts, and parts the range otherwise, also after a reload', async () => {
  const before = await texts()
  await page.getByRole('button', { name: 'Draw others' }).click()
  await expect.poll(texts).not.toEqual(before)
  await page.getByRole('radio', { name: 'Equal widths' }).click()
  await expect.poll(() => parts().first().textContent()).toMatch(/\d quer(y|ies), /)
  await choose('Contexts', '3 of each part')
  await expect
    .poll(() => parts().evaluateAll(all => all.map(part => part.children.length - 1)))
    .toSatisfy((counts: number[]) => counts.every(count => count <= 3))
  const after = await texts()
  await expect.poll(() => served.saved()).toContain('"by":"range"')
  await page.reload()
  await list().waitFor()
  await expect.poll(texts).toEqual(after)
  expect(await page.getByRole('radio', { name: 'Equal widths' }).isChecked()).toBe(true)
})

it('says that a text is cut into windows, and how many it read', async () => {
  await choose('Length of windows', '32 tokens')
  await page.getByText('this text: 3 windows').waitFor()
  await expect.poll(() => note().first().textContent()).toContain('cut into windows of 32 tokens')
  await choose('Length of windows', '128 tokens')
  await page.getByText('this text: 1 window', { exact: true }).waitFor()
})

it('is saved as figures and as numbers', async () => {
  const save = async (format: RegExp) => {
    await page
      .getByRole('button', { name: 'Export', exact: true })
      .filter({ visible: true })
      .click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: format }).click()
    const download = await downloading
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
  }
  const contexts = await save(/^SVG.*contexts/)
  expect(contexts.name).toMatch(/head-\d-\d-contexts-by-previous-token\.svg$/)
  expect(contexts.text).toContain('over 1 window of 81 tokens of the text')
  const bars = await save(/^SVG.*distribution/)
  expect(bars.text).toContain('uniform')
  const { text } = await save(/^CSV/)
  const [headings, ...rows] = csvRows(text)
  // Of each context the weights that its tokens are shaded by.
  expect(headings!.split(',')).toEqual(
    expect.arrayContaining(['context', 'place', 'weight', 'context.score'])
  )
  const contextsIn = new Set(rows.map(row => row.split(',')[0]))
  expect(contextsIn.size).toBe(await lines().count())
})

it('is of patterns without the first token where Look hides it', async () => {
  const before = await texts()
  const firstToken = async (shown: string) => {
    await page.getByRole('button', { name: 'Look' }).filter({ visible: true }).click()
    await page.getByRole('menuitemradio', { name: shown, exact: true }).click()
    await page.keyboard.press('Escape')
  }
  await firstToken('Hidden')
  await page.getByText('First token hidden, rows renormalised').waitFor()
  // Of the second query one key is left.
  await page.getByText('2 of 81 queries are left out').waitFor()
  expect(await texts()).not.toEqual(before)
  await choose('Score', 'first token')
  await page.getByText('Look hides the first token: show it there').waitFor()
  await choose('Score', 'previous token')
  await firstToken('Shown')
  await expect.poll(texts).toEqual(before)
})

it('reads a corpus with progress, is stopped, and goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-profile-'))
  const play = 'To be, or not to be, that is the question:\nWhether it is nobler in the mind\n'
  writeFileSync(join(folder, 'play.txt'), play.repeat(300))
  await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
  const explorer = page.getByRole('complementary', { name: 'Texts' })
  await explorer.getByRole('button', { name: 'New…' }).click()
  await page.getByRole('menuitem', { name: 'Corpus…', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'New corpus' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Play')
  await dialog.getByRole('textbox', { name: /^Path of a text file/ }).fill(folder)
  await dialog.getByText('1 file').waitFor()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await choose('Scored over', 'Play')
  const panel = page.getByRole('tabpanel').filter({ visible: true })
  const task = panel.locator('.notice-strip').getByRole('group', { name: 'Running task' })
  await task.getByRole('button', { name: 'Cancel' }).click()
  await panel.getByText('Stopped. It goes on').waitFor()
  expect((await note().allTextContents()).join()).not.toContain('There is no corpus')
  await panel.getByRole('button', { name: 'Go on' }).click()
  await expect
    .poll(async () => (await texts())[0])
    .toMatch(/; play\.txt, tokens \d+ to \d+, query \d+$/)
  expect(await texts()).toHaveLength(await lines().count())
  await panel.getByText(/^Play: \d+ windows$/).waitFor()
  // It is of another text: there is nothing to select.
  await lines().first().click()
  expect(await lines().first().getAttribute('aria-selected')).toBe('false')
  // But it opens as a text of its own, at its query.
  const [, query] = /query (\d+)$/.exec((await texts())[0]!)!
  await lines().first().getByTitle('Open these 128 tokens as a text').click()
  await page.getByRole('application', { name: ', 128 tokens' }).waitFor()
  await expect.poll(() => inspector().textContent()).toContain(`query ${query}`)
  await page.keyboard.press('Alt+w')
  await lines().first().press('Enter')
  await page.getByRole('application', { name: ', 128 tokens' }).waitFor()
  await page.keyboard.press('Alt+w')
  await list().waitFor()
  await choose('Scored over', 'This text')
  await page.getByText('this text: 1 window', { exact: true }).waitFor()
})

it.each(['light', 'dark'] as const)('can be read in %s', async colorScheme => {
  await page.emulateMedia({ colorScheme })
  await lines().nth(1).hover()
  expect(await faintTexts(page)).toEqual([])
})

it('says that no query has a score', async () => {
  await page.getByRole('textbox', { name: 'Text' }).fill('abc')
  await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
  await choose('Score', 'induction')
  await page.getByText('No query has induction').waitFor()
  await choose('Score', 'entropy')
  await expect.poll(() => lines().count()).toBe(2)
})

it('reads from right to left where the text does', async () => {
  await openModel(page, hebrew)
  await page.getByRole('textbox', { name: 'Text' }).fill('בראשית ברא אלהים')
  await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
  await list().locator('[dir=rtl]').first().waitFor()
  expect(served.complaints).toEqual([])
})
