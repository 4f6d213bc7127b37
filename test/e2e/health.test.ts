import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderWithTensors } from '../bad/weights.ts'
import { projectRoot, shakespeare } from '../golden/workbench.ts'
import { focusedName, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const dead = 'transformer.h.1.mlp.c_fc.weight'
const large = 'transformer.h.2.attn.c_proj.weight'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show health check')
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const verdict = (title: string) => panel().getByRole('heading', { name: title, exact: true })
const part = () => panel().getByRole('textbox', { name: 'Part' })

async function saved(format: RegExp): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

describe('the health check', () => {
  it('says of a sound model that nothing was found, and what was looked for', async () => {
    await verdict('Nothing was found').waitFor()
    const row = panel().getByRole('listitem').filter({ hasText: 'Dead rows' })
    await row.getByText('18 tensors').waitFor()
    await panel().getByText('52 of 53 tensors read · 1 tied to one of them').waitFor()
  })

  it('finds faults, of which keys go from one to the next and open the rows', async () => {
    const folder = await folderWithTensors(shakespeare, {
      [dead]: (data, columns) => data.fill(0, 60 * columns, 62 * columns),
      [large]: data => data.forEach((value, i) => (data[i] = 40 * value))
    })
    await openModel(page, folder)
    await verdict('2 findings').waitFor()
    const rows = panel().getByRole('region', { name: 'Dead rows', exact: true })
    await rows.getByText('2 of 128 rows are dead: 60, 61').waitFor()
    await panel()
      .getByRole('region', { name: 'A layer that ran away' })
      .getByText(/times the median of layers/)
      .waitFor()
    const svg = await saved(/^SVG/)
    expect(svg).toContain('>attn.c_proj.weight<')
    expect(svg).toContain('--view health ')
    expect(await saved(/^CSV/)).toContain('analyse health ')
    await rows.getByRole('button').focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => focusedName(page)).toContain(large)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await panel()
      .getByRole('application', { name: `Weights of ${dead}` })
      .waitFor()
    await expect.poll(() => part().inputValue()).toBe('48:73, 0:512')
  })

  it('marks the tensor that is selected, and stands after a reload', async () => {
    await page.getByRole('tab', { name: /^Health check/ }).click()
    await panel().locator('li[aria-current="true"]', { hasText: dead }).waitFor()
    await expect.poll(() => served.saved()).toContain('"activeTab":"health-')
    await page.reload()
    await verdict('2 findings').waitFor()
    expect(await faintTexts(page)).toEqual([])
  })

  it('calls random weights untrained', async () => {
    await openModel(page, join(projectRoot, 'test/golden/gpt2'))
    await verdict('The weights are untrained').waitFor()
    expect(served.complaints).toEqual([])
  })
})
