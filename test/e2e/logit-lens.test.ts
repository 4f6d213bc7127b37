import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { patience } from '../contract/chromium.ts'
import { hebrew } from '../golden/workbench.ts'
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
  await runCommand(page, 'show logit lens')
  await grid().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const grid = () => panel().getByRole('application', { name: /^Logit lens: / })
const side = () => panel().getByRole('complementary', { name: 'The cell that is chosen' })
const top = () => side().getByRole('list', { name: 'Most probable tokens' }).getByRole('button')
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const expected = () => inspector().getByRole('list', { name: 'Expected next tokens' })
const heading = () => side().getByRole('heading')

async function color(name: string): Promise<void> {
  await panel()
    .getByRole('button', { name: /^Colour/ })
    .click()
  await page.getByRole('menuitemradio', { name, exact: true }).click()
}

describe('the logit lens', () => {
  it('says in its last row what the model predicts, and goes by arrow keys, which select everywhere', async () => {
    await grid().focus()
    await grid().press('Home')
    for (let i = 0; i < 4; i++) await grid().press('ArrowUp')
    await grid().press('PageDown')
    await grid().press('ArrowLeft')
    await expect.poll(() => heading().textContent()).toMatch(/^\s*After block 3\s*at 9/)
    await inspector().getByRole('heading', { name: 'Head 3.0' }).waitFor()
    // The inspector asks for the same by another way: the model's own logits.
    const own = async (row: ReturnType<typeof top>) =>
      (await row.allTextContents()).slice(0, 5).map(text => text.replaceAll(/\s|next/g, ''))
    await vi.waitFor(
      async () => expect(await own(top())).toEqual(await own(expected().getByRole('listitem'))),
      patience
    )
    const kl = await side().locator('dt', { hasText: 'KL' }).locator('+ dd').getAttribute('title')
    expect(Number(kl)).toBeLessThan(1e-5)
    await grid().press('ArrowDown')
    await expect.poll(() => heading().textContent()).toMatch(/^\s*After block 2\s*at 9/)
    for (let i = 0; i < 3; i++) await grid().press('ArrowDown')
    await expect.poll(() => heading().textContent()).toMatch(/^\s*Embedding\s*at 9/)
  })

  it('reads what is pointed at, and chooses a cell by a click', async () => {
    const box = (await grid().boundingBox())!
    await page.mouse.move(box.x + 250, box.y + 120)
    await expect
      .poll(() => readOut().textContent())
      .toMatch(/^After block 2 at \d+ “.*”: “.*” .*; KL /)
    await page.mouse.click(box.x + 250, box.y + 80)
    await expect.poll(() => heading().textContent()).toMatch(/After block 3/)
  })

  it('looks for a token that is chosen or typed, and takes one only', async () => {
    await top().nth(2).click()
    const looked = await top()
      .nth(2)
      .getByRole('img')
      .or(top().nth(2).locator('bdi'))
      .first()
      .textContent()
    await panel().getByRole('button', { name: 'Take next token again' }).waitFor()
    await side().getByText('rank 2 counted from 0', { exact: true }).waitFor()
    expect(
      await side()
        .getByText(/^Looked for/)
        .textContent()
    ).toContain(looked!)
    await panel().getByRole('button', { name: 'Take next token again' }).click()
    const field = panel().getByRole('textbox', { name: 'Token that is looked for' })
    await field.fill('th')
    await field.press('Enter')
    await panel().getByText('“th” is 2 tokens: type one').waitFor()
    await field.fill('e')
    await field.press('Enter')
    await panel().getByRole('button', { name: 'Take next token again' }).waitFor()
    await expect
      .poll(() =>
        side()
          .getByText(/^Looked for/)
          .textContent()
      )
      .toMatch(/e\s*$/)
  })

  it('is saved as the columns that are seen, and its numbers with the command that draws all', async () => {
    const saved = async (format: RegExp) => {
      await panel().getByRole('button', { name: 'Export', exact: true }).click()
      const downloading = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: format }).click()
      const download = await downloading
      return {
        name: download.suggestedFilename(),
        text: readFileSync(await download.path(), 'utf8')
      }
    }
    const { name, text } = await saved(/^SVG.*the columns that are seen/)
    expect(name).toBe('shakespeare-char-logit-lens-residual-stream.svg')
    expect(text).toContain('rank of e')
    expect(text).toMatch(/Again: [^\n]*--view logit-lens [^\n]*--set first=\d+ /)
    const json = await saved(/^JSON/)
    expect(json.text).toMatch(/--view logit-lens --set part=resid --set by=rank --set token=\d+/)
  })

  it('keeps what it is set to, over a reload, and reads attention outputs', async () => {
    await panel().getByRole('radio', { name: 'Attention', exact: true }).click()
    await expect.poll(() => heading().textContent()).toMatch(/Attention of block 3/)
    await page.reload()
    await expect.poll(() => heading().textContent()).toMatch(/Attention of block 3/)
    await side()
      .getByText(/^Looked for/)
      .waitFor()
  })

  it('runs from right to left in Hebrew, at 640 pixels, and can be read', async () => {
    await color('Entropy')
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('בראשית ברא אלהים')
    await text.press('Control+Enter')
    await panel()
      .getByRole('application', { name: /over 16 tokens/ })
      .waitFor()
    await panel().getByText('“e” is no token of this model').waitFor()
    await grid().focus()
    await grid().press('Home')
    await expect.poll(() => heading().textContent()).toMatch(/at 0/)
    await grid().press('ArrowLeft')
    await expect.poll(() => heading().textContent()).toMatch(/at 1/)
    expect(await faintTexts(page)).toEqual([])
    expect(served.complaints).toEqual([])
  })
})
