import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderWithTensors } from '../bad/weights.ts'
import { shakespeare } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const tuned = 'transformer.h.2.mlp.c_fc.weight'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show two checkpoints')
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const row = (tensor: string) => panel().getByRole('row').filter({ hasText: tensor })

describe('two checkpoints', () => {
  it('asks for the other one, and opens it beside this one', async () => {
    // One direction, of two rows: what an adapter of rank 1 adds.
    const folder = await folderWithTensors(shakespeare, {
      [tuned]: (data, columns) => {
        for (let i = 0; i < columns; i++) {
          data[7 * columns + i]! += 2
          data[40 * columns + i]! += 1
        }
      }
    })
    await panel().getByRole('button', { name: 'Open another…' }).click()
    await page.keyboard.press('Escape')
    await openModel(page, folder)
    await panel()
      .getByRole('button', { name: /^Group A: / })
      .click()
    await panel()
      .getByRole('heading', { name: /^1 of \d+ tensors changed$/ })
      .waitFor()
    await panel().getByText(`${tuned} changed most`, { exact: false }).waitFor()
  })

  it('lists what changed most first, or in another order, by keys too', async () => {
    await panel().getByRole('button', { name: 'Only changed' }).click()
    await expect.poll(() => panel().getByRole('row').count()).toBe(2)
    await panel().getByRole('button', { name: 'Only changed' }).click()
    const first = panel().getByRole('row').nth(1)
    await expect.poll(() => first.textContent()).toContain(tuned)
    // The least first, as the files have them, and the most again.
    const relative = panel().getByRole('button', { name: 'relative change', exact: true }).first()
    await relative.click()
    await expect.poll(() => first.textContent()).not.toContain(tuned)
    await relative.click()
    await relative.click()
    await expect.poll(() => first.textContent()).toContain(tuned)
    await first.focus()
    await page.keyboard.press('Home')
    await expect.poll(() => row(tuned).getAttribute('aria-selected')).toBe('true')
  })

  it('has of the change of a tensor its rows and its one direction', async () => {
    const rows = panel().getByRole('region', { name: 'Rows that changed most' })
    await rows.waitFor()
    expect(await rows.getByRole('listitem').count()).toBe(2)
    const facts = panel().getByRole('region', { name: 'What changed' })
    const rank = facts.locator('div', { hasText: 'stable rank' }).last()
    await expect.poll(() => rank.textContent()).toMatch(/1\.00/)
    await panel().getByRole('img', { name: 'Singular values of the change' }).waitFor()
    expect(await faintTexts(page)).toEqual([])
  })

  it('saves its figures and numbers with the command that makes them again', async () => {
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^SVG.*by layer/ }).click()
    const svg = readFileSync(await (await downloading).path(), 'utf8')
    expect(svg).toContain('--view checkpoints --with shakespeare-char')
  })

  it('stands after a reload, and a row opens both', async () => {
    await expect.poll(() => served.saved()).toContain('"descending":true')
    await page.reload()
    await panel().getByRole('button', { name: 'row 7', exact: true }).click()
    await page
      .getByRole('application', { name: `Weights of ${tuned}` })
      .nth(1)
      .waitFor()
    const parts = panel().getByRole('textbox', { name: 'Part' })
    for (const part of await parts.all())
      await expect.poll(() => part.inputValue()).toBe('0:20, 0:512')
    expect(served.complaints).toEqual([])
  })
})
