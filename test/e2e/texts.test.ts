import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faintTexts } from './contrast.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({ reducedMotion: 'reduce' }, undefined, false)
  page = served.page
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
})
afterAll(() => served.close())

const texts = (of = page) => of.getByRole('complementary', { name: 'Texts' })
const line = (name: RegExp, of = page) => texts(of).getByRole('treeitem', { name })
const prompt = () => page.getByRole('textbox', { name: 'Text', exact: true }).first()
const menuItem = (name: string) => page.getByRole('menuitem', { name, exact: true })
const focused = () =>
  page.evaluate(() => document.activeElement?.closest('[role=treeitem]')?.textContent ?? '')

async function choose(command: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command' }).fill(command)
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
}

async function runText(text: string): Promise<void> {
  await prompt().fill(text)
  await prompt().press('Control+Enter')
  await line(new RegExp(`^${text}`)).waitFor()
}

describe('the explorer of texts', () => {
  it('says what would fill it, and lists what runs with the dot of its view and its edits', async () => {
    await page.getByRole('contentinfo').getByRole('button', { name: 'Texts' }).click()
    await line(/^A text that ran gets a name/).waitFor()
    await runText('To be, or not to be')
    const dot = (of: ReturnType<typeof line>) =>
      of.locator('.dot').evaluate(element => getComputedStyle(element).backgroundColor)
    const header = page.getByRole('tabpanel').filter({ visible: true }).locator('.dot').first()
    const shown = await header.evaluate(element => getComputedStyle(element).backgroundColor)
    expect(await dot(line(/^To be/))).toBe(shown)
    expect(await dot(line(/^First Citizen/))).not.toBe(shown)
    await page.getByRole('gridcell', { name: 'Head 2.1', exact: true }).click({ button: 'right' })
    await menuItem('Ablate head 2.1').click()
    await line(/^To be.*head 2\.1 ablated/).waitFor()
    await expect.poll(() => line(/^To be/).count()).toBe(2)
  })

  it('runs a text by Enter, with the edits that it had, and by a double click', async () => {
    const edits = page.getByRole('button', { name: /^Edits: / })
    await line(/^First Citizen/).dblclick()
    await expect.poll(() => prompt().inputValue()).toMatch(/^First Citizen/)
    await expect.poll(() => edits.getAttribute('aria-label')).toBe('Edits: none')
    await line(/^To be.*ablated/).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => prompt().inputValue()).toBe('To be, or not to be')
    await expect.poll(() => edits.getAttribute('aria-label')).toBe('Edits: 1')
    await expect.poll(() => line(/^To be.*ablated/).getAttribute('aria-selected')).toBe('true')
  })

  it('gives names, changes them in place and takes back what was deleted, by keys alone', async () => {
    await choose('> find a text')
    const label = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await expect.poll(label).toBe('Find a text')
    await page.keyboard.type('citizen')
    await expect.poll(() => line(/^To be/).count()).toBe(0)
    await page.keyboard.press('ArrowDown')
    await expect.poll(focused).toMatch(/^Ran lately/)
    await page.keyboard.press('ArrowDown')
    await expect.poll(focused).toMatch(/^First Citizen/)
    await page.keyboard.press('F2')
    const name = () => texts().getByRole('textbox', { name: 'Name' })
    await name().waitFor()
    await page.keyboard.type('Citizens')
    await page.keyboard.press('Enter')
    await expect.poll(focused).toMatch(/^Citizens/)
    await page.keyboard.press('F2')
    await name().waitFor()
    await page.keyboard.type('Romans')
    await page.keyboard.press('Escape')
    await expect.poll(focused).toMatch(/^Citizens/)
    expect(await line(/^Romans/).count()).toBe(0)
    await texts().getByRole('searchbox').fill('')
    await line(/^Citizens/).focus()
    await page.keyboard.press('Delete')
    await line(/^Citizens/).waitFor({ state: 'detached' })
    await texts().getByRole('status').getByText('Citizens').waitFor()
    await expect.poll(focused).not.toBe('')
    await page.keyboard.press('Control+z')
    await line(/^Citizens/).waitFor()
  })

  it('duplicates a text to be changed, and refuses the name of another', async () => {
    await line(/^Citizens/).focus()
    await page.keyboard.press('Shift+F10')
    await menuItem('Duplicate and change…').waitFor()
    await page.keyboard.type('Dup')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'New text' })
    await dialog.waitFor()
    expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Citizens 2')
    await dialog.getByRole('textbox', { name: 'Text' }).fill('שלום')
    await dialog.getByText('4 tokens with shakespeare-char').waitFor()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Citizens')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.getByText('“Citizens” is the name of another').waitFor()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Peace')
    await dialog.getByRole('button', { name: 'Save and run' }).click()
    await expect.poll(() => prompt().inputValue()).toBe('שלום')
    const direction = await line(/^Peace/)
      .locator('.below')
      .evaluate(element => getComputedStyle(element).direction)
    expect(direction).toBe('rtl')
  })

  it('offers what a run can be opened as and compared with', async () => {
    await line(/^Citizens/).click({ button: 'right' })
    await menuItem('Open as attention').waitFor()
    await menuItem('Compare with another text…').click()
    await page.getByRole('option', { name: /Peace/ }).first().click()
    await page.getByRole('radiogroup', { name: 'Comparison' }).waitFor()
    await page.keyboard.press('Alt+w')
  })

  it('keeps a pair of texts, says where their tokens part, and compares them', async () => {
    await line(/^Citizens/).click({ button: 'right' })
    await menuItem('Make a pair with…').click()
    await page.getByRole('option', { name: 'The same text, to be changed' }).click()
    const dialog = page.getByRole('dialog', { name: 'New pair' })
    await dialog.getByRole('textbox', { name: 'Clean text' }).fill('To be')
    await dialog.getByRole('textbox', { name: 'Corrupt text' }).fill('To see')
    const told = dialog.getByRole('status')
    await told.getByText('5 and 6 tokens: positions no longer match from 3 on').waitFor()
    await dialog.getByRole('textbox', { name: 'Corrupt text' }).fill('To me')
    await told.getByText('5 tokens each, which differ at position 3').waitFor()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Being')
    await dialog.getByRole('button', { name: 'Save and compare' }).click()
    await page.getByRole('radiogroup', { name: 'Comparison' }).waitFor()
    await page.getByText('The texts differ: position is compared with position').waitFor()
    await page.keyboard.press('Alt+w')
    await page.getByRole('radiogroup', { name: 'Comparison' }).waitFor({ state: 'detached' })
    await choose('~ being')
    await page.getByRole('radiogroup', { name: 'Comparison' }).waitFor()
    await page.keyboard.press('Alt+w')
  })

  it('keeps edits, and makes them in another run', async () => {
    const edits = page.getByRole('button', { name: /^Edits: / })
    await line(/^To be.*ablated/).dblclick()
    await expect.poll(() => edits.getAttribute('aria-label')).toBe('Edits: 1')
    await edits.click()
    await page.getByRole('button', { name: 'Keep these edits…' }).click()
    const name = texts().getByRole('textbox', { name: 'Name' })
    await expect.poll(() => name.inputValue()).toBe('Head 2.1 ablated')
    await expect.poll(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Name')
    await page.keyboard.type('Without 2.1')
    await page.keyboard.press('Enter')
    await line(/^Without 2\.1/).waitFor()
    await line(/^First Citizen/).dblclick()
    await expect.poll(() => edits.getAttribute('aria-label')).toBe('Edits: none')
    await line(/^Without 2\.1/).dblclick()
    await expect.poll(() => edits.getAttribute('aria-label')).toBe('Edits: 1')
    await line(/^First Citizen.*head 2\.1 ablated/).waitFor()
    await edits.click()
    await page.getByRole('button', { name: 'Remove all' }).click()
    await page.keyboard.press('Escape')
    await expect.poll(() => edits.getAttribute('aria-label')).toBe('Edits: none')
  })

  it('shows every window the same, and is there after a reload', async () => {
    const other = await page.context().newPage()
    await other.goto(
      await page.evaluate(() => `${location.href}#token=${sessionStorage.getItem('token')}`)
    )
    await line(/^Peace/, other).waitFor()
    await line(/^Peace/, other).focus()
    await other.keyboard.press('Delete')
    await line(/^Peace/).waitFor({ state: 'detached' })
    await other.close()
    await page.reload()
    await line(/^Citizens/).waitFor()
    await line(/^To be.*ablated/).waitFor()
    await choose('~ citizens')
    await expect.poll(() => prompt().inputValue()).toMatch(/^First Citizen/)
  })

  it('is legible in both themes, and lies over the views in a narrow window', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await expect.poll(() => faintTexts(page)).toEqual([])
    }
    await page.setViewportSize({ width: 640, height: 800 })
    await page.getByRole('contentinfo').getByRole('button', { name: 'Texts' }).click()
    await line(/^Citizens/).waitFor()
    expect(served.complaints).toEqual([])
  })
})
