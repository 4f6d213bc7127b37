import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorkspaceState } from '../../src/renderer/src/stores/workspace-state.ts'
import { hebrew } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const line = () => page.getByRole('listbox', { name: 'Tokens' })
const chip = (index: number) => line().locator(`[data-index="${index}"]`)
const ends = () => panel().getByRole('button', { name: /^Select .* no longer$/ })
const together = () =>
  ends()
    .allTextContents()
    .then(texts => texts.map(text => text.trim()))
const show = (title: string) => runCommand(page, `show ${title}`)
const rows = () => panel().getByRole('grid', { name: 'Tokens', exact: true })

/** Positions that the token line marks among those that it draws. */
const marked = () =>
  line()
    .locator('.among')
    .evaluateAll(all => all.map(own => Number((own as HTMLElement).dataset['index'])))
const range = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, i) => first + i)

describe('the token line', () => {
  it('selects a range by a click with Shift, and no letters of the page', async () => {
    await chip(4).click()
    await chip(9).click({ modifiers: ['Shift'] })
    await expect.poll(marked).toEqual(range(4, 10))
    expect(await together()).toEqual(['6 tokens'])
    expect(await page.evaluate(() => getSelection()?.toString() ?? '')).toBe('')
    expect(await line().getByRole('option', { selected: true }).count()).toBe(6)
    // From the token that is selected, which stays.
    await chip(2).click({ modifiers: ['Shift'] })
    await expect.poll(marked).toEqual(range(2, 5))
  })

  it('marks those that come in sight as the window gets wider', async () => {
    await page.setViewportSize({ width: 640, height: 900 })
    await chip(4).click()
    await page.mouse.move(320, 500)
    await line().focus()
    await page.keyboard.press('Shift+End')
    await expect.poll(together).toEqual(['77 tokens'])
    await page.setViewportSize({ width: 1440, height: 900 })
    await expect.poll(marked).toEqual(range(4, 81))
  })

  it('selects a range by Shift and arrow keys, which goes on from its end', async () => {
    await chip(6).click()
    await page.mouse.move(700, 500)
    await line().focus()
    for (const key of ['Right', 'Right', 'Right', 'Left'])
      await page.keyboard.press(`Shift+Arrow${key}`)
    await expect.poll(marked).toEqual([6, 7, 8])
    await page.keyboard.press('Shift+Home')
    await expect.poll(marked).toEqual(range(0, 7))
    await page.keyboard.press('Shift+End')
    await expect.poll(together).toEqual(['75 tokens'])
  })
})

describe('Esc', () => {
  it('ends the selection of several, once nothing else is to be closed', async () => {
    await chip(4).click()
    await chip(7).click({ modifiers: ['Shift'] })
    await expect.poll(together).toEqual(['4 tokens'])
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'All commands' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'All commands' }).waitFor({ state: 'detached' })
    await chip(5).click({ button: 'right' })
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    expect(await together()).toEqual(['4 tokens'])
    await page.mouse.move(700, 500)
    await panel().getByRole('application').focus()
    await page.keyboard.press('Escape')
    await expect.poll(together).toEqual([])
    await expect.poll(marked).toEqual([])
  })

  it('is a command, where there is something to end', async () => {
    await chip(4).click()
    await chip(7).click({ modifiers: ['Shift'] })
    await expect.poll(together).toEqual(['4 tokens'])
    await runCommand(page, 'select nothing together')
    await expect.poll(together).toEqual([])
  })
})

describe('what is selected together', () => {
  it('is marked by Tokens, in all of its forms', async () => {
    await chip(4).click()
    await chip(6).click({ modifiers: ['Shift'] })
    await show('tokens')
    await expect.poll(() => rows().locator('.among').count()).toBe(3)
    await panel().getByRole('radio', { name: 'How it was split' }).click()
    await panel().getByRole('grid', { name: 'Parts of the text' }).waitFor()
    await expect.poll(() => panel().getByRole('grid').locator('.among').count()).toBe(3)
    await panel().getByRole('radio', { name: 'Tokens', exact: true }).click()
  })

  it('is marked by Neurons: tokens in their texts, and neurons by their names', async () => {
    await show('neurons')
    const contexts = panel().getByRole('listbox', { name: 'Contexts' })
    await contexts.getByRole('option').first().waitFor()
    // What it is and what is said of it stay two words.
    const heading = panel().getByRole('heading', { name: /^Neuron / })
    expect(await heading.textContent()).toMatch(/^Neuron \d+\.\d+ above/)
    const own = () =>
      contexts.locator('.query').evaluateAll(all =>
        all.map(query => ({
          at: Number((query as HTMLElement).dataset['at']),
          among: query.classList.contains('among')
        }))
      )
    await expect.poll(own).not.toEqual([])
    for (const { at, among } of await own()) expect(among, String(at)).toBe(at >= 4 && at <= 6)
  })

  it('is what a search of Vocabulary found', async () => {
    await page.keyboard.press('Escape')
    await show('vocabulary')
    const search = panel().getByRole('searchbox', { name: 'Find tokens' })
    await search.waitFor()
    // Of all tokens there is nothing to select.
    expect(
      await panel()
        .getByRole('button', { name: /^Select the/ })
        .count()
    ).toBe(0)
    await search.fill('e')
    await panel().getByRole('button', { name: 'Select the 2 found' }).click()
    await expect.poll(together).toEqual(['2 tokens of the vocabulary'])
    await expect.poll(async () => (await marked()).length).toBeGreaterThan(1)
    // Esc empties a search that is filled, and does nothing else.
    await search.press('Escape')
    expect(await together()).toEqual(['2 tokens of the vocabulary'])
  })
})

describe('in a text from right to left', () => {
  it('goes on to the left', async () => {
    await openModel(page, hebrew)
    // Once it has run: before that nothing of it can be selected.
    await expect
      .poll(async () => {
        await chip(3).click()
        return line().locator('.is-query').getAttribute('data-index', { timeout: 500 })
      })
      .toBe('3')
    await page.mouse.move(700, 500)
    await line().focus()
    await page.keyboard.press('Shift+ArrowLeft')
    await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(marked).toEqual([3, 4, 5])
  })
})

describe('a tab that stands alone', () => {
  it('keeps what is selected over a reload', async () => {
    await runCommand(page, 'open the selected head in a tab')
    // As long as its text is the group's, so is what is selected in it.
    await page.keyboard.press('Control+l')
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('אבגדה')
    await page.keyboard.press('Control+Enter')
    await panel().getByRole('application', { name: ', 5 tokens' }).waitFor()
    await chip(2).click()
    await chip(4).click({ modifiers: ['Shift'] })
    await expect.poll(together).toEqual(['3 tokens'])
    // What a window begins with is kept a moment after the last change.
    const kept = () => (JSON.parse(served.saved()) as WorkspaceState).alone?.at(-1)?.selected?.ids
    await expect.poll(kept).toHaveLength(3)
    await page.reload()
    await expect.poll(together).toEqual(['3 tokens'])
    await expect.poll(marked).toEqual([2, 3, 4])
  })
})
