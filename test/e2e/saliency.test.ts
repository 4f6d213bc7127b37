import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
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
  const text = page.getByRole('textbox', { name: 'Text' })
  await text.fill('To be, or not to be')
  await text.press('Control+Enter')
  await page.getByRole('application', { name: '19 tokens' }).waitFor()
  await runCommand(page, 'show saliency')
  await shaded('gradient × input').waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const shaded = (method: string) =>
  panel().getByRole('listbox', { name: `Text shaded by ${method}` })
const methods = () => panel().getByRole('complementary', { name: 'Methods' })
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
async function choose(field: RegExp, choice: string): Promise<void> {
  await panel().getByRole('button', { name: field }).click()
  await page.getByRole('menuitemradio', { name: choice, exact: true }).click()
}
async function saved(format: RegExp): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

describe('saliency', () => {
  it('sets six methods beside one another, with their rank correlations', async () => {
    await expect
      .poll(() =>
        methods()
          .getByText(/^ρ [−\d]/)
          .count()
      )
      .toBe(5)
    const table = methods().getByRole('table')
    const rows = await table
      .locator('tbody tr')
      .evaluateAll(all =>
        all.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))
      )
    expect(rows).toHaveLength(6)
    rows.forEach((row, i) => {
      expect(row[i]).toBe('1.00')
      row.forEach((rho, j) => expect(rho).toBe(rows[j]![i]))
    })
    await methods()
      .getByRole('button', { name: /occlusion/ })
      .click()
    await shaded('occlusion').waitFor()
  })

  it('says how far integrated gradients are from what they should sum to, and warns', async () => {
    const gap = methods().getByRole('region', { name: 'Gap of integrated gradients' })
    const [, sum, whole, left] = /sum to ([−\d.]+), .* is ([−\d.]+): a gap of ([−\d.]+)/
      .exec((await gap.textContent())!.replaceAll(/\s+/g, ' '))!
      .map(text => Number(text.replace('−', '-'))) as [number, number, number, number]
    expect(sum - whole).toBeCloseTo(left, 1)
    await methods()
      .getByRole('button', { name: /integrated gradients/ })
      .click()
    await panel().getByRole('textbox', { name: 'Steps' }).fill('2')
    await page.keyboard.press('Enter')
    await gap.getByText('Take more steps, or another baseline.').waitFor()
    expect(await gap.locator('.warned').count()).toBe(1)
  })

  it('is of a probability, a difference and the loss, and asks at a token that is clicked', async () => {
    await choose(/^Method/, 'gradient norm')
    await shaded('gradient norm').getByRole('option').nth(4).click()
    await panel().getByText('after 4', { exact: true }).waitFor()
    await page.mouse.move(0, 0)
    await readOut()
      .getByText(/^logit of .* after 4 is /)
      .waitFor()
    await choose(/^Number/, 'Probability')
    await readOut()
      .getByText(/^probability of .* after 4 is 0/)
      .waitFor()
    await choose(/^Number/, 'Difference')
    await readOut()
      .getByText(/^logit of .* less that of .* after 4 is /)
      .waitFor()
    await choose(/^Number/, 'Loss')
    await readOut()
      .getByText(/^loss of the text is \d/)
      .waitFor()
    expect(await saved(/^SVG/)).toMatch(
      /--view saliency --set of=loss --set form=bars --set method=saliency/
    )
    expect(await saved(/^JSON/)).toContain('rank_correlation')
    await choose(/^Number/, 'Logit')
  })

  it('is a map of every position, and of heads', async () => {
    await panel().getByRole('radio', { name: 'Every position' }).click()
    const map = panel().getByRole('application', { name: 'Saliency of every position' })
    await map.waitFor()
    await map.focus()
    await page.keyboard.press('ArrowUp')
    await readOut()
      .getByText(/^“.*” after \d+, by \d+ .*: [+−]?\d/)
      .waitFor()
    expect(await saved(/^SVG/)).toMatch(/--view saliency --set of=logit:top --set form=map/)
    await panel().getByRole('radio', { name: 'Heads', exact: true }).click()
    await panel()
      .getByRole('gridcell', { name: /^Head 2\.1: [+−]/ })
      .click()
    expect(await saved(/^SVG/)).toContain('--set form=heads --set measure=attention_x_gradient')
    await panel().getByRole('application', { name: 'Attention × gradient of head 2.1' }).waitFor()
    const neurons = panel().getByRole('list', { name: 'Neurons by output × gradient' })
    const bars = await neurons.getByRole('button').evaluateAll(rows =>
      rows.map(row => ({
        name: row.textContent,
        isBelow: row.querySelector('.value')!.textContent.includes('−'),
        color: getComputedStyle(row.querySelector('.track span')!).backgroundColor
      }))
    )
    expect(bars[0]!.name).toMatch(/^\s*neuron \d\.\d+/)
    const colors = [true, false].map(sign =>
      bars.filter(({ isBelow }) => isBelow === sign).map(({ color }) => color)
    )
    expect(colors.map(own => new Set(own).size)).toEqual([1, 1])
    expect(colors[0]![0]).not.toBe(colors[1]![0])
    await neurons.getByRole('button').first().click()
    await page.getByRole('tab', { name: /^Neuron/ }).waitFor()
    await page.keyboard.press('Alt+w')
    await panel().getByRole('radio', { name: 'Text', exact: true }).click()
  })

  it('is a map by any method: what takes long says how long, and can be cancelled', async () => {
    await panel().getByRole('radio', { name: 'Every position' }).click()
    await choose(/^Method/, 'integrated gradients')
    const steps = panel().getByRole('textbox', { name: 'Steps' })
    await steps.fill('1000')
    await steps.press('Enter')
    await panel()
      .getByText(/^For 19 tokens it takes 1,001 runs, 19,000 ways back/)
      .waitFor()
    await panel().getByRole('button', { name: 'Ask at every position' }).click()
    await panel()
      .getByText(/^Edited run \d+ of 1000/)
      .first()
      .waitFor()
    // It is told once: in the view that waits, and in the status bar while that is not in sight.
    await panel()
      .getByText(/ left$/)
      .waitFor()
    const below = page.getByRole('contentinfo').getByRole('group', { name: 'Running task' })
    expect(await below.count()).toBe(0)
    const other = page.getByRole('tab', { selected: false }).first()
    await other.click()
    await below.waitFor()
    await page
      .getByRole('tab', { name: /^Saliency/ })
      .first()
      .click()
    await below.waitFor({ state: 'detached' })
    await panel().getByRole('button', { name: 'Cancel' }).click()
    await panel().getByRole('button', { name: 'Go on' }).waitFor()
    await steps.fill('2')
    await steps.press('Enter')
    const map = panel().getByRole('application', { name: 'Saliency of every position' })
    await map.waitFor()
    await map.focus()
    await page.keyboard.press('ArrowUp')
    await readOut()
      .getByText(/^“.*” after \d+, by \d+ .*: [+−]?\d.*; gap of the row −?\d/)
      .waitFor()
    await panel()
      .getByText(/^Warning: integrated gradients of \d+ of 19 positions/)
      .waitFor()
    const [command = ''] = /Again: .*/.exec(await saved(/^SVG/))!
    expect(command).toContain('--set form=map --set method=ig --set mirrored=false')
    expect(command).toContain('--set steps=2 --set rule=midpoint')
    await choose(/^Method/, 'gradient norm')
    await panel().getByRole('radio', { name: 'Text', exact: true }).click()
  })

  it('keeps what it is set to over a reload, stands in Hebrew, at 640 pixels, and can be read', async () => {
    await page.reload()
    await shaded('gradient norm').waitFor()
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('בראשית ברא אלהים')
    await text.press('Control+Enter')
    await expect.poll(() => shaded('gradient norm').getAttribute('dir')).toBe('rtl')
    await expect
      .poll(() =>
        methods()
          .getByText(/^ρ [−\d]/)
          .count()
      )
      .toBe(5)
    expect(await panel().evaluate(own => own.scrollWidth - own.clientWidth)).toBe(0)
    // Letters on strong shades are inked for them: what is painted is not seen by style.
    const faint = (await faintTexts(page)).filter(text => !text.includes('on-shade'))
    expect(faint).toEqual([])
    expect(served.complaints).toEqual([])
  })

  it('is of the loss of what is hidden from a model of masked tokens', async () => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await openModel(page, maskedModel())
    await page.getByRole('button', { name: 'masked' }).first().waitFor()
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('the cat sat on the mat')
    await text.press('Control+Enter')
    await expect.poll(() => shaded('gradient norm').textContent()).toContain('cat')
    await choose(/^Number/, 'Loss')
    const hidden = panel().getByRole('region', { name: 'Hidden tokens' })
    await expect.poll(() => hidden.getByRole('button').count()).toBe(1)
    await shaded('gradient norm').getByRole('option').nth(2).click()
    await hidden.getByRole('button', { name: 'Show token 2 again' }).waitFor()
    await page.mouse.move(0, 0)
    await readOut()
      .getByText(/^loss of what is hidden is \d/)
      .waitFor()
    expect(await saved(/^SVG/)).toMatch(
      /--view saliency --set of=loss --set masked=2:\d+,4:\d+ --set form=bars/
    )
    await page.reload()
    await hidden.getByRole('button', { name: 'Show token 2 again' }).click()
    await expect.poll(() => hidden.getByRole('button').count()).toBe(1)
    expect(served.complaints).toEqual([])
  })
})
