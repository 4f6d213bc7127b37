import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixedText } from '../../src/common/text/number-text.ts'
import { soliloquy } from '../main/workbench/analysis/soliloquy.ts'
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
  await runCommand(page, 'show head atlas')
  await map().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const map = () => panel().getByRole('grid', { name: /^Heads by / })
const cell = (head: string) => map().getByRole('gridcell', { name: new RegExp(`^Head ${head}:`) })
const point = (head: string) => panel().getByRole('option', { name: new RegExp(`^Head ${head}:`) })
const row = (head: string) => panel().getByRole('row', { name: `Head ${head}`, exact: true })
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const radio = (name: string) => panel().getByRole('radio', { name, exact: true })

async function choose(field: string, option: string): Promise<void> {
  await panel()
    .getByRole('button', { name: new RegExp(`^${field}:`) })
    .click()
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
}

async function saved(format: string): Promise<{ name: string; text: string }> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  const download = await downloading
  return {
    name: download.suggestedFilename(),
    text: readFileSync(await download.path(), 'utf8')
  }
}

/** Keeps a file as a corpus under a name. */
async function keepCorpus(name: string, text: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-atlas-'))
  writeFileSync(join(folder, 'play.txt'), text)
  const texts = page.getByRole('complementary', { name: 'Texts' })
  if (!(await texts.isVisible()))
    await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
  await texts.getByRole('button', { name: 'New…' }).click()
  await page.getByRole('menuitem', { name: 'Corpus…', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'New corpus' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
  await dialog.getByRole('textbox', { name: /^Path of a text file/ }).fill(folder)
  await dialog.getByText('1 file').waitFor()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

describe('the map', () => {
  it('has every head, with what the inspector says of it', async () => {
    expect(await map().getByRole('gridcell').count()).toBe(16)
    await cell('2.1').click()
    await inspector().getByRole('heading', { name: 'Head 2.1' }).waitFor()
    const own = inspector().getByRole('row', { name: /^Previous token/ })
    const value = async () => (await own.getByRole('cell').first().textContent())!.trim()
    await expect
      .poll(async () => (await cell('2.1').getAttribute('aria-label')) ?? '')
      .toContain(`previous token ${await value()}, uniform`)
    await expect.poll(() => readOut().textContent()).toContain(`Head 2.1 · previous token`)
  })

  it('goes from head to head by arrow keys, and says of each what it is', async () => {
    await cell('2.1').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => focusedName(page)).toMatch(/^Head 3\.2: previous token 0\.\d+/)
    await expect.poll(() => readOut().textContent()).toMatch(/^Head 3\.2 ·/)
    await panel().getByRole('region', { name: 'Head 3.2' }).getByRole('img').waitFor()
  })

  it('says what one window cannot tell, and tells it of many', async () => {
    await panel().getByText('One window has no spread, interval or p').waitFor()
    await expect.poll(() => readOut().textContent()).not.toContain('±')
    await choose('Length of windows', '8 tokens')
    await expect.poll(() => readOut().textContent()).toMatch(/± .* · .*95 %|±.*95 %.*p .*windows/)
    await panel().getByText('10 windows have hardly a p small enough for a finding').waitFor()
  })

  it('shows any score, and how far it is above uniform attention', async () => {
    await choose('Score', 'induction')
    const [, value, uniform] = /induction ([\d.]+), uniform ([\d.]+)/.exec(
      (await cell('1.3').getAttribute('aria-label'))!
    )!
    await radio('Above uniform').click()
    await panel().getByRole('grid', { name: 'Heads by induction, above uniform' }).waitFor()
    const { text } = await saved('SVG')
    const above = Number(value) - Number(uniform)
    // Those of a label are rounded, too.
    const written = [-0.001, 0, 0.001].map(off => fixedText(above + off, 2))
    expect(written.some(own => text.includes(`>${own}<`))).toBe(true)
    expect(text.includes('Heads by induction, above uniform, scored over')).toBe(true)
    // Nothing is uniform on random tokens.
    await choose('Score', 'induction, random')
    await panel().getByRole('grid', { name: 'Heads by induction, random', exact: true }).waitFor()
    expect(await radio('Above uniform').isDisabled()).toBe(true)
    await choose('Score', 'induction')
    await panel().getByRole('grid', { name: 'Heads by induction, above uniform' }).waitFor()
  })

  it('opens a head in a tab of its own by Enter', async () => {
    await cell('3.2').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: /^Head 3\.2/ }).waitFor()
    await page.keyboard.press('Alt+w')
    await map().waitFor()
  })
})

