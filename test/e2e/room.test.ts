import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

/** The share of the window's area that the large map takes, with its axes and its colour bar. */
async function shareOfMap(page: Page): Promise<number> {
  const map = page.getByRole('application').filter({ visible: true })
  const { width, height } = (await map.boundingBox())!
  const window = page.viewportSize()!
  return (width * height) / (window.width * window.height)
}

describe('the map', () => {
  for (const viewport of [
    { width: 1024, height: 768 },
    { width: 1440, height: 900 }
  ])
    it(`takes most of a window of ${viewport.width} × ${viewport.height}`, async () => {
      const served = await serveWindow({ viewport }, undefined, false)
      const { page } = served
      try {
        await page.getByRole('application', { name: '81 tokens' }).waitFor()
        await page.getByRole('list', { name: 'Hints' }).waitFor()
        expect(await shareOfMap(page)).toBeGreaterThanOrEqual(0.5)
        const cell = page.getByRole('gridcell', { name: 'Head 0.1', exact: true })
        await cell.dblclick()
        await page.getByRole('grid', { name: 'All heads' }).waitFor({ state: 'hidden' })
        expect(await shareOfMap(page)).toBeGreaterThanOrEqual(0.6)
      } finally {
        await served.close()
      }
    })
})

describe('the panels of a narrow window', () => {
  let served: ServedWindow
  let page: Page
  beforeAll(async () => {
    served = await serveWindow()
    page = served.page
    await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
  })
  afterAll(() => served.close())

  const panel = (name: string) => page.getByRole('complementary', { name })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  /** Width of the column of explorers, in CSS pixels. */
  const rail = 36
  const view = async () =>
    (await page.getByRole('tabpanel').filter({ visible: true }).boundingBox())!
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())

  it('leave the views the width beside the rail, however it came about', async () => {
    await panel('Models').waitFor()
    await page.setViewportSize({ width: 999, height: 800 })
    await panel('Models').waitFor({ state: 'detached' })
    await panel('Inspector').waitFor({ state: 'detached' })
    await expect.poll(async () => (await view()).width).toBe(999 - rail)
  })

  it('lie over the views, one at a time, with the focus', async () => {
    await page.setViewportSize({ width: 640, height: 800 })
    await expect.poll(async () => (await view()).width).toBe(640 - rail)
    const before = await view()
    await button('Models').focus()
    await page.keyboard.press('Enter')
    await panel('Models').waitFor()
    expect(await view()).toEqual(before)
    expect(await focused()).toContain('shakespeare-char')
    await page.keyboard.press('Control+i')
    await panel('Inspector').waitFor()
    expect(await panel('Models').count()).toBe(0)
    expect(await view()).toEqual(before)
  })

  it('go with Esc, and the focus comes back', async () => {
    await page.keyboard.press('Escape')
    await panel('Inspector').waitFor({ state: 'detached' })
    await expect
      .poll(() => button('Models').evaluate(it => it === document.activeElement))
      .toBe(true)
  })

  it('go with a click beside them, which does nothing else', async () => {
    const { x, y } = await view()
    await button('Inspector').click()
    await panel('Inspector').waitFor()
    const saidBefore = await page.getByRole('status', { name: 'Read-out' }).textContent()
    await page.mouse.click(x + 60, y + 120)
    await panel('Inspector').waitFor({ state: 'detached' })
    expect(await page.getByRole('status', { name: 'Read-out' }).textContent()).toBe(saidBefore)
  })

  it('stand beside the views again in a wide one', async () => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await panel('Models').waitFor()
    await panel('Inspector').waitFor()
    await expect.poll(async () => (await view()).width).toBeLessThan(1440 - 140 - 200)
    expect(served.complaints).toEqual([])
  })
})

describe('two tabs side by side in a window of 1,024 pixels', () => {
  let served: ServedWindow
  let page: Page
  beforeAll(async () => {
    served = await serveWindow({ viewport: { width: 1024, height: 768 } }, undefined, false)
    page = served.page
    await page.getByRole('application', { name: '81 tokens' }).waitFor()
    await runCommand(page, 'show head atlas')
    await runCommand(page, 'split')
  })
  afterAll(() => served.close())

  /** What of bars goes beyond its panel, and what of feet ends in an ellipsis but for what was read, which gives way. */
  const cut = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('[role=tabpanel]')].flatMap(panel => {
        const { right } = panel.getBoundingClientRect()
        const ofBars = [...panel.querySelectorAll('.bar *')].filter(
          own => own.getBoundingClientRect().right > right
        )
        const ofFeet = [
          ...panel.querySelectorAll('.foot [role=status], .foot .one-line:only-child')
        ].filter(own => own.scrollWidth > own.clientWidth || own.scrollHeight > own.clientHeight)
        return [...ofBars, ...ofFeet].map(own => own.textContent.trim())
      })
    )

  it.each([
    ['head atlas', /^Head 0\.0 · previous token .*p .*10 windows/],
    ['positions', /^Point at/],
    ['model view', null],
    ['tokens', /^81 tokens/]
  ])('have bars and feet whole: %s', async (name, said) => {
    await runCommand(page, `show ${name}`)
    const shown = page.getByRole('tabpanel').filter({ visible: true })
    if (name === 'head atlas') {
      await shown.getByRole('button', { name: /^Length of windows:/ }).click()
      await page.getByRole('menuitemradio', { name: '8 tokens', exact: true }).click()
    }
    if (said === null) await shown.getByText(/pooled to 41 rows/).waitFor()
    else await shown.getByRole('status', { name: 'Read-out' }).filter({ hasText: said }).waitFor()
    await expect.poll(cut).toEqual([])
  })

  it('scroll tables sideways to their last column, its name with it', async () => {
    const table = page.getByRole('grid', { name: 'Tokens' })
    const { x, width } = (await table.boundingBox())!
    await table
      .getByRole('gridcell')
      .last()
      .evaluate(cell => cell.scrollIntoView())
    for (const of of [table.getByRole('columnheader').last(), table.getByRole('gridcell').last()])
      await expect
        .poll(async () => {
          const box = (await of.boundingBox())!
          return box.x >= x && box.x + box.width <= x + width
        })
        .toBe(true)
    expect(served.complaints).toEqual([])
  })
})
