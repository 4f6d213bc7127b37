import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew, projectRoot } from '../golden/workbench.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const prompt = () => page.getByRole('textbox', { name: 'Text' })
const ids = () => page.getByRole('textbox', { name: 'Token ids' })
const chips = () => page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
const runButton = () => page.getByRole('button', { name: 'Run', exact: true })
const model = (name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })
const head = (name: string) => page.getByRole('gridcell', { name, exact: true })
const map = (name: string) => page.getByRole('application', { name })
const stale = () => page.getByRole('button', { name: 'from the text before' })
const tab = (title: string) => page.getByRole('tab', { name: new RegExp(`^${title}`) })

/** Where everything around the views stands. */
function places(): Promise<unknown> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.bar, .token-line, .main, .status, .dv-tab, .content')].map(
      element => {
        const { x, y, width, height } = element.getBoundingClientRect()
        return [x, y, width, height]
      }
    )
  )
}

async function run(text: string, tokens: number): Promise<void> {
  await prompt().fill(text)
  await prompt().press('Control+Enter')
  await map(`, ${tokens} tokens`).waitFor()
}

/** How strongly an element of the page stands out, all that it lies in taken together. */
function opacity(selector: string): Promise<number> {
  return page.locator(selector).evaluate(element => {
    let all = 1
    for (let at: Element | null = element; at; at = at.parentElement)
      all *= Number(getComputedStyle(at).opacity)
    return all
  })
}

describe('a hint', () => {
  it('goes when it was followed', async () => {
    const hints = () => page.getByRole('list', { name: 'Hints' }).getByRole('listitem').count()
    const view = () => page.getByRole('tabpanel').filter({ visible: true }).boundingBox()
    const place = await view()
    await expect.poll(hints).toBe(3)
    await run('So', 2)
    await expect.poll(hints).toBe(2)
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'All commands' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(hints).toBe(1)
    await page.getByRole('button', { name: 'Dismiss this hint' }).click()
    await expect.poll(hints).toBe(0)
    // A second click finds what the first one found.
    expect(await view()).toEqual(place)
  })
})

