import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { deepModel } from './altered-llama.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'
import { dragMap } from './gestures.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show architecture')
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const blocks = () => panel().getByRole('region', { name: /^Layers 0–/ })
const space = () => panel().getByRole('application', { name: /^Model in space/ })
const tensors = () => panel().getByRole('complementary', { name: /^Tensors of / })

describe('the architecture', () => {
  it('has each box as a button, which lists its tensors by keyboard and opens them', async () => {
    const box = blocks().getByRole('button', { name: /^W_Q W_K W_V, / })
    await box.focus()
    await page.keyboard.press('Enter')
    const tensor = tensors().getByRole('button', { name: /h\.0\.attn\.c_attn\.weight/ })
    await tensor.waitFor()
    expect(await faintTexts(page)).toEqual([])
    await tensor.click()
    await panel()
      .getByRole('application', { name: /^Weights of .*h\.0\.attn\.c_attn\.weight/ })
      .waitFor()
  })

  it('stands after a reload with its box, and is saved with its command', async () => {
    await page.getByRole('tab', { name: /^Architecture/ }).click()
    await tensors().waitFor()
    await expect.poll(() => served.saved()).toMatch(/"box":\d.*"activeTab":"architecture-/)
    await page.reload()
    await tensors().getByText('W_Q W_K W_V').waitFor()
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^SVG/ }).click()
    const svg = readFileSync(await (await downloading).path(), 'utf8')
    expect(svg).toContain('--view architecture ')
  })

  it('is seen in space, gone through by keyboard, and opens the tensors of a part', async () => {
    await panel().getByRole('radio', { name: '3-D' }).click()
    await space().focus()
    for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowRight'])
      await page.keyboard.press(key)
    await panel()
      .getByRole('application', { name: /^Model in space, Layer 1: W_Q W_K W_V, / })
      .waitFor()
    await page.keyboard.press('Enter')
    await tensors()
      .getByRole('button', { name: /h\.1\.attn\.c_attn\.weight/ })
      .waitFor()
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('+')
    await panel().getByRole('button', { name: 'Colours: kind of part' }).click()
    await page.getByRole('menuitemradio', { name: 'standard deviation', exact: true }).click()
    await panel()
      .getByText(/standard deviation 0\.\d+$/)
      .waitFor()
    expect(await faintTexts(page)).toEqual([])
  })

  it('stands in space after a reload as it was turned and zoomed, and is saved with its command', async () => {
    await expect.poll(() => served.saved()).toContain('"color":"std"')
    await page.reload()
    await panel()
      .getByText(/^Layer 1: .* standard deviation 0\.\d+$/)
      .waitFor()
    const fit = panel().getByRole('button', { name: 'Fit' })
    await expect.poll(() => fit.isEnabled()).toBe(true)
    await fit.click()
    await expect.poll(() => fit.isEnabled()).toBe(false)
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^SVG/ }).click()
    const svg = readFileSync(await (await downloading).path(), 'utf8')
    expect(svg).toMatch(/--view architecture --set dimensions=3 --set .*angle=.*-0\.47/)
    expect(svg).toContain('color=std')
  })

  it('is turned at 48 layers', async () => {
    await openModel(page, deepModel(48))
    await panel()
      .getByText(/^\d{3} parts$/)
      .waitFor()
    const before = await space().screenshot()
    await dragMap(page)
    expect(await space().screenshot()).not.toEqual(before)
  })

  it('says of a graph that it has no diagram, and why', async () => {
    await openModel(page, join(projectRoot, 'test/golden/onnx-gpt2'))
    await panel().getByText('There is no diagram of this model').waitFor()
    await panel()
      .getByText(/An ONNX graph|an ONNX graph/)
      .waitFor()
    expect(served.complaints).toEqual([])
  })
})
