import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew, projectRoot, shakespeare } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
let homeMade: string
beforeAll(async () => {
  homeMade = join(mkdtempSync(join(tmpdir(), 'lamella-e2e-')), 'home-made')
  cpSync(hebrew, homeMade, { recursive: true })
  rmSync(join(homeMade, 'lamella.json'))
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const prompt = () => page.getByRole('textbox', { name: 'Text' })
const chips = () => page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const strongest = () => inspector().getByRole('list', { name: 'Strongest keys' })
const readOut = () => page.getByRole('status', { name: 'Read-out' }).first()
const model = (name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })
const dialog = () => page.getByRole('dialog')
const alert = () => page.getByRole('alert').filter({ hasText: /./ })

async function run(text: string, tokens: number): Promise<void> {
  await prompt().fill(text)
  await prompt().press('Control+Enter')
  await page
    .getByRole('application', { name: tokens === 1 ? ', 1 token' : `, ${tokens} tokens` })
    .waitFor()
}

const command = (title: string) => runCommand(page, title)

/** Whether what is in the middle of an element on the screen is the element itself or within it. */
function onTop(element: Locator): Promise<boolean> {
  return element.evaluate(element => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2))
  })
}

describe('the tokens and the inspector', () => {
  it('expects what comes after the text while nothing is selected', async () => {
    await run('To be, or not to be', 19)
    await inspector().getByRole('heading', { name: 'Expected after the text' }).waitFor()
    const expected = inspector().getByRole('list', { name: 'Expected next tokens' })
    await expect.poll(() => expected.getByRole('listitem').count()).toBe(5)
  })

  it('selects the strongest key of a token that is clicked', async () => {
    await chips().nth(11).click()
    const row = strongest().getByRole('listitem').first()
    const key = /(\d+)\D*0\.\d+$/.exec((await row.textContent()) ?? '')![1]
    await expect.poll(() => readOut().textContent()).toContain(`key ${key}`)
    await inspector().getByRole('heading', { name: 'Expected after this query' }).waitFor()
  })

  it('lights a strong key up everywhere while the pointer is on it', async () => {
    const row = strongest().getByRole('button').nth(2)
    const key = /(\d+)\D*0\.\d+$/.exec((await row.textContent()) ?? '')![1]!
    const before = await readOut().textContent()
    await row.hover()
    await expect.poll(() => readOut().textContent()).toContain(`key ${key}`)
    await expect.poll(() => chips().nth(Number(key)).getAttribute('class')).toContain('key')
    await inspector().getByRole('heading', { name: 'Inspector' }).hover()
    await expect.poll(() => readOut().textContent()).toBe(before)
  })

  it('selects a strong key from the keyboard', async () => {
    const row = strongest().getByRole('button').nth(1)
    const key = /(\d+)\D*0\.\d+$/.exec((await row.textContent()) ?? '')![1]
    await row.press('Enter')
    await expect.poll(() => readOut().textContent()).toContain(`key ${key}`)
  })

  it('puts the card of a token away with Esc', async () => {
    await page.getByRole('listbox', { name: 'Tokens' }).press('ArrowRight')
    await page.getByRole('tooltip').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('tooltip').waitFor({ state: 'hidden' })
  })

  it('counts one token as one', async () => {
    await run('a', 1)
    await page.getByRole('contentinfo').getByText('1 token', { exact: true }).waitFor()
  })
})