describe('the bars', () => {
  it('are 36 and 28 pixels high, whatever the text', async () => {
    const heights = async () => [
      (await page.getByRole('region', { name: 'Text', exact: true }).boundingBox())!.height,
      (await page.getByRole('region', { name: 'Token line' }).boundingBox())!.height
    ]
    expect(await heights()).toEqual([36, 28])
    const before = await places()
    await prompt().fill('long\n'.repeat(60))
    expect(await heights()).toEqual([36, 28])
    expect(await places()).toEqual(before)
    await prompt().press('Escape')
    expect(await heights()).toEqual([36, 28])
  })

  it('move nothing while the pointer goes over tokens, heads and the map', async () => {
    await run('To be, or not to be', 19)
    const before = await places()
    for (const target of [chips().nth(3), chips().nth(4), head('Head 1.1'), map('19 tokens')]) {
      await target.hover()
      await page.waitForTimeout(60)
      expect(await places()).toEqual(before)
    }
    await head('Head 1.1').hover()
  })

  it('give the focus back to where it was when Esc leaves the text', async () => {
    await map('19 tokens').focus()
    await page.keyboard.press('Control+l')
    expect(await prompt().evaluate(field => field === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    expect(await map('19 tokens').evaluate(map => map === document.activeElement)).toBe(true)
  })
})

describe('a text that was changed', () => {
  it('dims the map and the inspector, and says why in both', async () => {
    expect(await opacity('[role=application]')).toBe(1)
    await prompt().fill('To be, or not')
    await stale().waitFor()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByText('from the text before').waitFor()
    await expect.poll(() => opacity('[role=application]')).toBeLessThan(0.7)
    await expect.poll(() => opacity('aside[aria-label=Inspector] .sections')).toBeLessThan(0.7)
    await prompt().fill('')
    await stale().waitFor()
    await prompt().fill('To be, or not to be')
    await stale().waitFor({ state: 'detached' })
    await expect.poll(() => opacity('[role=application]')).toBe(1)
    await prompt().press('Escape')
  })

  it('does not run when another model is looked at', async () => {
    await openModel(page, join(projectRoot, 'test/golden/gpt2'))
    await model('shakespeare-char').click()
    await map('19 tokens').waitFor()
    await prompt().fill('not asked for')
    await prompt().press('Escape')
    await model('gpt2').click()
    await ids().waitFor()
    await model('shakespeare-char').click()
    await stale().waitFor()
    expect(await map('19 tokens').count()).toBe(1)
  })

  it('says how many characters the vocabulary does not have, and which', async () => {
    await prompt().fill('ça\u00f1')
    await page
      .getByRole('status')
      .getByText('2 characters are not in the vocabulary: ç ñ')
      .waitFor()
  })

  it('that cannot be tokenized is said once, and cannot run', async () => {
    await openModel(page, hebrew)
    await prompt().fill('F')
    await page.getByText('The vocabulary has no token for "F"').waitFor()
    expect(await page.getByText('The vocabulary has no token for "F"').count()).toBe(1)
    expect(await runButton().isDisabled()).toBe(true)
    await prompt().press('Control+Enter')
    await page.waitForTimeout(300)
    expect(await page.getByText('The vocabulary has no token for "F"').count()).toBe(1)
    expect(await page.getByText('The text could not run').count()).toBe(0)
    await prompt().press('Escape')
  })
})

describe('a text of another direction', () => {
  it('begins at the right, with the focus and without', async () => {
    await page.locator('.preview').waitFor()
    const direction = () =>
      page.locator('.preview').evaluate(element => getComputedStyle(element).direction)
    expect(await direction()).toBe('ltr')
    await prompt().fill('בראשית')
    await prompt().press('Escape')
    await expect.poll(direction).toBe('rtl')
  })

  it('brings what is selected elsewhere into sight in the line of its tokens', async () => {
    const text = 'בראשית ברא אלהים את השמים ואת הארץ '.repeat(5)
    await prompt().fill(text)
    await prompt().press('Control+Enter')
    await page.getByRole('application', { name: `, ${text.length} tokens` }).waitFor()
    const isSeen = (index: number) =>
      page.getByRole('listbox', { name: 'Tokens' }).evaluate((line, index) => {
        const chip = line.querySelector(`[data-index="${index}"]`)?.getBoundingClientRect()
        const { left, right } = line.getBoundingClientRect()
        return chip !== undefined && chip.left >= left - 1 && chip.right <= right + 1
      }, index)
    expect([await isSeen(0), await isSeen(text.length - 1)]).toEqual([true, false])
    const shown = page.getByRole('application', { name: `, ${text.length} tokens` })
    await shown.focus()
    await shown.press('ArrowUp')
    await page.mouse.move(2, 2)
    await expect.poll(() => isSeen(text.length - 2)).toBe(true)
    expect(await isSeen(0)).toBe(false)
  })
})

describe('the key that selects all', () => {
  it('selects in a text alone, not the window', async () => {
    const selected = () => page.evaluate(() => String(getSelection()))
    await page.getByRole('tab').first().focus()
    await page.keyboard.press('Control+a')
    expect(await selected()).toBe('')
    await prompt().focus()
    await page.keyboard.press('Control+a')
    expect(await selected()).not.toBe('')
    await prompt().press('Escape')
  })
})

describe('token ids', () => {
  it('can be typed for a model that has a tokenizer, and a text again', async () => {
    await model('shakespeare-char').click()
    await run('abc', 3)
    await prompt().focus()
    await page.getByRole('button', { name: 'Token ids' }).click()
    await expect.poll(() => ids().inputValue()).toMatch(/^\d+, \d+, \d+$/)
    await ids().fill('5, 17, 3, 5')
    await ids().press('Control+Enter')
    await map(', 4 tokens').waitFor()
    await ids().focus()
    await page.getByRole('button', { name: 'Token ids' }).click()
    expect(await prompt().inputValue()).toBe('abc')
    await prompt().press('Control+Enter')
    await map(', 3 tokens').waitFor()
  })
})

describe('a tab that stays on what it is about', () => {
  it('is what the bar edits while it has the focus, and its group goes on as it was', async () => {
    await head('Head 2.1').click()
    await page.getByRole('button', { name: 'Head 2.1 in a tab' }).click()
    await tab('Head 2.1').waitFor()
    await run('abcde', 5)
    await tab('Attention').click()
    await expect.poll(() => prompt().inputValue()).toBe('abc')
    await map(', 3 tokens').waitFor()
    await head('Head 0.3').click()
    await tab('Head 2.1').click()
    await expect.poll(() => prompt().inputValue()).toBe('abcde')
    await map('Attention map of Head 2.1, 5 tokens').waitFor()
    await page.getByRole('heading', { name: 'Head 2.1' }).waitFor()
  })

  it('shows what is pointed at and selected in the inspector', async () => {
    await chips().nth(3).click()
    await page.getByRole('region', { name: 'Selected cell' }).getByText('query 3').waitFor()
  })

  it('leaves its group alone when its model is opened again', async () => {
    await model('shakespeare-char').hover()
    await model('shakespeare-char')
      .getByRole('button', { name: /^Close/ })
      .click()
    await page.getByRole('button', { name: 'Open shakespeare-char' }).click()
    await map('Attention map of Head 2.1, 5 tokens').waitFor()
    await tab('Attention').click()
    await page.getByRole('button', { name: /^Model: (gpt2|hebrew-minigpt)/ }).waitFor()
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
