import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changedModel, noise } from '../golden/changed-model.ts'
import { runCommand } from './command.ts'
import { maskedWords } from './masked-model.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  const folder = await changedModel(
    'bert',
    { architectures: ['BertForTokenClassification'], id2label: { 0: 'O', 1: 'B-PER' } },
    weights => {
      for (const name of weights.keys()) if (name.startsWith('cls')) weights.delete(name)
      weights.set('classifier.weight', noise(2, 48)).set('classifier.bias', noise(2))
    }
  )
  writeFileSync(join(folder, 'vocab.txt'), maskedWords)
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await openModel(page, folder)
  const text = page.getByRole('textbox', { name: 'Text' })
  await text.fill('the cat sat on the mat')
  await text.press('Control+Enter')
  await page.getByText('8 / 64').waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const listed = (list: ReturnType<Page['getByRole']>) => list.getByRole('listitem').allTextContents()

describe('a model that labels each token', () => {
  it('lists the labels of the token that is chosen, as the inspector does', async () => {
    await runCommand(page, 'show predictions')
    const token = (at: number) =>
      panel().getByRole('listbox', { name: 'The text' }).locator(`[data-index="${at}"]`)
    const side = panel().getByRole('complementary', { name: 'What is expected' })
    const own = side.getByRole('list', { name: 'Labels' })
    const seen: string[] = []
    for (const [at, word] of [
      [2, 'cat'],
      [6, 'mat']
    ] as const) {
      await token(at).click()
      await expect
        .poll(() => side.getByRole('heading').textContent())
        .toMatch(new RegExp(`Labels\\s*at ${at}\\s*${word}`))
      await inspector().getByRole('heading', { name: 'Labels of this token' }).waitFor()
      const there = inspector().getByRole('list', { name: 'Label probabilities' })
      await expect
        .poll(async () => {
          const labels = await listed(own)
          const isNew = labels.length === 2 && !seen.includes(labels.join())
          return isNew && labels.join() === (await listed(there)).join()
        })
        .toBe(true)
      seen.push((await listed(own)).join())
    }
  })

  it('is explained at the token that is chosen, and at every position', async () => {
    await runCommand(page, 'show saliency')
    await panel()
      .getByRole('listbox', { name: /^Text shaded by/ })
      .getByRole('option')
      .nth(4)
      .click()
    await panel().getByText('at 4', { exact: true }).waitFor()
    await page.mouse.move(0, 0)
    const readOut = panel().getByRole('status', { name: 'Read-out' })
    await readOut.getByText(/^logit of “.?(O|B-PER).?” at 4 is /).waitFor()
    // A label is named as it is called, whatever words the vocabulary has.
    for (const [typed, named] of [
      ['b-per', 'B-PER'],
      ['O', 'O']
    ] as const) {
      const field = panel().getByLabel('Token that is asked about')
      await field.fill('dog')
      await field.press('Enter')
      await panel().getByText('There is no label “dog”: this model has “O”, “B-PER”').waitFor()
      await field.fill(typed)
      await field.press('Enter')
      await readOut.getByText(new RegExp(`^logit of “.?${named}.?” at 4 is `)).waitFor()
      await panel().getByRole('button', { name: 'Take most probable again' }).click()
    }
    await panel().getByRole('radio', { name: 'Every position' }).click()
    const map = panel().getByRole('application', { name: 'Saliency of every position' })
    await map.waitFor()
    await map.focus()
    await page.keyboard.press('ArrowUp')
    await readOut.getByText(/^“.?(O|B-PER).?” at \d+, by \d+ .*: [+−]?\d/).waitFor()
    await panel()
      .getByRole('button', { name: /^Token of each row/ })
      .click()
    const rows = page.getByRole('menuitemradio')
    await expect.poll(() => rows.allTextContents()).toHaveLength(2)
    expect((await rows.allTextContents()).join()).not.toContain('next')
    await page.keyboard.press('Escape')
    expect(served.complaints).toEqual([])
  })
})
