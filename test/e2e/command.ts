import type { Page } from 'playwright-core'

/** Runs the first command that the palette finds. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command' }).fill(title)
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'All commands' }).waitFor({ state: 'detached' })
  // It runs a turn of the page after the palette has closed.
  await page.evaluate(() => new Promise(done => setTimeout(done)))
}

/** Opens what a menu is of with a view that stands a level down in it: by keys, for a level closes once the pointer is too late. */
export async function openAs(page: Page, view: string): Promise<void> {
  await page.getByRole('menuitem', { name: 'Open as', exact: true }).press('ArrowRight')
  await page.getByRole('menuitem', { name: view, exact: true }).press('Enter')
}

/** The name or the text of what has the focus. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element, body } = document
    if (element === null || element === body) return 'nothing'
    return element.getAttribute('aria-label') ?? element.textContent
  })
}
