import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
})
afterAll(() => served.close())

const tabs = () => page.getByRole('tab')
const panels = () => page.getByRole('tabpanel').filter({ visible: true })
const texts = () => page.getByRole('complementary', { name: 'Texts' })
const line = (name: RegExp) => texts().getByRole('treeitem', { name })
const nameField = () => texts().getByRole('textbox', { name: 'Name' })
const menuItem = (name: RegExp) => page.getByRole('menuitem', { name })
const prompt = () => page.getByRole('textbox', { name: 'Text', exact: true }).first()
const trails = () =>
  page.getByRole('list', { name: 'What this is about' }).filter({ visible: true })

const command = (title: string) => runCommand(page, title)

/** The tabs in front, from left to right and from above to below, each with where its pane begins. */
async function panes(): Promise<{ title: string; left: number; top: number }[]> {
  const fronts = await page.locator('.dv-active-tab').evaluateAll(found =>
    found.map(tab => {
      const { left, top } = tab.closest('.dv-groupview')!.getBoundingClientRect()
      return {
        title: tab.getAttribute('aria-label') ?? '',
        left: Math.round(left),
        top: Math.round(top)
      }
    })
  )
  return fronts.toSorted((a, b) => a.left - b.left || a.top - b.top)
}
const fronts = async () => (await panes()).map(({ title }) => title)

describe('a layout', () => {
  it('is saved under a name from the menu at the end of the tabs', async () => {
    await command('> split the tab to the right')
    await expect.poll(fronts).toEqual(['Overview', 'Attention'])
    await page.getByRole('button', { name: 'Open a view' }).last().click()
    await menuItem(/^Compare two models/).waitFor()
    await menuItem(/^Save this layout/).click()
    await nameField().waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Name')
    await page.keyboard.type('Side by side')
    await page.keyboard.press('Enter')
    await line(/^Side by side.*2 tabs in 2 panes/).waitFor()
  })

  it('is chosen from the palette once all tabs are closed, for the text that there is now', async () => {
    const before = await panes()
    await prompt().fill('To be, or not')
    await prompt().press('Control+Enter')
    await page.getByRole('application', { name: '13 tokens' }).waitFor()
    await command('> close the tab')
    await command('> close the tab')
    await page.getByText('No tab is open').waitFor()
    await command('> layout: side')
    await expect.poll(panes).toEqual(before)
    await page.getByRole('application', { name: '13 tokens' }).waitFor()
  })

  it('gives back what it took the place of', async () => {
    await command('> undo: opened 2 tabs')
    await page.getByText('No tab is open').waitFor()
    await page.getByRole('button', { name: 'Side by side', exact: true }).click()
    await expect.poll(fronts).toEqual(['Overview', 'Attention'])
    await page.getByRole('button', { name: 'Open a view' }).last().click()
    await menuItem(/^Trace a prediction/).click()
    await expect.poll(fronts).toEqual(['Attention', expect.stringMatching(/^Head/)])
    const [above, below] = await panes()
    expect(above!.left).toBe(below!.left)
    expect(above!.top).toBeLessThan(below!.top)
    await page.keyboard.press('Control+z')
    await expect.poll(fronts).toEqual(['Overview', 'Attention'])
  })

  it('is there after a reload, and so are the tabs as it placed them', async () => {
    const before = await panes()
    await expect.poll(() => served.saved()).toContain('To be, or not')
    await page.reload()
    await line(/^Side by side/).waitFor()
    await expect.poll(panes).toEqual(before)
    await page.getByRole('application', { name: '13 tokens' }).waitFor()
  })

  it('is renamed, retaken and deleted where it is listed, and taken back', async () => {
    await command('> rename the layout')
    await nameField().waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Name')
    await page.keyboard.type('Beside')
    await page.keyboard.press('Enter')
    await line(/^Beside/).waitFor()
    await command('> layout: find a head')
    await expect.poll(fronts).toEqual(['Attention', expect.stringMatching(/^Head/)])
    await line(/^Beside/).click({ button: 'right' })
    await menuItem(/^Take the tabs as they are now/).click()
    await line(/^Beside.*3 tabs in 2 panes/).waitFor()
    await command('> delete the layout')
    await line(/^Beside/).waitFor({ state: 'detached' })
    await texts().getByRole('status').getByText('Beside').waitFor()
    await texts().getByRole('button', { name: 'Undo' }).click()
    await line(/^Beside.*3 tabs in 2 panes/).waitFor()
    await command('> close the other tabs')
    await line(/^Beside/).dblclick()
    await expect.poll(() => tabs().count()).toBe(3)
  })
})

describe('the layouts that are there from the start', () => {
  it('are of views that there are', async () => {
    for (const [name, count] of [
      ['find a head', 3],
      ['trace a prediction', 2],
      ['compare two models', 7]
    ] as const) {
      await command(`> layout: ${name}`)
      await expect.poll(() => tabs().count()).toBe(count)
      for (const tab of await tabs().all()) {
        await tab.click()
        await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true')
        await expect.poll(() => panels().getByRole('toolbar', { name: 'View' }).count()).toBe(2)
        expect(await page.getByText('This tab cannot be shown').count()).toBe(0)
      }
    }
  })
})

describe('a layout of two groups', () => {
  it('says which group has no model, which is opened there', async () => {
    await command('> layout: compare two models')
    await expect.poll(() => tabs().count()).toBe(7)
    await panels().getByText('No model is open in group B').waitFor()
    await expect.poll(() => trails().count()).toBe(1)
    await panels().getByRole('button', { name: 'Open…' }).click()
    await page.keyboard.press('Escape')
    await openModel(page, hebrew)
    await expect.poll(() => trails().allTextContents()).toHaveLength(2)
    expect((await trails().allTextContents())[1]).toMatch(/^hebrew-minigpt/)
  })

  it('is legible in both themes', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await expect.poll(() => faintTexts(page)).toEqual([])
    }
    expect(served.complaints).toEqual([])
  })
})

describe('a layout with a group that there was not', () => {
  it('begins it with an open model that no other group has, and the text of the focused tab', async () => {
    const own = await serveWindow({}, undefined, false)
    try {
      page = own.page
      await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
      await openModel(page, hebrew)
      await prompt().fill('אמר ויהי')
      await prompt().press('Control+Enter')
      await page.getByRole('application', { name: '8 tokens' }).waitFor()
      await command('> layout: compare two models')
      await expect
        .poll(() => trails().allTextContents())
        .toEqual([
          expect.stringMatching(/^hebrew-minigpt.*אמר ויהי/),
          expect.stringMatching(/^shakespeare-char.*אמר ויהי/)
        ])
      await expect.poll(() => page.getByRole('application', { name: '8 tokens' }).count()).toBe(2)
      expect(own.complaints).toEqual([])
    } finally {
      await own.close()
    }
  })
})
