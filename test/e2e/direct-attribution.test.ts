import { readFileSync } from 'node:fs'
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
  // The sample selects a cell by itself, and what is asked here is asked at its token.
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
  await runCommand(page, 'show direct logit attribution')
  await sentence().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const sentence = () =>
  panel().getByText(/^The (logit|log-probability) of .* is .*: its parts sum to/)
const expected = () => panel().getByRole('list', { name: 'Expected tokens' }).getByRole('button')

/** What the sentence says of the whole, and what parts sum to. */
async function numbers(): Promise<readonly [number, number]> {
  const said = (await sentence().textContent())!.replaceAll('−', '-')
  const [, whole, sum] = /is ([+-]?[\d.]+): its parts sum to ([+-]?[\d.]+)\./.exec(said)!
  return [Number(whole), Number(sum)]
}
async function saved(format: RegExp, nth = 0): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).nth(nth).click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

describe('direct logit attribution', () => {
  it('takes the most probable logit apart, whose parts sum to it', async () => {
    const [whole, sum] = await numbers()
    expect(sum).toBe(whole)
    for (const part of [/^embedding: /, /^positions: /, /^attention 0: /, /^MLP 3: /])
      await panel().getByRole('button', { name: part }).waitFor()
    expect(
      await panel()
        .getByRole('button', { name: /^neuron \d\.\d+: / })
        .count()
    ).toBe(10)
  })

  it('goes on to the log-probability, which is that of what is expected', async () => {
    const share = Number(await expected().first().locator('.value').getAttribute('title'))
    await panel().getByRole('radio', { name: 'Log-probability' }).click()
    await expect.poll(async () => (await numbers())[0]).toBeCloseTo(Math.log(share), 2)
    const [whole, sum] = await numbers()
    expect(sum).toBe(whole)
    await panel().getByRole('radio', { name: 'Logit' }).click()
  })

  it('is of another token, and of a difference, which has no probability', async () => {
    const [before] = await numbers()
    await expected().nth(1).click()
    await expect.poll(async () => (await numbers())[0]).toBeLessThan(before)
    const [second] = await numbers()
    await panel().getByRole('textbox', { name: 'Token that it is set against' }).fill('z')
    await page.keyboard.press('Enter')
    await panel()
      .getByText(/less “.?z.?”/)
      .first()
      .waitFor()
    await expect.poll(async () => (await numbers())[0]).not.toBe(second)
    const log = panel().getByRole('radio', { name: 'Log-probability' })
    expect(await log.isDisabled()).toBe(true)
  })

  it('shades the text by what heads give by reading it, and asks at a token that is clicked', async () => {
    const text = panel().getByRole('listbox', { name: /^Text shaded by what heads give/ })
    await text.getByRole('option').nth(4).click()
    await panel().getByText('after 4').waitFor()
    await text.getByRole('option').nth(2).hover()
    await panel()
      .getByRole('status', { name: 'Read-out' })
      .getByText(/^2 .*all heads, logits/)
      .waitFor()
    await panel()
      .getByRole('radio', { name: /^Head \d\.\d$/ })
      .click()
    await text.getByRole('option').nth(2).hover()
    await panel()
      .getByRole('status', { name: 'Read-out' })
      .getByText(/head \d\.\d, logits/)
      .waitFor()
  })

  it('goes from part to part by keys, and opens one', async () => {
    const links = panel().getByRole('region', { name: 'Layer by layer' }).getByRole('button')
    await links.nth(2).focus()
    await page.keyboard.press('ArrowDown')
    expect(await focusedName(page)).toMatch(/^MLP 0: /)
    await page.keyboard.press('Enter')
    await page.getByRole('application', { name: /^Logit lens/ }).waitFor()
    await page.keyboard.press('Alt+w')
    await sentence().waitFor()
  })

  it('is saved as figures with their command, and as numbers', async () => {
    expect(await saved(/^SVG/)).toMatch(
      /--view direct-logit-attribution --set at=\d+:\d+-\d+ --set form=sum/
    )
    expect(await saved(/^JSON/)).toContain('dla.log_probability')
  })

  it('keeps what it is set to over a reload, stands in Hebrew, at 640 pixels, and can be read', async () => {
    const before = await numbers()
    await page.reload()
    await expect.poll(numbers).toEqual(before)
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('בראשית ברא אלהים')
    await text.press('Control+Enter')
    await panel()
      .getByText(/of “.*[א-ת ·].*” is/)
      .waitFor()
    const [whole, sum] = await numbers()
    expect(sum).toBe(whole)
    expect(await panel().evaluate(own => own.scrollWidth - own.clientWidth)).toBe(0)
    // Letters on strong shades are inked for them: what is painted is not seen by style.
    const faint = (await faintTexts(page)).filter(text => !text.includes('on-shade'))
    expect(faint).toEqual([])
    expect(served.complaints).toEqual([])
  })
})
