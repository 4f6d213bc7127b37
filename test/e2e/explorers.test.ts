import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faintTexts } from './contrast.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
})
afterAll(() => served.close())

const gallery = () => page.getByRole('complementary', { name: 'Views' })
const selected = () => page.locator('.dv-active-group .dv-active-tab')
const rail = () => page.getByRole('toolbar', { name: 'Explorers' })
const explorer = (name: string) => rail().getByRole('button', { name, exact: true })

describe('the rail', () => {
  it('shows and hides each explorer, by pointer and by keys', async () => {
    const pressed = async () => {
      const buttons = await rail().getByRole('button').all()
      const states = buttons.map(async button => [
        await button.getAttribute('aria-label'),
        await button.getAttribute('aria-pressed')
      ])
      return Object.fromEntries(await Promise.all(states)) as Record<string, string>
    }
    expect(await pressed()).toEqual({
      Models: 'false',
      Texts: 'false',
      Views: 'false',
      Findings: 'false'
    })
    await explorer('Models').hover()
    await page.getByRole('tooltip').getByText('Blocks, heads and tensors').waitFor()
    await explorer('Models').click()
    await page.getByRole('complementary', { name: 'Models' }).waitFor()
    expect(await pressed()).toEqual({
      Models: 'true',
      Texts: 'false',
      Views: 'false',
      Findings: 'false'
    })
    await explorer('Models').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await gallery().waitFor()
    expect(await pressed()).toEqual({
      Models: 'false',
      Texts: 'false',
      Views: 'true',
      Findings: 'false'
    })
    await explorer('Views').press('Enter')
    await gallery().waitFor({ state: 'detached' })
    expect((await pressed())['Views']).toBe('false')
    expect((await rail().boundingBox())!.x).toBe(0)
  })

  it('has names that no other button has', async () => {
    await page.getByRole('button', { name: 'Texts that have run' }).waitFor()
    for (const name of ['Models', 'Texts', 'Views', 'Findings'])
      expect(await page.getByRole('button', { name, exact: true }).count()).toBe(1)
  })
})

describe('the gallery of views', () => {
  it('says of every view what it answers and what it takes', async () => {
    await explorer('Views').click()
    await gallery().getByText('Opens for shakespeare-char').waitFor()
    const cards = gallery().getByRole('region').getByRole('button')
    await page.getByRole('button', { name: 'Open a view' }).click()
    const listed = page.getByRole('menu').getByRole('group').getByRole('menuitem')
    await listed.first().waitFor()
    const views = await listed.count()
    await page.keyboard.press('Escape')
    await expect.poll(() => cards.count()).toBe(views)
    const head = gallery().getByRole('button', { name: /^Head: What does each token attend to/ })
    expect(await head.locator('svg').count()).toBe(1)
    await head.getByText('cell', { exact: true }).waitFor()
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await expect.poll(() => faintTexts(page)).toEqual([])
    }
  })

  it('opens a view for a look, and keeps it with a second click', async () => {
    const before = await page.getByRole('tab').count()
    await gallery()
      .getByRole('button', { name: /^Head:/ })
      .click()
    await expect.poll(() => selected().getAttribute('aria-label')).toBe('Head 0.0 · attention')
    await selected().locator('.preview').waitFor()
    await gallery()
      .getByRole('button', { name: /^Head:/ })
      .dblclick()
    await selected().locator('.preview').waitFor({ state: 'detached' })
    expect(await page.getByRole('tab').count()).toBe(before + 1)
  })

  it('is gone through by keys alone', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Command' }).fill('> find a view')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('Enter')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await expect.poll(focused).toBe('Find a view')
    await page.keyboard.type('made of')
    await page.keyboard.press('ArrowDown')
    await expect.poll(focused).toBe('Overview: What is this model made of?')
    await page.keyboard.press('Enter')
    await expect.poll(() => selected().getAttribute('aria-label')).toBe('Overview')
    await gallery().getByRole('searchbox').fill('nothing of the kind')
    await gallery().getByText('No view matches').waitFor()
    await gallery().getByRole('searchbox').fill('')
  })

  it('opens for what a tab stays on', async () => {
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    await page.getByRole('gridcell', { name: 'Head 2.1', exact: true }).dblclick()
    await expect.poll(() => selected().getAttribute('aria-label')).toBe('Head 2.1 · attention')
    await gallery()
      .getByRole('button', { name: /^Attention:/ })
      .click()
    await expect
      .poll(() => selected().getAttribute('aria-label'))
      .toBe('Attention · shakespeare-char')
  })

  it('is where it was after a reload, and lies over the views in a narrow window', async () => {
    await expect.poll(() => served.saved()).toMatch(/"explorer":\s*"views"/)
    await page.reload()
    await gallery().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    await gallery().waitFor({ state: 'detached' })
    await explorer('Views').click()
    await gallery().waitFor()
    await explorer('Models').click()
    await page.getByRole('complementary', { name: 'Models' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('complementary', { name: 'Models' }).waitFor({ state: 'detached' })
  })
})

