import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtCommand } from '../built.ts'
import { soliloquy } from '../main/workbench/analysis/soliloquy.ts'
import { runCommand } from './command.ts'
import { openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const root = mkdtempSync(join(tmpdir(), 'lamella-panel-texts-'))
const plays = join(root, 'plays')
/** The session as it is saved where the panel was taken, and as its panel is drawn anew. */
const paper = join(root, 'Paper.lamella')
const again = join(root, 'Again.lamella')

/** Where the texts are, and another machine, where other texts lie there. */
let home: ServedWindow
let other: ServedWindow
beforeAll(async () => {
  mkdirSync(plays)
  writeFileSync(join(plays, 'a.txt'), soliloquy.slice(0, 480))
  other = await serveWindow({}, undefined, false)
})
afterAll(() => Promise.all([home.close(), other.close()]))

const shown = (page: Page) => page.getByRole('tabpanel').filter({ visible: true })
const panels = (page: Page) => page.getByRole('region', { name: 'Panels' })
const saved = (page: Page) => page.getByRole('status', { name: 'Saved' })

/** Adds a map of all heads over the texts to a figure, and looks at that. */
async function takePanel(page: Page): Promise<void> {
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
  const texts = page.getByRole('complementary', { name: 'Texts' })
  await texts.getByRole('button', { name: 'New…' }).click()
  await page.getByRole('menuitem', { name: 'Corpus…', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'New corpus' })
  await dialog.getByRole('textbox', { name: /^Path of a text file/ }).fill(plays)
  await dialog.getByText('1 file').waitFor()
  await dialog.getByRole('spinbutton', { name: 'Window, tokens' }).fill('32')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Plays')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await runCommand(page, 'show head atlas')
  await shown(page)
    .getByRole('button', { name: /^Scored over:/ })
    .click()
  await page.getByRole('menuitemradio', { name: 'Plays', exact: true }).click()
  await shown(page)
    .getByText(/^Plays: 15 windows/)
    .waitFor()
  await shown(page).getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Add to a figure' }).first().press('ArrowRight')
  await page.getByRole('menuitem', { name: 'New figure' }).press('Enter')
  await saved(page).getByRole('button', { name: 'Show' }).click()
  await panels(page).getByRole('article').waitFor()
}

interface Left {
  readonly tabs: readonly { readonly type: string }[]
  readonly figures: readonly { readonly panels: readonly unknown[] }[]
}
const leftOf = (window: ServedWindow) => JSON.parse(window.saved()) as Left

/** Has nothing but the figure's panel say that the texts were read: no tab, no result, and none that knows who named them. */
function forgetReading(window: ServedWindow): void {
  const left = leftOf(window)
  const tabs = left.tabs.filter(({ type }) => type === 'figure')
  const now = { ...left, tabs, layout: null, lookedAt: [], made: [] }
  writeFileSync(join(window.dataFolder, 'workspace.json'), JSON.stringify(now))
  rmSync(join(window.dataFolder, 'windows'), { recursive: true })
}

async function save(page: Page, path: string): Promise<void> {
  await page.keyboard.press('Control+Shift+s')
  const dialog = page.getByRole('dialog', { name: 'Save the session' })
  await dialog.getByRole('radio', { name: /^Everything/ }).click()
  await dialog.getByText(/^The texts of “Plays”/).waitFor()
  await dialog.getByRole('textbox', { name: 'Name' }).fill(path)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

async function caption(page: Page): Promise<string> {
  await panels(page).getByRole('article').getByText('(a)').click()
  return panels(page).getByRole('textbox', { name: 'Caption' }).inputValue()
}

it('a session carries the texts that a panel alone is drawn of', async () => {
  const before = await serveWindow({}, undefined, false)
  await takePanel(before.page)
  await expect.poll(() => leftOf(before).figures.flatMap(own => own.panels)).toHaveLength(1)
  // What it would leave as it closes is not to come after what is forgotten.
  await before.kill()
  await before.close()
  forgetReading(before)
  home = await serveWindow({}, before.dataFolder, false)
  await panels(home.page).getByRole('article').waitFor()
  await save(home.page, paper)
})

it('the panel is drawn anew of them where other texts lie there', async () => {
  renameSync(plays, join(root, 'away'))
  mkdirSync(plays)
  writeFileSync(join(plays, 'a.txt'), 'Speak, speak. '.repeat(40))
  const { page } = other
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await openPath(page, paper)
  await panels(page).getByRole('button', { name: 'Draw anew' }).click()
  await saved(page).getByText('is drawn anew').waitFor()
  await save(page, again)
  expect(await caption(home.page)).toContain('15 windows of up to 32 tokens of Plays')
  expect(await caption(page)).toBe(await caption(home.page))
  expect([...home.complaints, ...other.complaints]).toEqual([])
})

it.each([
  { name: 'as it was taken', path: paper },
  { name: 'as it was drawn anew', path: again }
])('and is made again of them $name', ({ path }) => {
  const env = { ...process.env, LAMELLA_DATA: mkdtempSync(join(tmpdir(), 'lamella-e2e-')) }
  const words = [builtCommand, 'session', path, '--rerun', '--json']
  const told = execFileSync(process.execPath, words, { env, encoding: 'utf8' })
  const { values, read } = JSON.parse(told) as { values: unknown[]; read: string[] }
  const made = { what: 'panel (a) of “Figure 1”', difference: 0, problem: null }
  expect(values).toContainEqual(expect.objectContaining(made))
  expect(read).toEqual([])
})
