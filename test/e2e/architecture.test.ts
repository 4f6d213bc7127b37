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
  served = await serveWindow({ reducedMotion: 'reduce' }, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show architecture')
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const blocks = () => panel().getByRole('region', { name: /^Layers 0–/ })
const tensors = () => panel().getByRole('complementary', { name: /^Tensors of / })

describe('the architecture', () => {
  it('has each box as a button, which lists its tensors by keyboard and opens them', async () => {
    const box = blocks().getByRole('button', { name: /^W_Q W_K W_V, / })
    await box.focus()
    await page.keyboard.press('Enter')
    const tensor = tensors().getByRole('button', { name: /h\.0\.attn\.c_attn\.weight/ })
    await tensor.waitFor()
    if (process.env['LAMELLA_SHOT']) await page.screenshot({ path: process.env['LAMELLA_SHOT'] })
    expect(await faintTexts(page)).toEqual([])
    await tensor.click()
    await panel()
      .getByRole('application', { name: /^Weights of .*h\.0\.attn\.c_attn\.weight/ })
      .waitFor()
  })

  it('stands after a reload with its box, and is saved with its command', async () => {
    await page.getByRole('tab', { name: /^Architecture/ }).click()
    await tensors().waitFor()
    await page.waitForTimeout(600)
    await page.reload()
    await tensors().getByText('W_Q W_K W_V').waitFor()
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^SVG/ }).click()
    const svg = readFileSync(await (await downloading).path(), 'utf8')
    expect(svg).toContain('--view architecture ')
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
