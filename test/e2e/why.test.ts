import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { focusedName, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { maskedModel } from './masked-model.ts'
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
  await runCommand(page, 'show why a and not b')
  await sentence().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const sentence = () => panel().getByText(/^The logit of “.*” is .* (above|below) that of “/)
const parts = () => panel().getByRole('region', { name: 'Strongest parts' })
const expected = () => panel().getByRole('list', { name: 'Expected tokens' }).getByRole('button')
const labels = (marked: string) => expected().filter({ hasText: new RegExp(`${marked}`) })

/** The number of the sentence, to two digits. */
async function difference(): Promise<number> {
  const [, number, side] = /is ([\d.]+) (above|below) that/.exec((await sentence().textContent())!)!
  return Number(number) * (side === 'below' ? -1 : 1)
}
async function saved(format: RegExp): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

describe('why A and not B', () => {
  it('sets the two most probable tokens against each other, in words that agree with their logits', async () => {
    const shares = await expected()
      .locator('.value')
      .evaluateAll(all => all.slice(0, 2).map(own => Number(own.getAttribute('title'))))
    expect(await difference()).toBeCloseTo(Math.log(shares[0]! / shares[1]!), 1)
    expect(await labels('A').count()).toBeGreaterThan(0)
    await parts().getByRole('row').nth(1).getByRole('button').first().waitFor()
  })

  it('asks the other way round, and of a token that is chosen', async () => {
    const before = await difference()
    await panel().getByRole('button', { name: 'Ask the other way round' }).click()
    await expect.poll(difference).toBeCloseTo(-before, 2)
    await panel().getByRole('button', { name: 'Ask the other way round' }).click()
    await expect.poll(difference).toBeCloseTo(before, 2)
    await expected().nth(3).click()
    await expect.poll(difference).toBeGreaterThan(before)
  })

  it('goes from part to part by keys, and opens one', async () => {
    const links = parts().locator('.open')
    await links.first().focus()
    await page.keyboard.press('ArrowDown')
    expect((await links.nth(1).textContent())!.trim()).toBe((await focusedName(page)).trim())
    await parts()
      .getByRole('button', { name: /^Head / })
      .first()
      .click()
    await page
      .getByRole('tab', { name: /^Head \d\.\d/ })
      .first()
      .waitFor()
    await page.keyboard.press('Alt+w')
    await sentence().waitFor()
  })

  it('has its heads as a map: one is selected by a click and opened by Enter', async () => {
    const cell = panel().getByRole('gridcell', { name: /^Head 2\.1: [+−]/ })
    await cell.click()
    await expect.poll(() => cell.getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: 'Head 2.1' }).waitFor()
    await page.keyboard.press('Alt+w')
    await sentence().waitFor()
  })

  it('is of a contrast pair and of a corpus, each text a prompt, and says so where one is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-prompts-'))
    writeFileSync(join(folder, 'a.txt'), 'To be, or not to be')
    writeFileSync(join(folder, 'b.txt'), 'Speak, speak, speak')
    writeFileSync(join(folder, 'c.txt'), 'Hear me, hear me no')
    await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
    const texts = page.getByRole('complementary', { name: 'Texts' })
    await texts.getByRole('button', { name: 'New…' }).click()
    await page.getByRole('menuitem', { name: 'Contrast pair…' }).click()
    const pair = page.getByRole('dialog', { name: 'New pair' })
    await pair.getByRole('textbox', { name: 'Clean text' }).fill('To be, or not to be')
    await pair.getByRole('textbox', { name: 'Corrupt text' }).fill('To be, or not to me')
    await pair.getByRole('textbox', { name: 'Name' }).fill('Being')
    await pair.getByRole('button', { name: 'Save', exact: true }).click()
    await texts.getByRole('button', { name: 'New…' }).click()
    await page.getByRole('menuitem', { name: 'Corpus…' }).click()
    const corpus = page.getByRole('dialog', { name: 'New corpus' })
    await corpus.getByRole('textbox', { name: /^Path of a text file/ }).fill(folder)
    await corpus.getByText(/3 files/).waitFor()
    await corpus.getByRole('textbox', { name: 'Name' }).fill('Prompts')
    await corpus.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()

    for (const [over, count] of [
      ['Being', 2],
      ['Prompts', 3]
    ] as const) {
      await panel()
        .getByRole('button', { name: /^Asked over/ })
        .click()
      await page.getByRole('menuitemradio', { name: over }).click()
      await panel()
        .getByText(new RegExp(`^Over ${count} prompts`))
        .waitFor()
      await panel().getByText(`${count} windows`).waitFor()
      await panel().getByText('Over several prompts neurons are in their MLP’s number').waitFor()
      await panel()
        .getByText(
          `Over “${over}”, not this text: asked at the last position of each of its ${count} prompts.`
        )
        .waitFor()
      const json = await saved(/^JSON/)
      expect(json).toMatch(
        new RegExp(`"Why “.” less “.” at the last position of each prompt, over ${over}"`)
      )
      // Of the texts that it is of alone, and by their files where these have them.
      expect(
        [...json.matchAll(/"(Text|File): ([^"]*)"/g)].map(([, is, of]) => `${is}: ${of}`)
      ).toEqual(
        over === 'Being'
          ? ['Text: To be, or not to be', 'Text: To be, or not to me']
          : [`File: ${basename(folder)}`]
      )
      const each = panel().getByRole('region', { name: 'Each prompt' }).getByRole('img')
      expect(await each.getAttribute('aria-label')).toMatch(/^Each prompt: \d “.*”.* mean /)
      const spread = parts().getByText(/^± .*, p /)
      expect(await spread.count()).toBeGreaterThan(0)
      expect(await parts().getByRole('row').nth(1).textContent()).toMatch(/± [\d.]+, p [\d.]+/)
    }
    await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
    await texts.getByRole('treeitem', { name: /^Prompts/ }).focus()
    await page.keyboard.press('Delete')
    await panel().getByText('There is no corpus “Prompts” any more: this is of the text.').waitFor()
    await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
    await panel()
      .getByRole('button', { name: /^Asked over/ })
      .click()
    await page.getByRole('menuitemradio', { name: 'This text' }).click()
    await sentence().waitFor()
    rmSync(folder, { recursive: true })
  })

  it('is saved as figures with their command, and as numbers', async () => {
    expect(await saved(/^SVG/)).toMatch(
      /--view why --set at=\d+:\d+-\d+ --set by=mean --set form=sum/
    )
    expect(await saved(/^JSON/)).toContain('part.ablation')
  })

  it('keeps what it is set to over a reload', async () => {
    const before = await difference()
    await page.reload()
    await expect.poll(difference).toBe(before)
  })

  it('says of a head that transforms what comes to it why there is no sum, and leads to what is told', async () => {
    await openModel(page, maskedModel())
    await page.getByRole('button', { name: 'masked' }).first().waitFor()
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('the cat sat on the mat')
    await text.press('Control+Enter')
    await panel().getByText('These logits cannot be taken apart').waitFor()
    await panel().getByText('at 7', { exact: true }).waitFor()
    expect(await panel().getByRole('button', { name: 'Try again' }).count()).toBe(0)
    await panel().getByRole('button', { name: 'Show saliency' }).click()
    await panel()
      .getByRole('button', { name: /^Method/ })
      .waitFor()
    await page.keyboard.press('Alt+w')
  })

  it('stands in Hebrew, at 640 pixels, and can be read', async () => {
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('בראשית ברא אלהים')
    await text.press('Control+Enter')
    await panel()
      .getByText(/logit of “.*[א-ת ·].*” is/)
      .waitFor()
    const wide = await panel().evaluate(own => own.scrollWidth - own.clientWidth)
    expect(wide).toBe(0)
    expect(await faintTexts(page)).toEqual([])
    expect(served.complaints).toEqual([])
  })
})
