import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdCalls } from './held-calls.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await run('To be, or not to be', 19)
})
afterAll(() => served.close())

const prompt = () => page.getByRole('textbox', { name: 'Text' })
const head = (name: string) => page.getByRole('gridcell', { name, exact: true })
const map = (name: string) => page.getByRole('application', { name })
const tab = (title: string) => page.getByRole('tab', { name: new RegExp(`^${title}`) })
const active = () => page.getByRole('tab', { selected: true }).getAttribute('aria-label')
const menu = (title: string) => page.getByRole('menu', { name: title })
/** The first of the title, which others may begin with. */
const item = (title: string) => page.getByRole('menuitem', { name: title }).first()
const edits = () => page.getByRole('button', { name: /^Edits:/ })
const trail = () => page.getByRole('list', { name: 'What this is about' }).filter({ visible: true })
const readOut = () => page.getByRole('status', { name: 'Read-out' }).filter({ visible: true })

async function run(text: string, tokens: number): Promise<void> {
  await prompt().fill(text)
  await prompt().press('Control+Enter')
  await map(`, ${tokens} tokens`).waitFor()
}

async function palette(query: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command' }).fill(query)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

describe('the verbs of a head', () => {
  it('open it in a tab that stays on it, by double click and by the menu', async () => {
    await head('Head 1.2').dblclick()
    await expect.poll(active).toBe('Head 1.2 · attention')
    await tab('Attention').click()
    await head('Head 2.1').click({ button: 'right' })
    await menu('Head 2.1').waitFor()
    await item('Open as head').click()
    await expect.poll(active).toBe('Head 2.1 · attention')
    await tab('Attention').click()
    await head('Head 0.0').click()
    await tab('Head 2.1').click()
    await map('Attention map of Head 2.1').waitFor()
  })

  it('open it from the inspector, in every view that takes it', async () => {
    await tab('Attention').click()
    await head('Head 3.2').click()
    await page.getByRole('heading', { name: 'Head 3.2' }).waitFor()
    const open = page.getByRole('button', { name: 'Open as…' })
    await open.click()
    await menu('Head 3.2').waitFor()
    expect(await menu('Head 3.2').getByRole('menuitem').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\s*Head\s*$/)])
    )
    await page.keyboard.press('Escape')
    await menu('Head 3.2').waitFor({ state: 'detached' })
    await open.focus()
    await page.keyboard.press('Enter')
    await menu('Head 3.2').waitFor()
    await menu('Head 3.2').getByRole('menuitem', { name: 'Head', exact: true }).click()
    await expect.poll(active).toBe('Head 3.2 · attention')
    await page.keyboard.press('Alt+w')
  })

  it('are those of each step of what a view is about, too', async () => {
    await tab('Attention').click()
    await head('Head 3.2').click()
    const verbs: string[][] = []
    for (const step of ['shakespeare-char', 'To be, or not to be', 'block 3', 'head 2']) {
      await trail().getByText(step, { exact: true }).click({ button: 'right' })
      await page.getByRole('menu').waitFor()
      verbs.push(await page.getByRole('menuitem').allTextContents())
      await page.keyboard.press('Escape')
      await page.getByRole('menu').waitFor({ state: 'detached' })
    }
    const first = verbs.map(([verb]) => /^Open as \w+/.exec(verb!.trim())?.[0])
    expect(first).toEqual([
      'Open as overview',
      'Open as attention',
      'Open as attention',
      'Open as head'
    ])
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await trail().getByText('shakespeare-char', { exact: true }).click({ button: 'right' })
    await item('Copy its summary').click()
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    await expect.poll(copied).toMatch(/transformer\.wte\.weight +65 × 128/)
  })

  it('are offered from the keyboard, too', async () => {
    await tab('Attention').click()
    await head('Head 0.0').focus()
    await page.keyboard.press('Shift+F10')
    await menu('Head 0.0').waitFor()
    await page.keyboard.press('Escape')
    await menu('Head 0.0').waitFor({ state: 'detached' })
  })

  it('ablate it: the run is edited, every view of it says so, and it can be taken back', async () => {
    await head('Head 3.0').click()
    await page.getByRole('heading', { name: 'Head 3.0' }).waitFor()
    const shown = () => page.getByRole('row', { name: /^Previous token/ }).textContent()
    const before = await shown()
    await head('Head 0.0').click({ button: 'right' })
    await item('Ablate head 0.0').click()
    await trail().getByText('head 0.0 ablated').waitFor()
    await page.getByRole('button', { name: 'Edits: 1' }).waitFor()
    await expect.poll(async () => (await shown()) === before).toBe(false)
    await edits().click()
    await page.getByRole('button', { name: 'Remove: head 0.0 ablated' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Edits: none' }).waitFor()
    await expect.poll(async () => (await shown()) === before).toBe(true)
  })

  it('scale it by a number that is asked for', async () => {
    await head('Head 1.0').click({ button: 'right' })
    await item('Scale head 1.0…').click()
    const field = page.getByRole('textbox', { name: 'Factor' })
    await field.fill('none')
    expect(await page.getByRole('button', { name: 'Take it' }).isDisabled()).toBe(true)
    await field.fill('2')
    await field.press('Enter')
    await trail().getByText('head 1.0 × 2').waitFor()
  })

  it('leave the edits of tabs that stay on the run before', async () => {
    await tab('Head 2.1').click()
    await page.getByRole('button', { name: 'Edits: none' }).waitFor()
    expect(await trail().getByText('head 1.0 × 2').count()).toBe(0)
    await tab('Attention').click()
    await edits().click()
    await page.getByRole('button', { name: 'Remove all' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Edits: none' }).waitFor()
  })
})

describe('the verbs of a cell and a token', () => {
  it('knock an edge out: the query sees the key no more', async () => {
    await head('Head 1.1').click()
    await map('Head 1.1').waitFor()
    await page.getByRole('listbox', { name: 'Tokens' }).getByRole('option').nth(9).click()
    await expect.poll(() => readOut().textContent()).toContain('query 9')
    const [, query, key] = /query (\d+).*key (\d+)/.exec((await readOut().textContent())!)!
    await map('Head 1.1').focus()
    await page.keyboard.press('Shift+F10')
    await item(`Knock out the edge ${query} → ${key}`).click()
    await trail().getByText(`edge ${query} → ${key} knocked out`).waitFor()
    await expect
      .poll(async () => {
        await page.mouse.move(2, 2)
        return readOut().textContent()
      })
      .toMatch(/weight ?0(\D|$)/)
    await palette(`remove the edit edge ${query}`)
    await page.getByRole('button', { name: 'Edits: none' }).waitFor()
  })

  it('open the view of all heads for a token', async () => {
    const tokens = page.getByRole('listbox', { name: 'Tokens' })
    // The run without the edit is there by then: of one that is not there is no menu.
    await tokens.getByRole('option', { selected: true }).waitFor()
    await tokens.getByRole('option').nth(4).click({ button: 'right' })
    await menu('Token 4').waitFor()
    await item('Open as attention').waitFor()
    await page.keyboard.press('Escape')
  })
})

describe('what menus offer', () => {
  it('is in the palette, too: to change the head looked at, and to compare the tab at that head', async () => {
    await head('Head 2.1').click()
    await palette('ablate head 2.1')
    await trail().getByText('head 2.1 ablated').waitFor()
    await palette('compare with the unedited')
    await expect.poll(active).toContain('compared')
    const shown = page.getByRole('tabpanel').filter({ visible: true })
    await expect.poll(() => shown.getByText('block 2', { exact: true }).count()).toBe(2)
    await expect.poll(() => shown.getByText('head 1', { exact: true }).count()).toBe(2)
    await page.keyboard.press('Alt+w')
    await expect.poll(active).toBe('Attention')
    await edits().click()
    await page.getByRole('button', { name: 'Remove all' }).click()
    await page.keyboard.press('Escape')
  })
})

describe('a comparison', () => {
  it('puts another text beside this one, at the same head', async () => {
    await run('Two bees, or not two', 20)
    await head('Head 0.2').click({ button: 'right' })
    await item('Compare with another text…').click()
    await page.getByRole('option', { name: 'To be, or not to be' }).click()
    await expect.poll(active).toContain('compared')
    const shown = page.getByRole('tabpanel').filter({ visible: true })
    await shown.getByText('To be, or not to be').first().waitFor()
    await shown.getByText('Two bees, or not two').first().waitFor()
    await expect.poll(() => shown.getByRole('img', { name: /shared range$/ }).count()).toBe(2)
    await page.keyboard.press('.')
    await expect.poll(active).toContain('Head 0.3')
    await expect.poll(() => shown.getByText('head 3', { exact: true }).count()).toBe(2)
  })

  it('ends where it is asked to', async () => {
    await page.getByRole('button', { name: 'Compare no more' }).filter({ visible: true }).click()
    await expect.poll(active).not.toContain('compared')
    await page.keyboard.press('Alt+w')
  })

  it('takes a text that is typed for it', async () => {
    await tab('Attention').click()
    await head('Head 0.2').click({ button: 'right' })
    await item('Compare with another text…').click()
    await page.getByRole('combobox', { name: 'Command' }).fill('Not to be!')
    await page.getByRole('option', { name: '“Not to be!”' }).click()
    await expect.poll(active).toContain('compared')
    await map('Head 0.2, 10 tokens').waitFor()
    await page.keyboard.press('Alt+w')
  })
})

describe('the palette', () => {
  it('finds tabs by what they are of, after the sign that it is opened with', async () => {
    await page.keyboard.press('Control+Shift+a')
    const query = page.getByRole('combobox', { name: 'Command' })
    await query.waitFor()
    await page.keyboard.type('shakespeare head')
    expect(await query.inputValue()).toBe('%shakespeare head')
    await page.getByRole('option', { name: /Head 2\.1 · attention.*shakespeare-char · / }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('goes to a head, a tensor, a token, a tab and a text by their signs', async () => {
    await tab('Attention').click()
    await palette('@3.2')
    await map('Attention map of Head 3.2').waitFor()
    await palette('#7')
    await expect.poll(() => readOut().textContent()).toContain('query 7')
    await palette('%overview')
    await expect.poll(active).toBe('Overview')
    await palette('~to be, or')
    await expect.poll(() => prompt().inputValue()).toBe('To be, or not to be')
    await palette('@h.1.attn.c_attn.weight')
    await expect.poll(active).toContain('h.1.attn.c_attn.weight')
    await palette('%attention')
  })

  it('finds all of them without a sign, what is called so first', async () => {
    await tab('Attention').click()
    await palette('head 1.1')
    await map('Attention map of Head 1.1').waitFor()
  })
})

describe('back and forward', () => {
  /** What is passed through in less was not looked at: by the page's own clock, which may be behind. */
  const settle = () => page.evaluate(() => new Promise(done => setTimeout(done, 400)))

  it('go through what was looked at', async () => {
    await head('Head 0.1').click()
    await settle()
    await head('Head 2.2').click()
    await settle()
    await tab('Overview').first().click()
    await settle()
    await page.keyboard.press('Alt+ArrowLeft')
    await map('Attention map of Head 2.2').waitFor()
    await page.keyboard.press('Alt+ArrowLeft')
    await map('Attention map of Head 0.1').waitFor()
    await page.keyboard.press('Alt+ArrowRight')
    await map('Attention map of Head 2.2').waitFor()
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})

describe('a window that comes back', () => {
  it('says of a tab whose model is on its way that it is being opened, not that it is not open', async () => {
    await tab('Head 2.1').click()
    await expect.poll(() => served.saved()).toContain('shakespeare-char')
    const calls = await holdCalls(page)
    calls.hold('models.open')
    await page.reload()
    await page
      .getByRole('tabpanel')
      .filter({ visible: true })
      .getByText('Opening shakespeare-char')
      .waitFor()
    calls.pass()
  })
})