describe('the explorer of models', () => {
  const models = () => page.getByRole('complementary', { name: 'Models' })
  const line = (name: RegExp) => models().getByRole('treeitem', { name })
  const head = (name: string) => models().getByRole('button', { name, exact: true })
  const find = () => models().getByRole('searchbox')

  it('has a line a block with its heads, which are chosen and opened there', async () => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await models().waitFor()
    await expect.poll(() => line(/^block/).count()).toBe(4)
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    await head('Head 3.2').click()
    await page.getByRole('application', { name: 'Head 3.2, 81 tokens' }).waitFor()
    await expect.poll(() => head('Head 3.2').getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('[')
    await expect.poll(() => head('Head 2.2').getAttribute('aria-pressed')).toBe('true')
    expect(await head('Head 3.2').getAttribute('aria-pressed')).toBe('false')
    await head('Head 0.3').dblclick()
    await expect.poll(() => selected().getAttribute('aria-label')).toBe('Head 0.3 · attention')
    await head('Head 0.3').click({ button: 'right' })
    await page.getByRole('menuitem', { name: /^Ablate/ }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('has a menu that chooses nothing when the press is released that opened it', async () => {
    const box = (await head('Head 1.1').boundingBox())!
    const place = { clientX: box.x + 5, clientY: box.y + 5 }
    await page.mouse.move(place.clientX, place.clientY)
    await page.mouse.down({ button: 'right' })
    const ablate = page.getByRole('menuitem', { name: /^Ablate/ })
    await ablate.waitFor()
    // As it is when the menu has not found its place.
    await ablate.dispatchEvent('pointerup', place)
    await page.mouse.up({ button: 'right' })
    await page.waitForTimeout(100)
    await ablate.waitFor()
    await page.keyboard.press('Escape')
    await ablate.waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: /^Edits\b/i }).textContent()).toMatch(/none/)
  })

  it('opens a tensor', async () => {
    await line(/^block 2/)
      .locator('.label')
      .click()
    await line(/^mlp\.c_proj\.weight/).click()
    await page
      .getByRole('application', { name: /^Weights of transformer\.h\.2\.mlp\.c_proj\.weight/ })
      .waitFor()
    await selected().locator('.preview').waitFor()
    const inspected = (name: string) =>
      page.getByRole('complementary', { name: 'Inspector' }).getByRole('region', { name })
    await inspected('Selected tensor').getByText('512 × 128', { exact: true }).waitFor()
    await inspected('Model').getByText('826 k').waitFor()
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    await inspected('Selected head').waitFor()
    expect(await inspected('Selected tensor').count()).toBe(0)
  })

  it('finds blocks, heads and tensors', async () => {
    await find().fill('c_attn.weight')
    await expect.poll(() => line(/c_attn\.weight/).count()).toBe(4)
    expect(await line(/^block/).count()).toBe(0)
    await find().fill('3.1')
    await expect.poll(() => line(/^block/).count()).toBe(1)
    await find().fill('nothing of the kind')
    await models().getByText('Nothing matches').waitFor()
    await find().press('Escape')
    await expect.poll(() => line(/^block/).count()).toBe(4)
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await expect.poll(() => faintTexts(page)).toEqual([])
    }
    expect(served.complaints).toEqual([])
  })
})
