import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew, projectRoot } from '../golden/workbench.ts'
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
  await runCommand(page, 'show activations')
  await grid('hook_resid_post: 4 blocks over 81 tokens').waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const grid = (name: string) => panel().getByLabel(name, { exact: true })
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
async function choose(field: string, option: string): Promise<void> {
  await panel()
    .getByRole('button', { name: new RegExp(`^${field}`) })
    .click()
  await page.getByRole('menuitemradio', { name: option }).click()
}
async function saved(format: RegExp): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  return readFileSync(await (await downloading).path(), 'utf8')
}
async function numbers(name: string): Promise<number[]> {
  const { variables } = JSON.parse(await saved(/^JSON/)) as {
    variables: Record<string, { data: unknown[] }>
  }
  return variables[name]!.data.flat(3) as number[]
}

describe('activations', () => {
  it('say the norm of each token in each block, and which unit stands out', async () => {
    const own = grid('hook_resid_post: 4 blocks over 81 tokens')
    await own.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowUp')
    await readOut()
      .getByText(/^Block 1 at 0 “.*”: norm [\d.]+$/)
      .waitFor()
    const [said] = /[\d.]+$/.exec((await readOut().textContent())!)!
    expect(Number(said) / (await numbers('norm'))[81]!).toBeCloseTo(1, 2)
    await choose('Measure', 'unit that stands out')
    await readOut()
      .getByText(/unit \d+, magnitude [\d.]+$/)
      .waitFor()
    expect(await saved(/^SVG/)).toMatch(/--view activations .*--set measure=largest/)
  })

  it('show each unit of any hook in the selected block, with the strongest of the token', async () => {
    await choose('Hook', 'mlp.hook_post')
    await panel().getByRole('radio', { name: 'Units', exact: true }).click()
    const map = panel().getByRole('application', { name: 'Units of mlp.hook_post in block 1' })
    await map.waitFor()
    const first = panel().getByRole('list', { name: 'Strongest units' }).getByRole('button').first()
    await first.click()
    const value = Number(await first.locator('.value').getAttribute('title'))
    const unit = /\d+/.exec((await first.locator('.muted').textContent())!)![0]
    await readOut()
      .getByText(new RegExp(`^unit ${unit} at 0 `))
      .waitFor()
    expect((await numbers('value'))[Number(unit)]).toBeCloseTo(value, 5)
    await map.focus()
    await page.keyboard.press('ArrowDown')
    await readOut()
      .getByText(new RegExp(`^unit ${unit} at 1 `))
      .waitFor()
  })

  it('keep what they are set to over a reload, stand in Hebrew and at 640 pixels, and can be read', async () => {
    await page.reload()
    await panel()
      .getByRole('application', { name: /^Units of mlp.hook_post in block/ })
      .waitFor()
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('בראשית ברא אלהים')
    await text.press('Control+Enter')
    await panel().getByRole('radio', { name: 'Layers', exact: true }).click()
    await panel().getByLabel('mlp.hook_post: 4 blocks over 16 tokens').waitFor()
    const wide = await panel().evaluate(own => own.scrollWidth - own.clientWidth)
    expect(wide).toBe(0)
    expect(await faintTexts(page)).toEqual([])
    expect(served.complaints).toEqual([])
  })

  it('of an ONNX export are shown without norms, and say what it does not give', async () => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await openModel(page, `${projectRoot}/test/golden/onnx-gpt2`)
    const ids = page.getByRole('textbox', { name: 'Token ids' })
    await ids.fill('5 7 11')
    await ids.press('Control+Enter')
    await grid('hook_resid_post: 3 blocks over 3 tokens').waitFor()
    await panel()
      .getByText('Norms are of blocks.0.hook_attn_out, too, which this model does not give.')
      .waitFor()
    expect(served.complaints).toEqual([])
  })
})