describe('the text', () => {
  it('says in a line what the tokenizer cannot read', async () => {
    await openModel(page, hebrew)
    await prompt().fill('F')
    await alert().waitFor()
    expect(await alert().textContent()).toBe(
      'The vocabulary has no token for "F" (U+0046) at position 0. Leave it out, or type another character.'
    )
    await prompt().fill('ש')
    await alert().waitFor({ state: 'hidden' })
  })

  it('says nothing of that about a model that cannot run', async () => {
    await model('shakespeare-char').click()
    await prompt().fill('F')
    await openModel(page, homeMade)
    await page.getByText('This model cannot run').first().waitFor()
    expect(await alert().count()).toBe(0)
  })

  it('is asked for where there is none', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-e2e-')), 'wordless')
    cpSync(shakespeare, folder, { recursive: true })
    rmSync(join(folder, 'lamella.json'))
    await model('shakespeare-char').click()
    await prompt().fill('')
    await openModel(page, folder)
    await page.getByRole('button', { name: 'Type a text' }).click()
    await page.keyboard.type('So')
    expect(await prompt().inputValue()).toBe('So')
  })

  it('leaves room for the view in a low window', async () => {
    const view = page.getByRole('tabpanel').filter({ visible: true })
    const before = await view.boundingBox()
    await prompt().fill('line\n'.repeat(20))
    await expect.poll(async () => (await prompt().boundingBox())!.height).toBeGreaterThan(200)
    expect(await view.boundingBox()).toEqual(before)
    await prompt().press('Escape')
    await expect.poll(async () => (await prompt().boundingBox())!.height).toBe(26)
    expect(await view.boundingBox()).toEqual(before)
  })
})

describe('the tree of models', () => {
  it('folds what was open when another model opens, and shows that one', async () => {
    await page.setViewportSize({ width: 1440, height: 420 })
    await openModel(page, join(projectRoot, 'test/golden/llama'))
    await expect.poll(() => model('shakespeare-char').getAttribute('aria-expanded')).toBe('false')
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-e2e-')), 'unheard-of')
    cpSync(join(projectRoot, 'test/golden/gpt2'), folder, { recursive: true })
    writeFileSync(join(folder, 'config.json'), '{"model_type": "unheard-of"}')
    await openModel(page, folder)
    await model('unheard-of').waitFor()
    await expect.poll(() => onTop(model('unheard-of'))).toBe(true)
    expect(await model('unheard-of').getAttribute('title')).toBe(folder)
    await page.setViewportSize({ width: 1440, height: 900 })
  })
})

describe('tabs', () => {
  it('float below the dialogs', async () => {
    await model('shakespeare-char').click()
    await run('a', 1)
    await page.getByRole('gridcell', { name: 'Head 0.1', exact: true }).dblclick()
    await page.setViewportSize({ width: 900, height: 700 })
    await command('float the tab')
    const float = page.locator('.dv-resize-container')
    await expect.poll(() => onTop(float)).toBe(true)
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'All commands' }).waitFor()
    expect(await onTop(float)).toBe(false)
    await page.keyboard.press('Escape')
    await command('close the tab')
    await float.waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 1440, height: 900 })
  })
})

describe('the palette', () => {
  it('runs the first command on Enter after the pointer has left the list', async () => {
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Type a command').fill('show overview')
    await page.getByRole('option', { name: 'Show Overview' }).hover()
    await page.mouse.move(5, 5)
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { selected: true }).filter({ hasText: 'Overview' }).waitFor()
    await dialog().waitFor({ state: 'detached' })
    await command('show attention')
  })
})

