import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numberText } from '#common/text/number-text.ts'
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
  await runCommand(page, 'show words')
  await nearest().first().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const list = (name: RegExp) => panel().getByRole('region', { name }).getByRole('button')
const nearest = () => list(/^Nearest in the input embedding$/)
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
const field = (name: string) => panel().getByRole('textbox', { name, exact: true })
const choose = (name: string) => panel().getByRole('radio', { name, exact: true }).click()

async function type(name: string, text: string): Promise<void> {
  await field(name).fill(text)
  await field(name).press('Enter')
}
async function saved(format: RegExp): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  return readFileSync(await (await downloading).path(), 'utf8')
}
interface Saved {
  variables: Record<string, { data: number[][] }>
}

describe('words', () => {
  it('follow the selected token until one is typed, and a click makes a neighbour the word', async () => {
    await expect.poll(() => readOut().textContent()).toMatch(/^., token \d+$/)
    await type('Word', 'e')
    await expect.poll(() => readOut().textContent()).toMatch(/^e, token \d+$/)
    const letter = nearest()
      .and(page.getByRole('button', { name: /^[A-Za-z], / }))
      .first()
    const name = (await letter.getAttribute('aria-label'))!
    const [, near, id] = /^(.*), token (\d+), /.exec(name)!
    await letter.click()
    await expect.poll(() => readOut().textContent()).toBe(`${near}, token ${id}`)
    expect(await field('Word').inputValue()).toBe(near)
  })

  it('stand out in dimensions, whose tokens are listed', async () => {
    await type('Word', 'e')
    await expect.poll(() => readOut().textContent()).toMatch(/^e, token \d+$/)
    // Until they come those of the word before stand there, dimmed.
    await panel().locator('.dimmed').waitFor({ state: 'detached' })
    const lowest = list(/^Its lowest dimensions$/)
    await lowest.first().focus()
    await page.keyboard.press('ArrowDown')
    const [, dimension] = /^dimension (\d+), −/.exec(await focusedName(page))!
    await page.keyboard.press('Enter')
    await list(new RegExp(`^Lowest in dimension ${dimension}$`))
      .first()
      .waitFor()
  })

  it('are set side by side, by cosine and once the mean is subtracted, and saved', async () => {
    await choose('List')
    await panel().getByText('No words yet').waitFor()
    await type('Words', 'a, e, the')
    const matrix = panel().getByRole('img', { name: 'How alike 3 words are, by cosine' })
    await expect.poll(() => matrix.textContent()).toContain('the')
    await expect.poll(() => readOut().textContent()).toContain('the mean of their rows')
    const cosines = (JSON.parse(await saved(/^JSON/)) as Saved).variables['similarity']!.data
    expect(cosines[0]![0]).toBeCloseTo(1)
    expect(cosines[0]![1]).toBeCloseTo(cosines[1]![0]!)
    await expect.poll(() => matrix.textContent()).toContain(numberText(cosines[0]![1]!))
    expect(await saved(/^SVG/)).toMatch(
      /Again: npm run --silent lamella -- figure \S+ --view words --set form=similarity /
    )
    await panel()
      .getByRole('button', { name: /^Measure/ })
      .click()
    await page.getByRole('menuitemradio', { name: /^Centred/ }).click()
    await panel()
      .getByRole('img', { name: /mean row subtracted$/ })
      .waitFor()
    const centred = (JSON.parse(await saved(/^JSON/)) as Saved).variables['similarity']!.data
    expect(centred[0]![1]).not.toBeCloseTo(cosines[0]![1]!, 5)
  })

  it('answer analogies, also after a reload', async () => {
    await choose('Analogy')
    for (const [name, text] of [
      ['Word a', 'a'],
      ['Word b', 'A'],
      ['Word c', 'E']
    ] as const)
      await type(name, text)
    await list(/^Rows as they are$/)
      .first()
      .waitFor()
    await expect.poll(() => served.saved()).toContain('"c":"E"')
    await page.reload()
    const answers = list(/^Rows of length 1$/)
    await answers.first().waitFor()
    const letters = await answers.evaluateAll(all =>
      all.map(own => own.getAttribute('aria-label')!.split(',')[0])
    )
    for (const own of ['a', 'A', 'E']) expect(letters).not.toContain(own)
  })

  it('stand in Hebrew, at 640 pixels and in dark, and say what the vocabulary does not have', async () => {
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await choose('List')
    await type('Words', 'א, ב, שלום')
    await panel().getByRole('img', { name: 'How alike 3 words are', exact: false }).waitFor()
    await expect.poll(() => readOut().textContent()).toContain('שלום')
    expect(await panel().evaluate(own => own.scrollWidth - own.clientWidth)).toBe(0)
    expect(await faintTexts(page)).toEqual([])
    await type('Words', 'א, 🙂')
    const left = panel().getByRole('note').filter({ hasText: 'Not compared: 🙂' })
    await left.getByText('The vocabulary has no token for "🙂"', { exact: false }).waitFor()
    await panel().getByRole('img', { name: 'How alike 1 words are', exact: false }).waitFor()
    await type('Words', '🙂')
    await panel()
      .getByRole('alert')
      .getByText('The vocabulary has no token for "🙂"', { exact: false })
      .waitFor()
    expect(served.complaints).toEqual([])
  })
})
