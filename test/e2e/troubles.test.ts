import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { shakespeare } from '../golden/workbench.ts'
import { openModel } from './open-path.ts'
import { openedWindows } from './opened-windows.ts'

/** What happens to a disk, to files and to a server while a window is open, and what is said of it. */
const open = openedWindows()

const map = (page: Page, tokens: number) =>
  page.getByRole('application', { name: `, ${tokens} tokens` }).filter({ visible: true })

/** Writes other weights over those of a model. */
function train(folder: string): void {
  const file = join(folder, 'model.safetensors')
  const bytes = readFileSync(file)
  for (let at = bytes.length - 2000; at < bytes.length; at += 4)
    bytes.writeFloatLE(1 - 2 * bytes.readFloatLE(at), at)
  writeFileSync(file, bytes)
}

async function runText(page: Page, text: string): Promise<void> {
  const prompt = page.getByRole('textbox', { name: 'Text', exact: true })
  await prompt.fill(text)
  await prompt.press('Control+Enter')
}

it('weights that are written anew while they are open are opened again by a click, and nothing old is shown as new', async () => {
  const { page, complaints } = await open({}, undefined, true)
  await map(page, 81).waitFor()
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-troubles-')), 'trained')
  cpSync(shakespeare, folder, { recursive: true })
  await openModel(page, folder)
  await runText(page, 'First words')
  await map(page, 11).waitFor()
  await page.getByRole('button', { name: 'Head 0.0 in a tab' }).click()
  const expected = page.getByRole('list', { name: 'Expected next tokens' })
  const before = await expected.innerText()
  await page.getByRole('tab', { name: 'Attention', exact: true }).click()
  await page.getByRole('gridcell', { name: 'Head 0.0', exact: true }).waitFor()

  // What is looked at next cannot be computed of it: what ran runs again.
  train(folder)
  await page.getByRole('gridcell', { name: 'Head 2.1', exact: true }).click()
  const failure = page
    .getByRole('tabpanel')
    .getByRole('alert')
    .filter({ hasText: 'Head 2.1 could not be read' })
  await failure.getByText('model.safetensors: changed since it was opened').waitFor()
  await failure.getByRole('button', { name: 'Open the model again' }).click()
  await failure.waitFor({ state: 'detached' })
  await page.getByRole('application', { name: 'Head 2.1, 11 tokens' }).waitFor()
  await expect.poll(() => page.getByRole('treeitem', { name: /^trained/ }).count()).toBe(1)

  // What is typed then cannot be split: it waits to be run.
  train(folder)
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill('Other words here')
  await page.getByRole('tab', { name: 'Attention', exact: true }).click()
  const line = page.getByRole('region', { name: 'Token line' })
  await line.getByText('model.safetensors: changed since it was opened').waitFor()
  await line.getByRole('button', { name: 'Open the model again' }).click()
  await page.getByRole('button', { name: 'Run', exact: true }).and(page.locator(':enabled')).click()
  await map(page, 16).waitFor()

  // What stays on the weights of before says so, and goes on to those of now.
  await page.getByRole('tab', { name: 'Head 0.0 · attention' }).click()
  await page.getByText('The files of trained have changed').waitFor()
  await page.getByRole('button', { name: 'Show it as it is now' }).click()
  await map(page, 11).waitFor()
  await expect.poll(() => expected.innerText()).not.toBe(before)
  // A tab that stays on it from now on is of the weights of now.
  await page.getByRole('tab', { name: 'Attention', exact: true }).click()
  await page.getByRole('button', { name: 'Head 2.1 in a tab' }).click()
  await map(page, 16).waitFor()
  expect(complaints).toEqual([])
})

it('what is wrong in the data folder is told in the status bar, and in full beside the folder', async () => {
  const data = mkdtempSync(join(tmpdir(), 'lamella-troubles-'))
  writeFileSync(join(data, 'settings.json'), '{"damaged')
  mkdirSync(join(data, 'workspace.json'))
  const window = await open({ viewport: { width: 640, height: 800 } }, data, false)
  const { page } = window
  await map(page, 81).waitFor()
  await expectInside(page)
  await page.getByRole('button', { name: 'data folder in trouble' }).click()
  for (const told of [
    'settings.json: cannot be read (not JSON)',
    'workspace.json: is a folder, not a file: not all is kept for the next start'
  ])
    await page.getByRole('tabpanel').getByText(told).waitFor()
  await expectInside(page)
  await window.kill()
  await page.getByText('open the address it printed').waitFor()
  await page.getByText('what is done now is kept in this tab only').waitFor()
  await expectInside(page)
})

/** No part of the status bar lies outside of it or over another, and what is cut off is there in whole. */
async function expectInside(page: Page): Promise<void> {
  const wrong = await page.getByRole('contentinfo').evaluate(bar => {
    const { right: end } = bar.getBoundingClientRect()
    const found: string[] = []
    let last = 0
    for (const part of bar.querySelectorAll('.item, .hints li')) {
      const { left, right, width } = part.getBoundingClientRect()
      if (width === 0) continue
      const { textContent } = part
      if (left < last - 1 || right > end + 1) found.push(`${textContent} at ${left} to ${right}`)
      const named = part.querySelector('[title]') ?? part
      if (part.scrollWidth > part.clientWidth + 1 && !named.getAttribute('title'))
        found.push(`${textContent} is cut off`)
      last = right
    }
    return found
  })
  expect(wrong).toEqual([])
}
