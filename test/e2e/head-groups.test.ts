import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { focusedName, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { csvRows } from './csv-rows.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show head groups')
  await heads().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const heads = () => panel().getByRole('listbox', { name: /^Heads/ })
const head = (name: string) => heads().getByRole('option', { name: new RegExp(`^Head ${name}:`) })
const group = (number: number) => panel().getByRole('region', { name: `Group ${number}` })
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const choose = (name: string) => panel().getByRole('radio', { name, exact: true }).click()

async function saved(format: RegExp): Promise<{ name: string; text: string }> {
  // What is asked for is there: until then entries of the menu come and go.
  await expect.poll(() => panel().locator('.dimmed').count()).toBe(0)
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  const download = await downloading
  return {
    name: download.suggestedFilename(),
    text: readFileSync(await download.path(), 'utf8')
  }
}

/** The heads of each group, as the groups are told. */
async function groups(): Promise<string[][]> {
  const all = await panel()
    .getByRole('region', { name: /^Group \d/ })
    .all()
  return Promise.all(
    all.map(async own =>
      (await own.getByRole('button', { name: /^Head/ }).allTextContents()).map(text => text.trim())
    )
  )
}

describe('the tree', () => {
  it('has every head, in groups that are told by a score', async () => {
    expect(await heads().getByRole('option').count()).toBe(16)
    await group(4)
      .getByText(/^[a-z ]+ [\d.]+.* against [\d.]+$/)
      .waitFor()
    const found = await groups()
    expect(found).toHaveLength(4)
    expect(found.flat().toSorted()).toEqual(
      Array.from({ length: 16 }, (_, i) => `${Math.floor(i / 4)}.${i % 4}`)
    )
    // As the rows of the tree are in order.
    const rows = await heads()
      .getByRole('option')
      .evaluateAll(all => all.map(own => /Head (\d\.\d)/.exec(own.ariaLabel ?? '')![1]))
    expect(found.flat()).toEqual(rows)
  })

  it('is saved with all of its distances', async () => {
    const { name, text } = await saved(/^CSV.*distances/)
    expect(name).toBe('shakespeare-char-heads-by-patterns-distances.csv')
    const reference = JSON.parse((await saved(/^JSON.*groups/)).text) as {
      variables: { distance: { data: number[][] } }
      attributes: { analysis: string }
    }
    expect(reference.attributes.analysis).toBe('head-distances')
    const { data } = reference.variables.distance
    // Row 1 · 16 + 0 of the table is heads 0.1 and 0.0.
    expect(csvRows(text)[1 + 16]).toBe(`1,0.1,0,0.0,${data[1]![0]}`)
    await head('0.1').hover()
    await expect.poll(() => readOut().textContent()).toMatch(/^Head 0\.1 · group \d, nearest head/)
  })

  it('goes along its leaves by keys, and selects everywhere', async () => {
    const [[first, second]] = (await groups()) as [[string, string]]
    await head(first.replace('.', '\\.')).click()
    await inspector()
      .getByRole('heading', { name: `Head ${first}` })
      .waitFor()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => focusedName(page)).toMatch(new RegExp(`^Head ${second}: group 1`))
    await inspector()
      .getByRole('heading', { name: `Head ${second}` })
      .waitFor()
    expect(
      await group(1)
        .getByRole('button', { name: `Head ${second}` })
        .getAttribute('aria-pressed')
    ).toBe('true')
    await page.keyboard.press('End')
    const last = (await groups()).flat().at(-1)!
    await expect.poll(() => focusedName(page)).toMatch(new RegExp(`^Head ${last}: group 4`))
  })

  it('has groups that are selected together, which other views mark until they are no longer', async () => {
    const [first] = (await groups()) as [string[]]
    await group(1).getByRole('button', { name: 'Select group 1' }).click()
    const none = panel().getByRole('button', { name: /^Select \d+ heads? no longer$/ })
    expect(await none.textContent()).toContain(String(first.length))
    await runCommand(page, 'show attention')
    const marked = panel().locator('.cell.among')
    await expect.poll(() => marked.count()).toBe(first.length)
    await none.click()
    await expect.poll(() => marked.count()).toBe(0)
    await none.waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'Head groups' }).click()
    await heads().waitFor()
  })

  it('parts into as many groups as are asked for', async () => {
    const slider = panel().getByRole('slider', { name: 'Groups' })
    await slider.focus()
    await page.keyboard.press('ArrowRight')
    await group(5).waitFor()
    await page.keyboard.press('Home')
    await group(3).waitFor({ state: 'detached' })
    expect(await groups()).toHaveLength(2)
    const { text } = await saved(/^SVG/)
    expect(text).toContain('>2 groups<')
    expect(text).toContain('Heads in 2 groups by their patterns')
  })
})

