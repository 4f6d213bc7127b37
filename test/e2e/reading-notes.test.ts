import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shakespeare } from '../golden/workbench.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const prompt = () => page.getByRole('textbox', { name: 'Text' })
const shown = () => page.getByRole('tabpanel').filter({ visible: true })

describe('what the reading of a model takes for granted', () => {
  const note = /config\.json says no model_type/
  const warned = () => shown().getByRole('status', { name: 'Reading' })
  const nameless = () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-nameless-')), 'nameless')
    cpSync(shakespeare, folder, { recursive: true })
    const file = join(folder, 'config.json')
    const config = JSON.parse(readFileSync(file, 'utf8')) as object
    const unsaid = { model_type: undefined, architectures: undefined }
    writeFileSync(file, JSON.stringify({ ...config, ...unsaid }))
    return folder
  }

  it('is warned of beside its runs until it was looked at, also by the next window', async () => {
    await openModel(page, nameless())
    await prompt().fill('To be')
    await prompt().press('Control+Enter')
    await page.getByRole('application', { name: '5 tokens' }).waitFor()
    await warned().waitFor()
    expect(await warned().textContent()).toMatch(note)
    await warned().getByRole('button', { name: 'How it was read' }).click()
    await shown().getByRole('region', { name: 'Notes on the reading' }).waitFor()
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    await page.getByRole('application', { name: '5 tokens' }).waitFor()
    expect(await warned().count()).toBe(0)
    await expect.poll(() => served.saved()).toContain('config.json says no model_type')
    await expect.poll(() => served.saved()).toContain('"activeTab":"attention"')
    await page.reload()
    await page.getByRole('application', { name: '5 tokens' }).waitFor()
    expect(await warned().count()).toBe(0)
  })
})

it('had nothing to complain of', () => {
  expect(served.complaints).toEqual([])
})
