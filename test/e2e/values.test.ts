import { createHash } from 'node:crypto'
import { readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderWithWeights } from '../bad/weights.ts'
import { shakespeare } from '../golden/workbench.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const tensor = 'transformer.h.2.mlp.c_fc.weight'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const notice = () => page.getByRole('status', { name: 'Not finite' })
const tensors = () => page.getByRole('table', { name: 'Tensors' })
const checkButton = () => page.getByRole('button', { name: 'Check values' })
const tab = (title: string) => page.getByRole('tab').filter({ hasText: title })

describe('values that are not finite', () => {
  it('are none in the sample: no notice, and a check that says so', async () => {
    expect(await notice().count()).toBe(0)
    await tab('Overview').click()
    await checkButton().click()
    await page.getByText(/All [\d,]+ values are finite/).waitFor()
    await page.getByRole('button', { name: 'Compute SHA-256' }).click()
    const file = readFileSync(join(shakespeare, 'model.safetensors'))
    await page.getByText(createHash('sha256').update(file).digest('hex')).waitFor()
    await page.getByText('SHA-256 of model.safetensors').waitFor()
    expect(await page.getByRole('button', { name: 'Only these' }).count()).toBe(0)
    await tab('Attention').click()
  })

  it('of a run are told where its maps are, with the block they begin at', async () => {
    await openModel(page, await folderWithWeights(shakespeare, { [tensor]: { at: 9, value: NaN } }))
    await notice().getByText('NaN or infinite values from block 2 on').waitFor()
    await page.getByRole('gridcell', { name: 'Head 1.0', exact: true }).dblclick()
    await tab('Head 1.0').waitFor()
    await notice().getByText('NaN or infinite values from block 2 on').waitFor()
  })

  it('lead to the weights, which are checked, and to the tensor', async () => {
    await page.setViewportSize({ width: 820, height: 560 })
    await notice().getByRole('button', { name: 'Check the weights' }).click()
    await page.getByRole('tab', { selected: true }).filter({ hasText: 'Overview' }).waitFor()
    await page.getByText(/1 of \d+ tensors holds NaN or infinite values/).waitFor()
    await page.getByRole('button', { name: 'Only these' }).click()
    const cell = tensors().getByRole('cell', { name: `1 NaN: ${tensor}` })
    await cell.waitFor()
    const { y } = (await cell.boundingBox())!
    expect(y).toBeLessThan(520)
    await page.setViewportSize({ width: 1440, height: 900 })
    expect(await tensors().getByRole('row').count()).toBe(2)
    expect(
      await tensors()
        .getByTitle(/\n1 NaN$/)
        .count()
    ).toBe(1)
  })

  it('stay known while the model is open', async () => {
    await page
      .getByRole('treeitem', { name: /^shakespeare-char/ })
      .first()
      .click()
    await page.getByText(/All [\d,]+ values are finite/).waitFor()
    await page
      .getByRole('treeitem', { name: /^shakespeare-char/ })
      .last()
      .click()
    await page.getByText(/1 of \d+ tensors holds/).waitFor()
  })

  it('what cannot be worked out of them says why, and what to do next', async () => {
    const folder = await folderWithWeights(shakespeare, {})
    await openModel(page, folder)
    await tab('Overview').click()
    utimesSync(join(folder, 'model.safetensors'), 1, 1)
    for (const name of ['Check values', 'Compute SHA-256']) {
      const button = page.getByRole('button', { name })
      await button.click()
      const failure = page
        .getByRole('alert')
        .filter({ hasText: 'model.safetensors: changed since' })
      await failure
        .getByText('Open the model again.')
        .nth(name === 'Check values' ? 0 : 1)
        .waitFor()
      await button.waitFor()
    }
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
