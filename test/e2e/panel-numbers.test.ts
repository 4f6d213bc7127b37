import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  const text = page.getByRole('textbox', { name: 'Text' })
  await text.fill('To be, or not to be, that is the question. '.repeat(3))
  await text.press('Control+Enter')
  await page.getByRole('application', { name: '129 tokens' }).waitFor()
  await runCommand(page, 'show saliency')
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })

it('keeps of the many numbers of a view those that a panel is drawn of, and says which it has not', async () => {
  // A menu is made anew as further methods come.
  const methods = panel().getByRole('complementary', { name: 'Methods' })
  await expect.poll(() => methods.getByText(/^ρ [−\d]/).count()).toBe(3)
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Add to a figure' }).first().press('ArrowRight')
  await page.getByRole('menuitem', { name: 'New figure' }).press('Enter')
  const told = page.getByText(/is added to “Figure 1”, without the numbers .*grad/)
  await told.waitFor()
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  const card = panel().getByRole('article', { name: 'Panel (a)' })
  await card.getByText(/^Without the numbers .*grad.*, which are too many for a panel/).waitFor()
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const item = page.getByRole('menuitem', { name: /^JSON/ })
  expect(await item.textContent()).toContain('without')
  const downloading = page.waitForEvent('download')
  await item.click()
  const file = await (await downloading).path()
  const { variables, attributes } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly variables: Readonly<Record<string, { readonly data: unknown }>>
    readonly attributes: { readonly without: readonly string[] }
  }
  expect(attributes.without).toContain('grad of panel (a)')
  expect(variables).toHaveProperty('a.grad_x_input')
  expect(variables).not.toHaveProperty('a.grad')
})