describe('a narrow or low window', () => {
  it('shows one hint at a time, whole', async () => {
    await command('show the first hints again')
    const hints = page.getByRole('list', { name: 'Hints' }).getByRole('listitem')
    await expect.poll(() => hints.filter({ visible: true }).count()).toBe(3)
    await page.setViewportSize({ width: 700, height: 800 })
    expect(await hints.filter({ visible: true }).count()).toBe(1)
    await hints.getByRole('button', { name: 'Dismiss' }).first().click()
    await page.getByText('Edit the text; Ctrl+↵ runs it.').waitFor()
  })

  it('keeps the inspector’s numbers apart and within it', async () => {
    await page.setViewportSize({ width: 640, height: 800 })
    if (!(await inspector().isVisible()))
      await page.getByRole('button', { name: 'Inspector' }).click()
    const overflow = await inspector()
      .locator('.scroll')
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
    expect(overflow).toBe(0)
    await page.keyboard.press('Escape')
    await inspector().waitFor({ state: 'hidden' })
    const last = page
      .getByRole('tabpanel')
      .filter({ visible: true })
      .getByRole('button', { name: 'About' })
    expect(await onTop(last)).toBe(true)
  })

  it('keeps the title of the keys and their close button whole', async () => {
    await page.setViewportSize({ width: 640, height: 500 })
    await page.getByRole('contentinfo').getByRole('button', { name: 'List of keys' }).click()
    expect((await dialog().locator('header').boundingBox())!.height).toBe(44)
    await page.keyboard.press('Escape')
  })

  it('puts the questions about a model below its reading', async () => {
    await page.setViewportSize({ width: 640, height: 800 })
    await page.keyboard.press('Control+b')
    await model('home-made').click()
    await command('describe this model')
    const reading = dialog().getByRole('group', { name: 'Reading' })
    await reading.getByText('self_attn.q_proj_weight').waitFor()
    const { y, height } = (await reading.boundingBox())!
    const diagram = (await reading.locator('> *').first().boundingBox())!
    expect(y + height).toBeGreaterThanOrEqual(diagram.y + diagram.height)
    const questions = dialog().getByRole('heading', { name: 'To answer' })
    expect((await questions.boundingBox())!.y).toBeGreaterThanOrEqual(y + height)
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 1440, height: 900 })
  })
})

describe('contrast', () => {
  for (const theme of ['light', 'dark'] as const)
    it(`is enough for every text, ${theme}`, async () => {
      await page.emulateMedia({ colorScheme: theme })
      await model('shakespeare-char').click()
      await run('To be,\nor not to be\t', 20)
      await expect.poll(() => faintTexts(page)).toEqual([])
      for (const key of ['Control+k', 'Control+o']) {
        await page.keyboard.press(key)
        await dialog().waitFor()
        await expect.poll(() => faintTexts(page)).toEqual([])
        await page.keyboard.press('Escape')
        await dialog().waitFor({ state: 'detached' })
      }
    })
})

describe('the arrangement', () => {
  it('is kept when the page goes at once', async () => {
    const models = page.getByRole('complementary', { name: 'Models' })
    await page.keyboard.press('Control+b')
    await models.waitFor({ state: 'hidden' })
    await command('compute with cpu')
    await page.getByRole('button', { name: 'Provider: cpu' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Models', exact: true }).click()
    await models.waitFor()
    await page.getByRole('button', { name: 'Provider: cpu' }).waitFor()
  })
})

describe('a slow connection', () => {
  it('leaves what is typed into the memory budget', async () => {
    await page.routeWebSocket(/./, socket => {
      const server = socket.connectToServer()
      server.onMessage(message => void setTimeout(() => socket.send(message), 700))
    })
    await page.reload()
    // What is put back of the arrangement does not undo what is done at once.
    const models = page.getByRole('button', { name: 'Models', exact: true })
    const pressed = await models.getAttribute('aria-pressed')
    await models.click()
    await page
      .getByRole('contentinfo')
      .getByRole('button', { name: /[MG]B$/ })
      .click()
    await page.getByRole('textbox', { name: 'Budget' }).fill('3.5')
    await dialog().getByText('Memory of the machine').waitFor()
    expect(await page.getByRole('textbox', { name: 'Budget' }).inputValue()).toBe('3.5')
    await page.keyboard.press('Escape')
    expect(await models.getAttribute('aria-pressed')).not.toBe(pressed)
  })

  it('leaves the head that is chosen while the clearest is looked for', async () => {
    const grid = page.getByRole('grid', { name: 'Heads' })
    await grid.getByRole('gridcell', { name: 'Head 1.3', exact: true }).click()
    await command('head that attends most to the previous token')
    await grid.getByRole('gridcell', { name: 'Head 0.2', exact: true }).click()
    await page.waitForTimeout(4 * 700)
    await inspector().getByRole('heading', { name: 'Head 0.2' }).waitFor()
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
