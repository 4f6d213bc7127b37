import { copyFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew, projectRoot } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show tokens')
  await table('Tokens').waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const table = (name: string) => panel().getByRole('grid', { name, exact: true })
const choose = (name: string) => panel().getByRole('radio', { name, exact: true }).click()
const cells = (name: string, row: number) =>
  table(name)
    .locator(`[aria-rowindex="${row + 2}"]`)
    .getByRole('gridcell')
    .allTextContents()

async function saved(format: RegExp): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

/** The folder of a model that joins pairs: those of `hello`. */
function withPairs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-pairs-'))
  const golden = join(projectRoot, 'test/golden/gpt2')
  for (const name of ['config.json', 'model.safetensors'])
    copyFileSync(join(golden, name), join(folder, name))
  const pieces = ['h', 'e', 'l', 'o', 'he', 'll', 'hell', 'hello']
  const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]))
  const model = { type: 'BPE', vocab, merges: ['h e', 'l l', 'he ll', 'hell o'] }
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify({ model, added_tokens: [] }))
  return folder
}

/** The folder of a model with a chat template. */
function withTemplate(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-chat-'))
  const sample = join(projectRoot, 'resources/samples/shakespeare-char')
  cpSync(sample, folder, { recursive: true })
  const turn = '{{ m.role }}: {{ m.content | trim }}\n'
  const begun = '{% if add_generation_prompt %}assistant: {% endif %}'
  const template = `{% for m in messages %}${turn}{% endfor %}${begun}`
  writeFileSync(join(folder, 'chat_template.jinja'), template)
  return folder
}

describe('tokens', () => {
  it('are listed with id, place and bytes, and selected everywhere', async () => {
    const rows = table('Tokens').getByRole('rowgroup', { name: 'Rows' })
    await rows.press('Home')
    expect((await cells('Tokens', 0)).map(text => text.trim())).toEqual([
      ...['0', 'F', '18', '0–1', '46', 'F']
    ])
    await rows.press('ArrowDown')
    await rows.press('ArrowDown')
    await page
      .getByRole('complementary', { name: 'Inspector' })
      .getByText('query 2', { exact: true })
      .waitFor()
    await rows.press('End')
    await table('Tokens').locator('[aria-rowindex="82"][aria-selected="true"]').waitFor()
    const { variables } = JSON.parse(await saved(/^JSON/)) as {
      variables: { id: { data: number[] } }
    }
    expect(variables.id.data).toHaveLength(81)
    expect(variables.id.data.slice(0, 2)).toEqual([18, 47])
  })

  it('stand below the names of their columns, the selected one in sight as soon as they are shown', async () => {
    const lefts = (role: string) =>
      table('Tokens')
        .getByRole(role as 'gridcell')
        .evaluateAll(cells => cells.slice(0, 6).map(cell => cell.getBoundingClientRect().left))
    expect(await lefts('gridcell')).toEqual(await lefts('columnheader'))
    await choose('Compared')
    await choose('Tokens')
    await table('Tokens').locator('[aria-rowindex="82"][aria-selected="true"]').waitFor()
  })

  it('are compared with bytes, characters and words, with where they differ', async () => {
    await choose('Compared')
    const ways = panel().locator('table')
    await ways.getByRole('button', { name: 'words' }).click()
    await table('Where they differ').waitFor()
    expect(await ways.getByRole('row').filter({ hasText: 'words' }).textContent()).toContain('19')
    expect((await cells('Where they differ', 0))[1]!.trim()).toBe('First')
    expect(await saved(/^SVG/)).toMatch(/lamella -- figure shakespeare-char --view tokens /)
    await ways.getByRole('button', { name: 'characters' }).click()
    await panel()
      .getByText(/^Split alike by both, in all \d+ places\.$/)
      .waitFor()
  })

  it('of any ids are decoded, also after a reload', async () => {
    await choose('Decode ids')
    await panel().getByText('No ids yet').waitFor()
    const ids = panel().getByRole('textbox', { name: 'Token ids' })
    await ids.fill('18, 47 x 56')
    await ids.press('Enter')
    const text = panel().getByRole('region', { name: 'Decoded text' })
    await text.getByText('Fir', { exact: true }).waitFor()
    await panel().getByRole('alert').getByText('“x” is not a whole number').waitFor()
    await expect.poll(() => served.saved()).toContain('18, 47 x 56')
    await page.reload()
    await text.getByText('Fir', { exact: true }).waitFor()
  })

  it('say merge by merge how a word was split', async () => {
    await openModel(page, withPairs())
    await choose('How it was split')
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('hello')
    await text.press('Control+Enter')
    const how = panel().getByRole('complementary', { name: 'How the part was split' })
    await expect
      .poll(() => how.getByRole('row').allTextContents())
      .toEqual(['#PairAtRank', '1h + e00', '2l + l21', '3he + ll02', '4hell + o03'])
    expect(await saved(/^JSON/)).toContain('"merges"')
  })

  it('of a dialogue are those of the model’s template, with roles, and are run', async () => {
    await openModel(page, withTemplate())
    await choose('Dialogue')
    const rendered = panel().getByRole('region', { name: 'Rendered text' })
    const content = (turn: number) =>
      panel().getByRole('textbox', { name: `Content of turn ${turn}` })
    await content(1).fill('who')
    await panel().getByRole('button', { name: 'Add a turn' }).click()
    // While it is typed.
    await content(2).fill('me')
    await rendered.getByText('me', { exact: true }).waitFor()
    expect(await rendered.locator('.text').textContent()).toBe(
      'user: who\nassistant: me\nassistant: '
    )
    await content(2).press('Alt+ArrowUp')
    await expect
      .poll(() => rendered.locator('.text').textContent())
      .toBe('assistant: me\nuser: who\nassistant: ')
    expect(await content(1).evaluate(own => own === document.activeElement)).toBe(true)
    await panel().getByRole('checkbox', { name: 'generation prompt' }).uncheck()
    await expect
      .poll(() => rendered.locator('.text').textContent())
      .toBe('assistant: me\nuser: who\n')
    expect((await cells('Tokens', 11)).map(text => text.trim()).slice(1, 4)).toEqual([
      ...['m', 'assistant', '51']
    ])
    await panel().getByRole('button', { name: 'Run this text' }).click()
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Token ids' }).first().inputValue())
      .toMatch(/^39, 57, 57/)
    expect(await saved(/^JSON/)).toContain('"roles"')
    await page.reload()
    await rendered.getByText('who', { exact: true }).waitFor()
  })

  it('stand in Hebrew, at 640 pixels and in dark', async () => {
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await choose('Compared')
    await panel().getByRole('button', { name: 'words' }).click()
    await expect.poll(() => cells('Where they differ', 0)).toContain('בראשית')
    expect(await panel().evaluate(own => own.scrollWidth - own.clientWidth)).toBe(0)
    await expect.poll(() => faintTexts(page)).toEqual([])
    expect(served.complaints).toEqual([])
  })
})
