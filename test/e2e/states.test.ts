import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { focusedName, runCommand } from './command.ts'
import { longModel, longText } from './long-model.ts'
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
const runButton = () => page.getByRole('button', { name: 'Run', exact: true })
const head = (name: string) => page.getByRole('gridcell', { name, exact: true })
const map = () => page.getByRole('application').filter({ visible: true })
const model = (name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })
const stale = () => page.getByRole('button', { name: 'from the text before' })
const shown = () => page.getByRole('tabpanel').filter({ visible: true })

const command = (title: string) => runCommand(page, title)

const focused = () => focusedName(page)

describe('a small map', () => {
  it('says in a tooltip which head it is', async () => {
    await head('Head 1.2').hover()
    expect(await head('Head 1.2').getAttribute('title')).toContain('1.2')
    await prompt().hover()
  })
})

describe('a text that cannot run', () => {
  it('too long for the model leaves what was computed, dimmed, and says how long it may be', async () => {
    await prompt().fill('a'.repeat(193))
    await stale().waitFor()
    await page
      .getByText(/193 (\/|of) 192/)
      .first()
      .waitFor()
    expect(await runButton().isDisabled()).toBe(true)
    expect(await stale().first().isDisabled()).toBe(true)
    expect(await map().getAttribute('aria-label')).toContain('81 tokens')
    await prompt().press('Escape')
  })
})

describe('a tab that floats', () => {
  it('is filled by its view, and has the focus when it came to be by a key', async () => {
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    await command('float the tab')
    const float = page.locator('.dv-resize-container')
    await float.waitFor()
    await expect.poll(focused).toBe('Attention')
    const [whole, view] = await Promise.all([float.boundingBox(), shown().last().boundingBox()])
    // It lies over the view below it, not over the tabs.
    const below = (await page.getByRole('tab', { name: 'Overview' }).boundingBox())!
    expect(whole!.y).toBeGreaterThan(below.y + below.height)
    expect(whole!.y + whole!.height - (view!.y + view!.height)).toBeLessThan(3)
    expect(whole!.x + whole!.width - (view!.x + view!.width)).toBeLessThan(3)
    const tab = (await float.getByRole('tab').boundingBox())!
    // Above its tabs is a narrow grip that it is moved by, and nothing else.
    expect(tab.y - whole!.y).toBeLessThan(14)
    await command('split the tab to the right')
    await float.waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('Attention')
  })
})

describe('another model', () => {
  it('with fewer blocks shows a head that it has', async () => {
    await head('Head 3.1').click()
    await openModel(page, longModel())
    await prompt().fill(longText.slice(0, 200))
    await prompt().press('Control+Enter')
    await page.getByRole('application', { name: '200 tokens' }).waitFor()
    expect(await map().getAttribute('aria-label')).toMatch(/Head [0-2]\.\d/)
    expect(await page.getByText('does not give').count()).toBe(0)
    await model('shakespeare-char').click()
    await page.getByRole('application', { name: 'Head 3.1' }).waitFor()
  })
})

it('had nothing to complain of', () => {
  expect(served.complaints).toEqual([])
})
