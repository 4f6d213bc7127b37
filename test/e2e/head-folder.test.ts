import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { HeadVisHead, HeadVisRow } from '#common/analysis/head-sequences/headvis-schema.ts'
import { hebrew } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { csvRows } from './csv-rows.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
/** A folder that the one of HeadVis lies in: nothing else may come into it. */
const around = mkdtempSync(join(tmpdir(), 'lamella-headvis-'))
const folder = join(around, 'tree')
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'head profile')
  await lines().first().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const lines = () => panel().getByRole('listbox', { name: 'Contexts' }).getByRole('option')
const dialog = () => page.getByRole('dialog')
const path = () => dialog().getByRole('textbox', { name: 'Path of the folder' })
const toldText = () => panel().getByRole('note').allTextContents()
const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown
const names = () => lines().evaluateAll(rows => rows.map(row => row.ariaLabel ?? ''))

async function ask(item: RegExp): Promise<void> {
  await panel().getByRole('button', { name: 'HeadVis' }).click()
  await page.getByRole('menuitem', { name: item }).click()
  await dialog().waitFor()
}

it('says in words what cannot be written, and offers a folder of its own', async () => {
  await ask(/^Write a folder/)
  await expect.poll(() => path().inputValue()).toMatch(/headvis-shakespeare-char$/)
  expect(await dialog().textContent()).toContain('each of the 16 heads of shakespeare-char')
  expect(await dialog().textContent()).toContain('The text is one window')
  await path().fill('tree')
  await path().press('Enter')
  await dialog().getByRole('alert').getByText('tree: is no whole path').waitFor()
  const full = join(around, 'full')
  mkdirSync(full)
  writeFileSync(join(full, 'own.txt'), 'mine')
  await path().fill(full)
  await path().press('Enter')
  await dialog().getByRole('alert').getByText('nothing is written over').waitFor()
  expect(readdirSync(full)).toEqual(['own.txt'])
  await page.keyboard.press('Escape')
})

it('writes all heads over what the profile is set to, and nothing outside the folder', async () => {
  await panel()
    .getByRole('button', { name: /^Length of windows: / })
    .click()
  await page.getByRole('menuitemradio', { name: '16 tokens', exact: true }).click()
  await ask(/^Write a folder/)
  expect(await dialog().textContent()).toContain('windows of 16 tokens')
  expect(await dialog().textContent()).not.toContain('The text is one window')
  await path().fill(folder)
  await dialog().getByRole('button', { name: 'Write', exact: true }).click()
  await page.getByRole('status', { name: 'Saved' }).getByText('is written, 20 files').waitFor()
  await dialog().waitFor({ state: 'detached' })
  expect(readdirSync(around).sort()).toEqual(['full', 'tree'])
  expect(json('config.json')).toMatchObject({
    ...{ model_name: 'shakespeare-char', n_layers: 4, n_heads: 4 },
    pipeline_config: { seq_len: 16, n_sequences: 5 }
  })
})

it('reads it again: sequences and numbers of the head are those of its files', async () => {
  await ask(/^Read a folder/)
  await path().fill(folder)
  await path().press('Enter')
  await panel().getByText('It was written from the files of the open model').waitFor()
  const { sequences } = json('heads/L0H0.json') as HeadVisHead
  expect(await lines().count()).toBe(sequences.length)
  const highest = Math.max(...sequences.map(({ max_activation }) => max_activation))
  expect(Number((await names())[0]!.split(':')[0])).toBeCloseTo(highest, 2)
  const row = (json('scatter_data.json') as HeadVisRow[])[0]!
  const numbers = panel().getByRole('complementary', { name: 'Numbers of Head 0.0 in the folder' })
  const told = await numbers.getByRole('region', { name: 'Numbers of the folder' }).textContent()
  expect(told).toContain(`prev token score${row['prev_token_score']!.toPrecision(3)}`)
  await lines().first().hover()
  const readOut = panel().getByRole('status', { name: 'Read-out' })
  await expect.poll(() => readOut.textContent()).toMatch(/ · query \d+ .*sequence \d+$/)
})

it('follows the head, and is there after a reload', async () => {
  await page.keyboard.press(']')
  await panel().getByRole('complementary', { name: 'Numbers of Head 1.0 in the folder' }).waitFor()
  const before = await names()
  await expect.poll(() => served.saved()).toContain(JSON.stringify(folder))
  await page.reload()
  await lines().first().waitFor()
  expect(await names()).toEqual(before)
})

it('is saved as figures and numbers', async () => {
  const save = async (format: RegExp) => {
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: format }).click()
    return readFileSync(await (await downloading).path(), 'utf8')
  }
  expect(await save(/^SVG.*the sequences/)).toContain('tree · Head 1.0')
  expect(await save(/^SVG.*the distribution/)).toContain('activation of sequences')
  const [headings, ...rows] = csvRows(await save(/^CSV/))
  expect(headings).toContain('activation')
  expect(rows).toHaveLength(await lines().count())
})

it('says whose it is under another model, and what is wrong with a file', async () => {
  await openModel(page, hebrew)
  await panel().getByText('files of another model than the one that is open').waitFor()
  writeFileSync(join(folder, 'heads/L0H0.json'), '{"sequences": [')
  await page.keyboard.press('[')
  await panel()
    .getByRole('alert')
    .getByText(/L0H0\.json: is not JSON/)
    .waitFor()
  const config = json('config.json') as { heads: number[][] }
  config.heads = config.heads.filter(([layer]) => layer !== 2)
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  await runCommand(page, 'next layer')
  await runCommand(page, 'next layer')
  await panel().getByText('Nothing of Head 2.0 in this folder').waitFor()
  await panel().getByRole('button', { name: 'Back to the text' }).click()
  await expect.poll(() => toldText().then(all => all.join())).not.toContain('As the folder tells')
  await panel().getByRole('button', { name: 'Draw others' }).waitFor()
})

it('is stopped by a word, and leaves nothing', async () => {
  const play = 'בראשית ברא אלהים את השמים ואת הארץ.\nוהארץ היתה תהו ובהו וחשך על פני תהום.\n'
  const corpus = join(around, 'corpus')
  mkdirSync(corpus)
  writeFileSync(join(corpus, 'play.txt'), play.repeat(2000))
  await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
  const explorer = page.getByRole('complementary', { name: 'Texts' })
  await explorer.getByRole('button', { name: 'New…' }).click()
  await page.getByRole('menuitem', { name: 'Corpus…', exact: true }).click()
  await dialog().getByRole('textbox', { name: 'Name' }).fill('Play')
  await dialog()
    .getByRole('textbox', { name: /^Path of a text file/ })
    .fill(corpus)
  await dialog().getByText('1 file').waitFor()
  await dialog().getByRole('button', { name: 'Save', exact: true }).click()
  await dialog().waitFor({ state: 'detached' })
  await panel()
    .getByRole('button', { name: /^Scored over: / })
    .click()
  await page.getByRole('menuitemradio', { name: 'Play', exact: true }).click()
  await runCommand(page, 'write a headvis folder')
  expect(await dialog().textContent()).toContain('over Play in windows of')
  const other = join(around, 'other')
  await path().fill(other)
  await path().press('Enter')
  const task = dialog().getByRole('group', { name: 'Running task' })
  await expect.poll(() => readdirSync(around)).toContain('other')
  await task.getByRole('button', { name: 'Cancel' }).click()
  await dialog().getByText('Cancelled: nothing of it is left').waitFor()
  // The dialog does not wait for what is taken back.
  await expect.poll(() => readdirSync(around)).not.toContain('other')
  expect(served.complaints).toEqual([])
})
