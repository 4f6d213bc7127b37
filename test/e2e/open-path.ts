import type { Page } from 'playwright-core'

/** Types a path into the folder browser and opens it, as far as it opens. */
export async function openPath(page: Page, path: string): Promise<void> {
  await page.keyboard.press('Control+o')
  // The listing puts its own path into the field when it comes.
  await page
    .getByRole('button', { name: 'Open this folder' })
    .and(page.locator(':enabled'))
    .waitFor()
  await page.getByRole('textbox', { name: 'Path' }).fill(path)
  await page.getByRole('textbox', { name: 'Path' }).press('Enter')
}

/** Opens a folder that holds a model. */
export async function openModel(page: Page, path: string): Promise<void> {
  await openPath(page, path)
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}