describe('the scatter', () => {
  it('has a point a head, which keys go to and a click selects', async () => {
    await radio('Scatter').click()
    await expect.poll(() => panel().getByRole('option').count()).toBe(16)
    await choose('Upwards', 'entropy')
    await point('0.0').click()
    await inspector().getByRole('heading', { name: 'Head 0.0' }).waitFor()
    await expect.poll(() => readOut().textContent()).toMatch(/previous token .*, entropy /)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => focusedName(page)).toMatch(/^Head (?!0\.0)\d\.\d: previous token/)
    const { text } = await saved('SVG')
    for (const word of ['0.0', 'previous token', 'entropy, nats'])
      expect(text.includes(`>${word}<`), word).toBe(true)
  })
})

describe('the table', () => {
  it('is in the order of any score, and has what a condition asks for', async () => {
    await radio('Table').click()
    await panel().getByText('16 heads', { exact: true }).waitFor()
    await panel().getByRole('columnheader', { name: 'previous token', exact: true }).click()
    const rows = panel().getByRole('grid', { name: 'Heads' }).getByRole('row')
    const values = async () => {
      const texts = await rows.evaluateAll(all =>
        all.slice(1).map(own => own.children[1]!.textContent)
      )
      return texts.map(Number)
    }
    await expect.poll(async () => (await values()).length).toBe(16)
    const all = await values()
    expect(all).toEqual(all.toSorted((a, b) => b - a))
    const filter = panel().getByRole('searchbox', { name: 'Filter heads' })
    await filter.fill(`previous > ${all[3]}`)
    await expect.poll(async () => (await values()).length).toBeLessThan(5)
    await filter.fill('previously')
    await panel().getByRole('alert').getByText('is not a condition').waitFor()
    await filter.fill('layer >= 2')
    await panel().getByText('8 of 16 heads').waitFor()
  })

  it('goes from row to row by keys', async () => {
    const rows = panel().getByRole('grid', { name: 'Heads' }).getByRole('row')
    const first = (await rows.nth(1).getAttribute('aria-label'))!
    const second = (await rows.nth(2).getAttribute('aria-label'))!
    await rows.nth(1).click()
    await inspector().getByRole('heading', { name: first }).waitFor()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => focusedName(page)).toBe(second)
    await inspector().getByRole('heading', { name: second }).waitFor()
    // The last is whole in a table too low for all, and the first below the names of columns.
    const size = page.viewportSize()!
    await page.setViewportSize({ width: size.width, height: 480 })
    const table = panel().getByRole('grid', { name: 'Heads' })
    const bottom = async (of: typeof table) => {
      const { y, height } = (await of.boundingBox())!
      return y + height
    }
    await expect.poll(() => bottom(table)).toBeLessThan(480)
    const places = await table.getAttribute('aria-rowcount')
    const place = () => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'))
    await page.keyboard.press('End')
    await expect.poll(place).toBe(places)
    expect(await bottom(rows.last())).toBeLessThanOrEqual(await bottom(table))
    await page.keyboard.press('Home')
    await expect.poll(place).toBe('2')
    await page.setViewportSize(size)
  })

  it('has classes of one’s own', async () => {
    await panel().getByRole('button', { name: 'Classes of your own: 0' }).click()
    const name = page.getByRole('textbox', { name: 'Name of the class' })
    const expression = page.getByRole('textbox', { name: 'Regular expression' })
    await name.fill('es')
    await expression.fill('^(e')
    await page.getByRole('alert').getByText('expected a regular expression').waitFor()
    await expression.fill('^[eE]$')
    await expression.press('Enter')
    await page.getByRole('list', { name: 'Classes' }).getByText('es').waitFor()
    await page.keyboard.press('Escape')
    await panel().getByRole('columnheader', { name: '→ es' }).waitFor()
    const { name: file, text } = await saved('CSV')
    expect(file).toBe('shakespeare-char-heads-all-scores.csv')
    expect(csvRows(text)[0]).toMatch(
      /^score,score_label,layer,head,value,baseline,spread,low,high,p,windows/
    )
    expect(text).toMatch(/\r\n\d+,to_es,3,3,0\.\d+/)
  })

  it('is as it was left after a reload', async () => {
    await expect.poll(() => served.saved()).toContain('"es"')
    await expect.poll(() => served.saved()).toContain('layer >= 2')
    await page.reload()
    await panel().getByText('8 of 16 heads').waitFor()
    await panel().getByRole('columnheader', { name: '→ es' }).waitFor()
    await panel().getByRole('button', { name: 'Length of windows: 8 tokens' }).waitFor()
    const sorted = panel().getByRole('columnheader', { name: 'previous token', exact: true })
    expect(await sorted.getAttribute('aria-sort')).toBe('descending')
    await row('3.3').dblclick()
    await page.getByRole('tab', { name: /^Head 3\.3/ }).waitFor()
    await page.keyboard.press('Alt+w')
  })
})

