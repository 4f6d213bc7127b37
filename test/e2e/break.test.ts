import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { openedWindows } from './opened-windows.ts'

/** What a window says while its connection is broken, and what of that is left once it is back. */
const open = openedWindows()

/** The connection of a page, which can be broken and brought back. */
interface Connection {
  cut(): void
  mend(): void
}

async function connectionOf(page: Page): Promise<Connection> {
  let open: Promise<void> = Promise.resolve()
  let mend = () => undefined as void
  let cut = () => undefined as void
  await page.routeWebSocket(/./, async socket => {
    await open
    const server = socket.connectToServer()
    cut = () => {
      open = new Promise(resolve => (mend = resolve))
      void server.close()
      void socket.close()
    }
  })
  return { cut: () => cut(), mend: () => mend() }
}

it('asks again for what failed, and tells no more of what was asked for meanwhile', async () => {
  let connection: Connection | undefined
  const served = await open({}, undefined, false, async page => {
    connection = await connectionOf(page)
  })
  const { page } = served
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await page.getByRole('toolbar').getByRole('button', { name: 'Texts' }).click()
  const texts = page.getByRole('complementary', { name: 'Texts' })
  const listed = texts.getByRole('treeitem', { name: /^First Citizen/ })
  await listed.waitFor()

  connection!.cut()
  await page.getByText('server not reachable, trying again').waitFor()
  const prompt = page.getByRole('textbox', { name: 'Text', exact: true })
  await prompt.fill('Typed while nobody answers')
  await listed.focus()
  const line = page.getByRole('region', { name: 'Token line' })
  await line.getByRole('alert').waitFor()
  // The library is looked at anew as a window is come back to: nobody asked for anything to be kept.
  await page.evaluate(() => void window.dispatchEvent(new Event('focus')))
  await expect.poll(() => texts.getByRole('alert').count()).toBe(0)
  await page.keyboard.press('Delete')
  await texts.getByRole('alert').getByText('It could not be kept').waitFor()
  await runCommand(page, '> vocabulary')
  await page.getByText('while the window is not connected').first().waitFor()

  connection!.mend()
  await page.getByText('connected to the workbench again').waitFor()
  await line.getByRole('alert').waitFor({ state: 'detached' })
  await texts.getByRole('alert').waitFor({ state: 'detached' })
  // It was not deleted.
  await listed.waitFor()
  await page
    .getByRole('grid', { name: 'Vocabulary' })
    .getByRole('rowgroup', { name: 'Rows' })
    .getByRole('row')
    .nth(5)
    .waitFor()
  expect(await prompt.inputValue()).toBe('Typed while nobody answers')
  // The dock has one of its own, which is empty.
  await expect.poll(() => page.getByRole('alert').allInnerTexts()).toEqual([''])
})
