import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvRows } from './csv-rows.ts'
import { focusedName, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show compare models')
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const words = () => panel().getByRole('region', { name: 'In words' })
const said = async () => (await words().textContent())!.replace(/\s+/g, ' ')
const map = (model: string) =>
  panel().getByRole('grid', { name: new RegExp(`^Heads of ${model} by `) })
const cell = (model: string, head: string) =>
  map(model).getByRole('gridcell', { name: new RegExp(`^Head ${head}:`) })
const labelOf = async (model: string, head: string) =>
  (await cell(model, head).getAttribute('aria-label'))!
const radio = (name: string) => panel().getByRole('radio', { name, exact: true })

async function choose(field: string, option: string, at = 0): Promise<void> {
  await panel()
    .getByRole('button', { name: new RegExp(`^${field}:`) })
    .nth(at)
    .click()
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
}

async function saved(format: RegExp): Promise<{ name: string; text: string }> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  const download = await downloading
  return {
    name: download.suggestedFilename(),
    text: readFileSync(await download.path(), 'utf8')
  }
}

const [english, hebrew] = ['shakespeare-char', 'hebrew-minigpt']

describe('English and Hebrew', () => {
  it('are compared once the other sample is chosen, each on a text of its own', async () => {
    await panel().getByText('Nothing to compare with yet').waitFor()
    await panel()
      .getByRole('button', { name: `Open ${hebrew}` })
      .click()
    await words().waitFor()
    const reads = panel().getByRole('region', { name: `What ${hebrew} reads` })
    await reads.getByText('בראשית').waitFor()
    expect(await said()).toMatch(
      new RegExp(`Previous-token heads: [1-9] of 16 in ${english} .*; [1-9] of 16 in ${hebrew} `)
    )
    // Of one window nobody knows.
    expect(await said()).toContain('how sure their difference is is not known')
    expect(await said()).toMatch(/has one window/)
    expect(await said()).toContain('Vocabularies differ: 65')
  })

  it('are told apart, or not, by windows', async () => {
    await choose('Length of windows', '8 tokens', 0)
    await expect.poll(said).toMatch(/Windows differ: 8 tokens in shakespeare-char, 1?\d\d/)
    await choose('Length of windows', '8 tokens', 1)
    await expect.poll(said).toMatch(/told apart, the surest first.*95 %/)
    const text = await said()
    expect(text).toMatch(/Attention to the first token: mean 0\.\d+ .* is \+0\.\d+ \(95 % \+0/)
    expect(text).toMatch(/Not told apart: .*\(95 % −[\d.e−]+ to \+/)
    expect(text).toMatch(/Attention from letters to vowels: mean/)
    expect(text).toContain('by their scores alone, not tested')
  })

  it('say in their maps what the words say of the strongest', async () => {
    await radio('Value').click()
    const [, head, value, baseline] =
      /Previous-token heads: .*? strongest (\d\.\d): ([\d.]+) over a baseline of ([\d.]+)\)/.exec(
        await said()
      )!
    await expect
      .poll(() => labelOf(english, head!))
      .toContain(`previous token ${value}, uniform ${baseline}`)
    // One scale: the same number has the same colour in both.
    const { text } = await saved(/^SVG.*both maps/)
    expect(text.split('shared range').length - 1).toBe(2)
    for (const name of [english, hebrew]) expect(text).toContain(`>${name}<`)
    expect(text).toMatch(/Beside:/)
  })

  it('lead from a sentence to its score', async () => {
    await words().getByRole('button', { name: 'Induction heads' }).click()
    await panel()
      .getByRole('grid', { name: `Heads of ${english} by induction` })
      .waitFor()
    await panel()
      .getByRole('img', { name: `induction by depth, of ${english} and ${hebrew}` })
      .waitFor()
  })
})

describe('a head', () => {
  it('is selected in the model whose map it is on, by a click and by arrow keys', async () => {
    await cell(hebrew, '1.2').click()
    await expect.poll(() => cell(hebrew, '1.2').getAttribute('aria-selected')).toBe('true')
    expect(await cell(english, '1.2').getAttribute('aria-selected')).toBe('false')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => focusedName(page)).toMatch(/^Head 2\.3: induction/)
    await expect
      .poll(() => panel().getByRole('status', { name: 'Read-out' }).textContent())
      .toMatch(/hebrew-minigpt · Head 2\.3 · induction 0/)
    await cell(english, '3.1').click()
    await page
      .getByRole('complementary', { name: 'Inspector' })
      .getByRole('heading', { name: 'Head 3.1' })
      .waitFor()
    await expect.poll(() => cell(hebrew, '2.3').getAttribute('aria-selected')).toBe('true')
  })

  it('is opened of its own model by a double click and by Enter', async () => {
    await cell(hebrew, '2.1').dblclick()
    const trail = panel().getByRole('list', { name: 'What this is about' })
    await expect.poll(() => trail.textContent()).toMatch(/^hebrew-minigpt/)
    await expect.poll(() => trail.textContent()).toContain('head 1')
    await page.keyboard.press('Alt+w')
    await cell(english, '1.0').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => trail.textContent()).toMatch(/^shakespeare-char.*block 1.*head 0/)
    await page.keyboard.press('Alt+w')
    await words().waitFor()
  })
})