describe('a corpus', () => {
  it('is scored with progress, stopped, and gone on with', async () => {
    const play = 'To be, or not to be, that is the question:\nWhether it is nobler in the mind\n'
    await keepCorpus('Play', play.repeat(1500))
    await radio('Map').click()
    await choose('Scored over', 'Play')
    const task = panel().getByRole('group', { name: 'Running task' })
    await task.getByRole('button', { name: 'Cancel' }).click()
    await panel().getByText('Stopped. It goes on').waitFor()
    await panel().getByRole('button', { name: 'Go on' }).click()
    await task.waitFor()
    await task.getByRole('button', { name: 'Cancel' }).click()
    await panel().getByText('Stopped. It goes on').waitFor()
    await choose('Scored over', 'This text')
    await panel().getByText('This text').first().waitFor()
    await panel().getByText('Stopped.').waitFor({ state: 'detached' })
  })
})

describe('the findings', () => {
  const findings = () => panel().getByRole('region', { name: 'Findings' })
  const finding = () => findings().getByRole('listitem').filter({ hasText: 'held on' }).first()

  it('are made on one half of a corpus and tested on the other, and a click selects the head', async () => {
    await keepCorpus('Hamlet', soliloquy.slice(0, 480))
    await radio('Map').click()
    await choose('Scored over', 'Hamlet')
    await choose('Length of windows', '32 tokens')
    await panel()
      .getByText(/^Hamlet: 15 windows/)
      .waitFor()
    await panel()
      .getByRole('radio', { name: /^Findings [1-9]/ })
      .click()
    await findings()
      .getByRole('heading', { name: /^\d+ held/ })
      .waitFor()
    const text = (await finding().textContent())!
    const [, head = ''] =
      /^\s*Head (\d\.\d): [\w ]+, 0\.\d{2,} ± 0\.\d{2,} \(baseline 0\.\d{2,}\), p ≤ 0\.\d+, held on \d+ of \d+ windows/.exec(
        text
      )!
    await finding().getByRole('button').first().click()
    await inspector()
      .getByRole('heading', { name: `Head ${head}` })
      .waitFor()
    const isCurrent = () => finding().getByRole('button').first().getAttribute('aria-current')
    await expect.poll(isCurrent).toBe('true')
  })

  it('have the loss without their heads beside them, also after a reload', async () => {
    await findings().getByRole('button', { name: 'Loss without them' }).click()
    await finding()
      .getByText(/Loss \d\.\d+ nats; without it [+−]\d/)
      .waitFor()
    const own = await finding()
      .getByText(/Loss \d/)
      .textContent()
    // Of the selected finding the table is open; how many tokens a class has stands beside what it changes by.
    const consonants = finding().getByRole('row', { name: /^consonant/ })
    await consonants.waitFor()
    expect(await consonants.getByRole('cell').allTextContents()).toEqual([
      expect.stringMatching(/^\d{3}$/),
      expect.stringMatching(/^\d\.\d+$/),
      ...Array<unknown>(2).fill(expect.stringMatching(/^[+−]\d/))
    ])
    await expect.poll(() => served.saved()).toMatch(/"ablated":\s*true/)
    await page.reload()
    await expect
      .poll(() =>
        finding()
          .getByText(/Loss \d/)
          .textContent()
      )
      .toBe(own)
  })

  it('are kept in the session with their numbers and what they were found in, and lead to the head', async () => {
    const keep = finding().getByRole('button', { name: /^Keep the finding of Head/ })
    const [, head] = /(Head \d\.\d)$/.exec((await keep.getAttribute('aria-label'))!)!
    await keep.click()
    await expect.poll(() => keep.getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('button', { name: 'Findings', exact: true }).click()
    const kept = page.getByRole('article', { name: `Finding: ${head}` })
    await kept.getByText(/^Hamlet: 15 windows/).waitFor()
    await kept
      .getByText(/uniform 0\.\d+, p /)
      .first()
      .waitFor()
    await kept.getByText(/without it \d/).waitFor()
    await kept.getByText(/By class: most of \w+, [+−]\d/).click()
    await kept.getByRole('row', { name: /^consonant/ }).waitFor()
    await expect.poll(() => served.saved()).toContain('Hamlet: 15 windows')
    await page.reload()
    await kept.getByRole('button', { name: /^Head/ }).click()
    await inspector().getByRole('heading', { name: head! }).waitFor()
    await kept.getByRole('button', { name: 'Remove the finding' }).click()
    await kept.waitFor({ state: 'detached' })
    await expect.poll(() => keep.getAttribute('aria-pressed')).toBe('false')
    await page.getByRole('button', { name: 'Findings', exact: true }).click()
  })

  it('have how the text goes on beside them, with and without the head', async () => {
    await finding().getByRole('button').first().click()
    const turn = finding().getByRole('button', { name: 'How this text goes on without it' })
    await turn.click()
    const goesOn = finding().getByRole('group', { name: 'How this text goes on' })
    await goesOn.getByText(/^Differs|^The same 40 tokens/).waitFor()
    const texts = await goesOn.locator('.text').allTextContents()
    expect(texts).toHaveLength(2)
    const [whole, without] = texts.map(text => text.trim())
    expect([...whole!].length).toBeGreaterThanOrEqual(40)
    // Marked where the two part: what is before is the same.
    const marks = await goesOn.locator('mark').allTextContents()
    expect(marks).toHaveLength(2)
    const same = [...whole!].findIndex((letter, i) => letter !== [...without!][i])
    expect([whole![same], without![same]]).toEqual(marks)
    await expect.poll(() => served.saved()).toContain('"goesOn":true')
    await page.reload()
    await goesOn.locator('mark').first().waitFor()
    await finding().getByRole('button', { name: 'Hide how this text goes on' }).click()
    await goesOn.waitFor({ state: 'detached' })
  })

  it('are in a report that stands by itself, with the command that makes it again', async () => {
    // After a reload it is asked for anew, beside how the text goes on.
    await finding()
      .getByText(/Loss \d/)
      .waitFor()
    const { name, text } = await saved('HTML')
    expect(name).toBe('shakespeare-char · heads · report.html')
    expect(text).not.toMatch(/<script|src=|href=/)
    const said = (await finding().locator('.words').textContent())!.trim().replace(/^Head/, 'head')
    expect(text.includes(`>${said}<`), said).toBe(true)
    expect(text).toMatch(
      /by class of token: most of \w+, [+−]\d\.\d{3} by its mean \([\d,]+ tokens?\)/
    )
    expect(text).toMatch(
      /lamella heads shakespeare-char --text-file lamella-atlas-\w+ --window 32 --class &#39;es=\^\[eE\]\$&#39; --seed 0 --ablation --provider/
    )
  })
})

it.each(['light', 'dark'] as const)('can be read in %s', async colorScheme => {
  await page.emulateMedia({ colorScheme })
  for (const form of ['Map', 'Table', 'Scatter']) {
    await radio(form).click()
    await readOut().waitFor()
    expect(await faintTexts(page)).toEqual([])
  }
})

it('complains of nothing', () => {
  expect(served.complaints).toEqual([])
})
