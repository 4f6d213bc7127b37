import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const head = (name: string) => page.getByRole('gridcell', { name, exact: true })
const tab = (title: string) => page.getByRole('tab', { name: new RegExp(`^${title}`) })
const selected = () => page.locator('.dv-active-group .dv-active-tab')

const command = (title: string) => runCommand(page, title)

/** Whether all of an element can be seen where it lies. */
function inSight(element: Locator): Promise<boolean> {
  return element.evaluate(element => {
    const { left, right, top, height } = element.getBoundingClientRect()
    const at = (x: number) => document.elementFromPoint(x, top + height / 2)
    return element.contains(at(left + 9)) && element.contains(at(right - 9))
  })
}

/** Where the active tab stays, as it is saved. */
function savedHead(): unknown {
  const { tabs, activeTab } = JSON.parse(served.saved()) as {
    tabs: { id: string; context: { on: { at?: unknown } } }[]
    activeTab: string
  }
  return tabs.find(({ id }) => id === activeTab)?.context.on.at
}

describe('thirty tabs', () => {
  it('keep the active one in sight, and are found by their names', async () => {
    for (let layer = 0; layer < 2; layer++)
      for (let h = 0; h < 4; h++) {
        await tab('Attention').click()
        await head(`Head ${layer}.${h}`).dblclick()
        await expect.poll(() => inSight(selected())).toBe(true)
      }
    for (let i = 0; i < 20; i++) await command('> duplicate the tab')
    await expect.poll(() => page.getByRole('tab').count()).toBe(30)
    await expect.poll(() => inSight(selected())).toBe(true)
    const place = () => selected().getAttribute('id')
    const last = await place()
    for (const [keys, isLast] of [
      ['Alt+PageDown', false],
      ['Alt+PageUp', true],
      ['Alt+PageUp', false]
    ] as const) {
      await page.keyboard.press(keys)
      await expect.poll(async () => (await place()) === last).toBe(isLast)
      await expect.poll(() => inSight(selected())).toBe(true)
    }
    await page.getByRole('button', { name: 'Find one of 30 tabs' }).click()
    await page.getByRole('combobox', { name: 'Command' }).fill('%head 1.2')
    await page.keyboard.press('Enter')
    await expect.poll(() => selected().getAttribute('aria-label')).toBe('Head 1.2 · attention')
    await expect.poll(() => inSight(selected())).toBe(true)
  })

  it('are all there after a reload, the active one in sight', async () => {
    await expect.poll(() => served.saved().match(/"preview"/g)?.length).toBe(30)
    await expect.poll(savedHead).toEqual({ layer: 1, head: 2 })
    await page.reload()
    await expect.poll(() => page.getByRole('tab').count()).toBe(30)
    await expect.poll(() => selected().getAttribute('aria-label')).toBe('Head 1.2 · attention')
    await expect.poll(() => inSight(selected())).toBe(true)
    await command('close the other tabs')
    await expect.poll(() => page.getByRole('tab').count()).toBe(1)
  })
})

describe('a tab that is closed', () => {
  it('opens again in its split, as large as it was', async () => {
    await command('show attention')
    await command('split the tab to the right')
    const panel = () => page.getByRole('tabpanel').filter({ has: page.getByRole('grid') })
    await expect.poll(async () => (await panel().boundingBox())!.x).toBeGreaterThan(500)
    await page.waitForTimeout(300)
    const before = await panel().boundingBox()
    await command('close the tab')
    await panel().waitFor({ state: 'detached' })
    await command('reopen the closed tab')
    await panel().waitFor()
    await expect
      .poll(async () => Math.abs((await panel().boundingBox())!.x - before!.x))
      .toBeLessThan(3)
    expect((await panel().boundingBox())!.y).toBe(before!.y)
  })

  it('opens again between its neighbours', async () => {
    await tab('Attention').click()
    for (const name of ['Head 0.1', 'Head 0.2', 'Head 0.3']) {
      await head(name).dblclick()
      await expect.poll(() => selected().getAttribute('aria-label')).toContain(name)
      await tab('Attention').click()
    }
    const names = () =>
      page
        .locator('.dv-active-group')
        .getByRole('tab')
        .evaluateAll(tabs => tabs.map(tab => tab.getAttribute('aria-label')))
    const before = await names()
    await tab('Head 0.2').click()
    await expect.poll(() => selected().getAttribute('aria-label')).toContain('Head 0.2')
    await page.keyboard.press('Alt+w')
    await tab('Head 0.2').waitFor({ state: 'detached' })
    await page.keyboard.press('Alt+Shift+t')
    await tab('Head 0.2').waitFor()
    expect(await names()).toEqual(before)
  })

  it('floats again where it floated', async () => {
    await command('float the tab')
    const float = page.locator('.dv-resize-container')
    await float.waitFor()
    const before = (await float.boundingBox())!
    await command('close the tab')
    await float.waitFor({ state: 'detached' })
    await command('reopen the closed tab')
    await float.waitFor()
    const after = (await float.boundingBox())!
    expect(Math.abs(after.x - before.x) + Math.abs(after.y - before.y)).toBeLessThan(4)
    await command('close the tab')
  })
})

describe('a tab that is pressed', () => {
  it('is not shown again over what was asked for in the same frame', async () => {
    await page.keyboard.press('Control+,')
    await tab('Settings').waitFor()
    await tab('Attention').click()
    await expect.poll(() => selected().getAttribute('aria-label')).toBe('Attention')
    await tab('Head 0.1').evaluate(async tab => {
      const pressed = { bubbles: true, button: 0 }
      tab.dispatchEvent(new PointerEvent('pointerdown', pressed))
      tab.dispatchEvent(new MouseEvent('click', pressed))
      const keys = { key: ',', code: 'Comma', ctrlKey: true, bubbles: true }
      tab.dispatchEvent(new KeyboardEvent('keydown', keys))
      const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
      for (let i = 0; i < 3; i++) await frame()
    })
    expect(await selected().getAttribute('aria-label')).toBe('Settings')
  })

  it('goes where it is dragged', async () => {
    const area = (await page.locator('.lamella-dock-host').boundingBox())!
    await tab('Settings').hover()
    await page.mouse.down()
    const [right, middle] = [area.x + area.width - 40, area.y + area.height / 2]
    await page.mouse.move(right - 60, middle, { steps: 4 })
    await page.mouse.move(right, middle, { steps: 4 })
    await page.mouse.up()
    const heading = page.getByRole('heading', { name: 'Settings', exact: true })
    await expect
      .poll(async () => (await heading.boundingBox())!.x)
      .toBeGreaterThan(area.x + area.width / 2)
    await command('close the tab')
  })
})

describe('plus', () => {
  it('opens a view in the tabs that it stands with', async () => {
    await page.getByRole('button', { name: 'Open a view' }).last().click()
    await page.getByRole('menuitem', { name: /^Overview/ }).click()
    await expect.poll(() => selected().getAttribute('aria-label')).toBe('Overview')
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