describe('what is saved', () => {
  it('has both in numbers', async () => {
    const { name, text } = await saved(/^CSV/)
    expect(name).toBe(`${english}-and-${hebrew}-heads.csv`)
    const lines = csvRows(text)
    expect(lines[0]).toContain('score,score_label,head,head_label,value,baseline')
    expect(lines.filter(line => line.includes(`induction`))).toHaveLength(32)
    const json = JSON.parse((await saved(/^JSON/)).text) as {
      attributes: { words: string[]; from: string[] }
    }
    const text_ = await said()
    for (const line of json.attributes.words.slice(1, 4))
      expect(text_).toContain(line.trim().replace(/\s+/g, ' '))
    expect(json.attributes.from.join()).toContain(hebrew)
  })

  it('has what is said, and the kinds by depth as a figure', async () => {
    expect((await saved(/^TXT/)).text).toContain('Previous-token heads: ')
    expect((await saved(/^PDF.*both maps/)).text.slice(0, 5)).toBe('%PDF-')
    const { text } = await saved(/^SVG.*kinds by depth/)
    expect(text).toContain('>a class of tokens<')
    expect(text).toContain(
      `figure ${english} --view compared-heads --with ${hebrew} --set form=kinds`
    )
  })
})

it('is there after a reload as it was set', async () => {
  await expect.poll(() => served.saved()).toMatch(/"otherWindow":\s*8/)
  const before = await said()
  await page.reload()
  await expect.poll(said).toBe(before)
  await panel()
    .getByRole('grid', { name: `Heads of ${hebrew} by induction` })
    .waitFor()
})

describe('the same model on two texts', () => {
  it('has its difference head by head', async () => {
    await panel().getByRole('button', { name: 'Compare no more' }).click()
    await panel().getByText('Nothing to compare with yet').waitFor()
    await page.getByRole('tab', { name: /^Models/ }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Compare with another text…' }).click()
    await page.getByRole('combobox').last().fill('To be, or not to be: that is the question')
    await page.keyboard.press('Enter')
    await words().waitFor()
    expect(await said()).toMatch(/in the first .* in the second/)
    expect(await said()).toContain('The texts differ: what differs is of them')
    await radio('Value').click()
    const number = async (model: string) =>
      Number(/previous token ([\d.]+)/.exec(await labelOf(model, '0.1'))![1])
    const [a, b] = [await number('the first'), await number('the second')]
    await radio('Difference').click()
    await panel()
      .getByRole('grid', { name: /^Heads of the first, less the second by .*: difference/ })
      .waitFor()
    const difference = panel().getByRole('gridcell', { name: /^Head 0\.1: previous token / })
    const label = (await difference.getAttribute('aria-label'))!
    const [, shown = ''] = /previous token (−?[\d.]+):/.exec(label)!
    const [less, more] = [a - b - 0.002, a - b + 0.002]
    const value = Number(shown.replace('−', '-'))
    expect(value).toBeGreaterThan(less)
    expect(value).toBeLessThan(more)
    const { text } = await saved(/^SVG.*the map/)
    expect(text).toContain('the first, less the second')
  })
})

it.each(['light', 'dark'] as const)('can be read in %s', async colorScheme => {
  await page.emulateMedia({ colorScheme })
  await words().waitFor()
  await expect.poll(() => faintTexts(page)).toEqual([])
})

it('works in 640 pixels', async () => {
  await page.setViewportSize({ width: 640, height: 800 })
  await radio('Both').click()
  await words().getByRole('button', { name: 'First-token heads' }).first().click()
  const shown = panel().getByRole('grid', { name: 'Heads of the first by first token' })
  await expect
    .poll(async () => {
      const box = await shown.boundingBox()
      return box !== null && box.y > 0 && box.y + 60 < 800 && box.x + 100 < 640
    })
    .toBe(true)
  // What is around the view stays where it is.
  const commands = page.getByRole('button', { name: 'Commands' })
  expect((await commands.boundingBox())!.y).toBeGreaterThan(760)
  const view = panel().locator('.view')
  expect(await view.evaluate(all => all.scrollWidth <= all.clientWidth)).toBe(true)
})

it('complains of nothing', () => {
  expect(served.complaints).toEqual([])
})
