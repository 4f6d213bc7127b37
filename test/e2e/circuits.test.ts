import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show circuits')
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const cell = (name: RegExp) => panel().getByRole('option', { name })
async function choose(what: string, option: string): Promise<void> {
  await panel()
    .getByRole('button', { name: new RegExp(`^${what}: `) })
    .click()
  await page.getByRole('menuitemradio', { name: option }).click()
}

describe('circuits and composition', () => {
  it('shows from the selected head how heads compose, and the strongest pairs', async () => {
    const pairs = panel().getByRole('region', { name: 'Highest K composition' })
    await pairs.waitFor()
    const values = await pairs.getByRole('listitem').locator('span').allTextContents()
    expect(values.map(Number)).toEqual(values.map(Number).toSorted((a, b) => b - a))
    const later = pairs.getByRole('listitem').first().getByRole('button').last()
    const name = (await later.textContent())!.trim()
    await later.click()
    await panel()
      .getByRole('heading', { name: `Head ${name}`, exact: true })
      .waitFor()
  })

  it('has of a head its norms, eigenvalues and circuits over the vocabulary', async () => {
    await panel()
      .getByRole('img', { name: /^Eigenvalues of the OV circuit/ })
      .waitFor()
    const pairs = panel().getByRole('region', { name: /^QK: / })
    await expect.poll(() => pairs.getByRole('listitem').count()).toBeGreaterThan(5)
    await panel().getByRole('region', { name: 'Over the vocabulary' }).waitFor()
    expect(await faintTexts(page)).toEqual([])
  })

  it('shows all pairs as a matrix, whose cells and pairs are chosen together', async () => {
    await panel().getByRole('radio', { name: 'Matrix' }).click()
    const rows = panel().getByRole('listbox', { name: 'K composition of all heads' })
    await expect.poll(() => rows.getByRole('option').count()).toBe(16)
    const row = rows.getByRole('option', { name: /^Head 0\.1: / })
    const box = (await row.boundingBox())!
    // The columns of the last layer.
    await row.click({ position: { x: box.width - 6, y: box.height / 2 } })
    const said = panel().getByText(/^Head 0\.1 → Head 3\.3 · K composition 0\.\d+$/)
    await said.waitFor()
    await panel().getByRole('heading', { name: 'Head 0.1', exact: true }).waitFor()
    const pairs = panel().getByRole('region', { name: 'Highest K composition' })
    const [one, other] = await pairs
      .getByRole('listitem')
      .first()
      .getByRole('button')
      .allTextContents()
    await pairs.getByRole('listitem').first().getByRole('button').last().click()
    await panel()
      .getByText(
        new RegExp(`^Head ${one!.trim()} → Head ${other!.trim()} · K composition 0\\.\\d+$`)
      )
      .waitFor()
    expect(await faintTexts(page)).toEqual([])
  })

  it('joins heads into a tree, within a layer too, also after a reload', async () => {
    await panel().getByRole('radio', { name: 'Tree' }).click()
    await expect.poll(() => cell(/in the tree/).count()).toBe(16)
    await choose('Alike by', 'W_Q within the layer')
    await expect.poll(() => cell(/in the tree/).count()).toBe(4)
    await expect.poll(() => served.saved()).toContain('"ward_Q_layer"')
    await page.reload()
    await expect.poll(() => cell(/in the tree/).count()).toBe(4)
  })

  it('saves figures with the command that makes them again', async () => {
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^SVG/ }).first().click()
    const svg = readFileSync(await (await downloading).path(), 'utf8')
    expect(svg).toContain('--view circuits --set form=tree --set by=ward_Q_layer')
  })

  it('is of heads that share keys and values, too', async () => {
    await openModel(page, join(projectRoot, 'test/golden/llama'))
    await panel()
      .getByRole('heading', { name: /^Head / })
      .waitFor()
    expect(served.complaints).toEqual([])
  })
})