describe('the other forms', () => {
  it('are a map with its stress in words, on which keys go to the nearest', async () => {
    await choose('Map')
    await panel()
      .getByText(/the map keeps the distances .*, stress 0\.\d+/)
      .waitFor()
    await head('0.0').click()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => focusedName(page)).toMatch(/^Head (?!0\.0)\d\.\d: group/)
    const { text } = await saved(/^SVG/)
    expect(text).toMatch(/>[\d.]+ nats a query</)
  })

  it('are a matrix, in which two heads are pointed at', async () => {
    await choose('Matrix')
    const row = (await head('1.1').boundingBox())!
    await page.mouse.move(row.x + row.width - 10, row.y + row.height / 2)
    const last = (await groups()).flat().at(-1)!
    await expect
      .poll(() => readOut().textContent())
      .toMatch(new RegExp(`^Head 1\\.1 and head ${last} · 0\\.\\d+ nats a query$`))
    await head('1.1').click()
    await inspector().getByRole('heading', { name: 'Head 1.1' }).waitFor()
  })

  it('open a head by a double click', async () => {
    await head('1.1').dblclick()
    await page.getByRole('tab', { name: /^Head 1\.1/ }).waitFor()
    await page.keyboard.press('Alt+w')
    await heads().waitFor()
  })
})

describe('by scores', () => {
  it('are those that are chosen, one at least', async () => {
    await choose('Tree')
    await choose('Scores')
    await expect.poll(() => readOut().textContent()).toContain('standard deviations')
    await panel().getByRole('button', { name: 'Scores: 7 scores' }).click()
    for (const name of [
      'self',
      'first token',
      'duplicate token',
      'induction',
      'entropy',
      'distance'
    ])
      await page.getByRole('menuitemcheckbox', { name, exact: true }).click()
    const only = page.getByRole('menuitemcheckbox', { name: 'previous token', exact: true })
    expect(await only.isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await panel().getByRole('button', { name: 'Scores: previous token' }).waitFor()
    // Of one score groups are ranges of it.
    await expect
      .poll(async () => {
        const { text } = await saved(/^JSON.*groups/)
        return (JSON.parse(text) as { attributes: { scores: string[] } }).attributes.scores
      })
      .toEqual(['previous_token'])
    await group(1)
      .getByText(/^previous token/)
      .waitFor()
    await group(2)
      .getByText(/^previous token/)
      .waitFor()
  })

  it('are as they were left after a reload', async () => {
    await expect.poll(() => served.saved()).toContain('"by":"scores"')
    await page.reload()
    await panel().getByRole('button', { name: 'Scores: previous token' }).waitFor()
    await heads().waitFor()
    expect(await groups()).toHaveLength(2)
  })
})

describe('beside another model', () => {
  it('have one scale, and each its own heads', async () => {
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.getByRole('textbox', { name: 'Text' }).fill('בראשית ברא אלהים את השמים')
    await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
    await runCommand(page, 'show head groups')
    await heads().waitFor()
    await runCommand(page, 'compare with another model')
    await page
      .getByRole('dialog')
      .getByRole('option', { name: /shakespeare-char/ })
      .click()
    await expect.poll(() => heads().count()).toBe(2)
    await panel()
      .getByRole('heading', { name: /^hebrew-minigpt/ })
      .waitFor()
    await panel()
      .getByRole('heading', { name: /^shakespeare-char/ })
      .waitFor()
    // One axis: the higher tree sets it.
    const half = async (format: RegExp) =>
      Number(/translate\(([\d.]+) [^>]*>0\.5</.exec((await saved(format)).text)?.[1])
    const place = await half(/^SVG.*hebrew/)
    expect(place).toBeGreaterThan(100)
    expect(await half(/^SVG.*shakespeare/)).toBe(place)
    const other = heads().nth(1).getByRole('option').first()
    const name = /Head (\d\.\d)/.exec((await other.getAttribute('aria-label'))!)![1]!
    await other.dblclick()
    await page.getByRole('tab', { name: new RegExp(`^Head ${name}`) }).waitFor()
    await page.getByRole('button', { name: 'shakespeare-char' }).first().waitFor()
    await page.keyboard.press('Alt+w')
  })

  it('can be read in the dark, and at 640 pixels', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => faintTexts(page)).toEqual([])
    await page.setViewportSize({ width: 640, height: 800 })
    for (const own of await heads().all()) {
      const { width, height } = (await own.boundingBox())!
      expect(width).toBeGreaterThan(200)
      expect(height).toBeGreaterThan(60)
    }
    expect(served.complaints).toEqual([])
  })
})
