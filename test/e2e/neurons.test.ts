import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { focusedName, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  // A first start selects a cell once its map is there.
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
  await runCommand(page, 'show neurons')
  await contexts().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const contexts = () => panel().getByRole('listbox', { name: 'Contexts' })
const strongest = () => panel().getByRole('list', { name: 'Strongest neurons' }).getByRole('button')
const title = () => panel().getByRole('heading', { name: /^Neuron \d/ })
const counts = () => panel().getByRole('region', { name: 'Dead and always on' })

async function saved(format: RegExp, place = 0): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).nth(place).click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

describe('neurons', () => {
  it('begins with the strongest of the last token, which is nowhere less than there', async () => {
    const [name, value] = await strongest()
      .first()
      .evaluate(own => [
        own.querySelector('.muted')!.textContent.trim(),
        Number(own.querySelector('.value')!.getAttribute('title'))
      ])
    expect(name).toMatch(/^neuron \d\.\d+$/)
    expect((await title().textContent())!.toLowerCase()).toContain(`${name} `)
    const highest = contexts().getByRole('option').first()
    const shown = Number(await highest.locator('.score').textContent())
    expect(shown).toBeGreaterThanOrEqual(0.99 * Number(value))
    expect(await counts().getByRole('row').count()).toBe(5)
  })

  it('looks at one that is chosen or typed, and says what is none', async () => {
    await strongest().nth(2).click()
    const chosen = (await strongest().nth(2).locator('.muted').textContent())!.trim()
    await title().filter({ hasText: chosen }).waitFor()
    expect(await strongest().nth(2).getAttribute('aria-pressed')).toBe('true')
    const field = panel().getByRole('textbox', { name: 'Neuron', exact: true })
    await field.fill('2.5000')
    await field.press('Enter')
    await panel().getByRole('alert').getByText('Layer 2 has units 0 to 511').waitFor()
    await field.fill('2.17')
    await field.press('Enter')
    await title().filter({ hasText: 'Neuron 2.17' }).waitFor()
  })

  it('selects the token of a context everywhere, by keys, and lists the neurons there', async () => {
    const first = contexts().getByRole('option').first()
    await first.focus()
    await page.keyboard.press('ArrowDown')
    const name = await focusedName(page)
    expect(name).toMatch(/^−?[\d.]+: token .*, token \d+$/)
    await page.keyboard.press('Enter')
    const [, position] = /token (\d+)$/.exec(name)!
    await panel()
      .getByRole('region', { name: 'Strongest at the token' })
      .getByText(position!, { exact: true })
      .waitFor()
  })

  it('counts over a corpus, with contexts of its texts, and opens one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-neurons-'))
    for (const [name, words] of Object.entries({
      a: 'To be, or not',
      b: 'Speak, speak',
      c: 'Hear'
    }))
      writeFileSync(join(folder, `${name}.txt`), words)
    await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
    const texts = page.getByRole('complementary', { name: 'Texts' })
    await texts.getByRole('button', { name: 'New…' }).click()
    await page.getByRole('menuitem', { name: 'Corpus…' }).click()
    const corpus = page.getByRole('dialog', { name: 'New corpus' })
    await corpus.getByRole('textbox', { name: /^Path of a text file/ }).fill(folder)
    await corpus.getByText(/3 files/).waitFor()
    await corpus.getByRole('textbox', { name: 'Name' }).fill('Plays')
    await corpus.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
    await panel()
      .getByRole('button', { name: /^Read over/ })
      .click()
    await page.getByRole('menuitemradio', { name: 'Plays' }).click()
    await counts().getByText('Active over Plays').waitFor()
    await panel().getByText('Plays: 3 windows').waitFor()
    await title().filter({ hasText: 'of 29 tokens' }).waitFor()
    await contexts().getByRole('option').first().press('Enter')
    await page.getByRole('tab', { name: /^Neurons ·/ }).waitFor()
    await title().filter({ hasText: 'Neuron 2.17' }).waitFor()
    await page.keyboard.press('Alt+w')
    await panel()
      .getByRole('button', { name: /^Read over/ })
      .click()
    await page.getByRole('menuitemradio', { name: 'This text' }).click()
    await title().filter({ hasText: 'of 81 tokens' }).waitFor()
    rmSync(folder, { recursive: true })
  })

  it('is saved as figures with their command, and as numbers', async () => {
    expect(await saved(/^SVG/)).toMatch(
      /--view neuron --set layer=2 --set unit=17 .*--set form=contexts/
    )
    expect(await saved(/^JSON/)).toContain('neuron_top')
  })

  it('keeps what it is set to over a reload', async () => {
    await page.reload()
    await title().filter({ hasText: 'Neuron 2.17' }).waitFor()
  })

  it('stands in Hebrew, at 640 pixels, and can be read', async () => {
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('בראשית ברא אלהים')
    await text.press('Control+Enter')
    await contexts().getByText('אלהים').first().waitFor()
    const wide = await panel().evaluate(own => own.scrollWidth - own.clientWidth)
    expect(wide).toBe(0)
    expect(await faintTexts(page)).toEqual([])
    expect(served.complaints).toEqual([])
  })
})
