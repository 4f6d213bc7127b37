import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({ reducedMotion: 'reduce' }, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
})
afterAll(() => served.close())

const tabs = () => page.getByRole('tab').evaluateAll(all => all.map(tab => tab.ariaLabel))
const prompt = () => page.getByRole('textbox', { name: 'Text', exact: true }).first()
const status = (text: string) => page.getByRole('contentinfo').getByText(text)
const command = (title: string) => runCommand(page, title)
const panes = () => page.locator('.dv-groupview').filter({ visible: true }).count()

describe('what was done', () => {
  it('to tabs is taken back by Ctrl+Z and done again, and those that stay are not made anew', async () => {
    const map = page.getByRole('application', { name: '81 tokens' })
    await map.evaluate(element => element.setAttribute('data-seen', 'yes'))
    await page.getByRole('tab', { name: 'Overview' }).click()
    await page.keyboard.press('Alt+w')
    await expect.poll(tabs).toEqual(['Attention'])
    await page.keyboard.press('Control+z')
    await expect.poll(tabs).toEqual(['Overview', 'Attention'])
    await status('undone: closed Overview').waitFor()
    await page.getByRole('tab', { name: 'Attention' }).click()
    await expect.poll(() => map.getAttribute('data-seen')).toBe('yes')
    await page.keyboard.press('Control+y')
    await expect.poll(tabs).toEqual(['Attention'])
    await page.keyboard.press('Control+z')
    await command('> split the tab to the right')
    await expect.poll(panes).toBe(2)
    await page.keyboard.press('Control+z')
    await expect.poll(panes).toBe(1)
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(panes).toBe(2)
    expect(await map.getAttribute('data-seen')).toBe('yes')
    await page.keyboard.press('Control+z')
    await expect.poll(panes).toBe(1)
  })

  it('to what is selected is not: that is gone back to by Alt+←', async () => {
    await page.keyboard.press(']')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('> redo')
    await page.getByRole('option', { name: /Redo: moved Overview/ }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('to the text is taken back outside it, and letter by letter in it', async () => {
    const before = await prompt().inputValue()
    await prompt().click()
    await prompt().press('Control+End')
    await page.keyboard.type(' and more')
    await page.keyboard.press('Escape')
    await expect.poll(() => prompt().inputValue()).toBe(`${before} and more`)
    await page.getByRole('tab', { name: 'Attention' }).click()
    await page.keyboard.press('Control+z')
    await expect.poll(() => prompt().inputValue()).toBe(before)
    await status('undone: changed the text').waitFor()
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(() => prompt().inputValue()).toBe(`${before} and more`)
    await prompt().click()
    await page.keyboard.type('x')
    await page.keyboard.press('Control+z')
    await expect.poll(() => prompt().inputValue()).not.toContain('x')
    await expect.poll(tabs).toEqual(['Overview', 'Attention'])
    await page.keyboard.press('Escape')
  })

  it('to how a view is set is taken back in it', async () => {
    await command('> undo')
    await page.getByRole('tab', { name: 'Attention' }).click()
    const order = page.getByRole('button', { name: /^Order/ })
    const was = await order.textContent()
    await order.click()
    await page.getByRole('menuitemradio').nth(1).click()
    await expect.poll(() => order.textContent()).not.toBe(was)
    await page.getByRole('tab', { name: 'Attention' }).click()
    await page.keyboard.press('Control+z')
    await expect.poll(() => order.textContent()).toBe(was)
  })
})

it('had nothing to complain of', () => {
  expect(served.complaints).toEqual([])
})
