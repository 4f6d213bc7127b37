import { cpSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../golden/workbench.ts'
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

const golden = (name: string) => join(projectRoot, 'test/golden', name)
const ids = () => page.getByRole('textbox', { name: 'Token ids' })
const text = () => page.getByRole('textbox', { name: 'Text' })
const chips = () => page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
const map = (name: string) => page.getByRole('application', { name: `Attention map of ${name}` })
const head = (name: string) => page.getByRole('gridcell', { name, exact: true })
const model = (name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const runButton = () => page.getByRole('button', { name: 'Run', exact: true })
const streaming = () => page.getByRole('region', { name: 'Streaming' })

/** A copy of a golden folder with other or further files. */
function variant(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-e2e-')), `${name}-variant`)
  cpSync(golden(name), folder, { recursive: true })
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content)
  return folder
}

describe('a model without a tokenizer', () => {
  it('asks for token ids, and says why', async () => {
    await openModel(page, golden('gpt2'))
    await ids().waitFor()
    expect(await ids().inputValue()).toBe('')
    await page.getByText(/gpt2: no tokenizer/).waitFor()
    expect(await runButton().isDisabled()).toBe(true)
  })

  it('says what is wrong with an id while it is typed', async () => {
    await ids().fill('5, abc, 96, 3')
    await page.getByRole('alert').getByText('“abc” is not a whole number').waitFor()
    await page.getByRole('alert').getByText('96 is outside 0…95').waitFor()
    expect(await runButton().isDisabled()).toBe(true)
  })

  it('runs ids and shows them as chips', async () => {
    await ids().fill('5, 17, 3, 5, 17, 3')
    expect(await chips().allTextContents()).toEqual(['#5', '#17', '#3', '#5', '#17', '#3'])
    await ids().press('Control+Enter')
    await page.getByRole('application', { name: ', 6 tokens' }).waitFor()
    await chips().nth(2).click()
    await inspector().getByText('Expected after this query').waitFor()
    await inspector()
      .getByRole('list', { name: 'Expected next tokens' })
      .getByText(/^#\d+$/)
      .first()
      .waitFor()
  })

  it('keeps the text of each model when one goes back and forth', async () => {
    await model('shakespeare-char').click()
    expect(await text().inputValue()).not.toContain('5, 17')
    await openModel(page, golden('llama'))
    expect(await ids().inputValue()).toBe('')
    await model('gpt2').click()
    expect(await ids().inputValue()).toBe('5, 17, 3, 5, 17, 3')
  })
})

describe('grouped-query attention', () => {
  it('groups the heads by the key/value head that they read', async () => {
    await model('llama').click()
    await page.getByRole('button', { name: 'Run random ids' }).click()
    await page.getByRole('application', { name: ', 24 tokens' }).waitFor()
    const grid = page.getByRole('grid', { name: 'All heads' })
    expect(await grid.getByText(/^kv \d$/).allTextContents()).toEqual(['kv 0', 'kv 1'])
    const lefts = await Promise.all(
      [0, 1, 2, 3].map(async h => (await head(`Head 0.${h}`).boundingBox())!.x)
    )
    const gaps = lefts.slice(1).map((left, i) => left - lefts[i]!)
    expect(gaps[1]).toBeGreaterThan(gaps[0]!)
    expect(gaps[2]).toBeCloseTo(gaps[0]!)
  })

  it('says so in the inspector and the tree', async () => {
    await head('Head 0.3').click()
    await inspector().getByText('reads key/value head 1, as heads 2–3 do').waitFor()
    const square = page.getByRole('treeitem').getByRole('button', { name: 'Head 0.3' })
    expect(await square.getAttribute('title')).toBe('Head 0.3, reads key/value head 1')
  })
})

describe('a model of masked tokens', () => {
  const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'cat', 'sat', 'on', 'mat']
  const rest = Array.from({ length: 96 - words.length }, (_, i) => `word${i}`)

  it('tells what it expects in place of a token, and masks it', async () => {
    await openModel(page, variant('bert', { 'vocab.txt': [...words, ...rest].join('\n') }))
    await text().fill('the cat sat on the mat')
    await text().press('Control+Enter')
    await page.getByRole('application', { name: ', 8 tokens' }).waitFor()
    await chips().nth(2).click()
    await inspector().getByText('Expected in place of this token').waitFor()
    await inspector().getByRole('button', { name: 'Mask it and run' }).click()
    await expect.poll(() => text().inputValue()).toBe('the [MASK] sat on the mat')
    await expect.poll(() => chips().nth(2).textContent()).toBe('[MASK]')
    await inspector().getByRole('list', { name: 'Expected tokens' }).waitFor()
  })
})

describe('a model that cannot run', () => {
  it('says why, and what can be done with it', async () => {
    await openModel(page, variant('gpt2', { 'config.json': '{"model_type": "unheard-of"}' }))
    const view = page.getByRole('tabpanel', { name: 'attention' })
    await view.getByText('This model cannot run').waitFor()
    await view.getByText(/model_type "unheard-of" is not a family that runs\. Families/).waitFor()
    await view.getByRole('button', { name: 'Describe this model' }).waitFor()
    await view.getByRole('button', { name: 'Overview' }).click()
    await page.getByRole('tab', { selected: true }).filter({ hasText: 'Overview' }).waitFor()
    await page.getByRole('tab').filter({ hasText: 'Attention' }).click()
  })
})

describe('a model larger than the memory budget', () => {
  it('takes a budget from the palette', async () => {
    await model('shakespeare-char').click()
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Type a command').fill('memory budget')
    await page.keyboard.press('Enter')
    const field = page.getByRole('textbox', { name: 'Budget' })
    await field.fill('none')
    await page.getByText('A number above zero is expected').waitFor()
    await field.fill('0.0001')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  it('runs its first block by itself and says what all would take', async () => {
    await text().fill('What light through yonder window breaks?')
    await text().press('Control+Enter')
    await streaming().getByText('memory budget of 105 KB').waitFor()
    await head('Head 0.0').click()
    await page.getByRole('application', { name: 'Head 0.0, 40 tokens' }).waitFor()
    await streaming()
      .getByText(/All 4 blocks: about \d+ s, [\d.]+ [KM]B/)
      .waitFor()
    await inspector().getByText('Predictions need all blocks').waitFor()
  })

  it('runs up to a block when asked', async () => {
    await head('Head 3.1').click()
    await page.getByText('Block 3 has not run on this text', { exact: true }).waitFor()
    await head('Head 1.0').click()
    await page.getByText('Block 1 has not run on this text', { exact: true }).waitFor()
    await page.getByRole('row', { name: 'Layer 2' }).hover()
    await page.getByRole('button', { name: 'Run up to here, layer 2' }).click()
    await map('Head 1.0').waitFor()
    await page.getByRole('row', { name: 'Layer 3' }).hover()
    await page.getByRole('button', { name: 'Run up to here, layer 3' }).waitFor()
    expect(await page.getByRole('button', { name: 'Run up to here, layer 2' }).count()).toBe(0)
  })

  it('runs them all, and then predicts', async () => {
    await streaming().getByRole('button', { name: 'Run all 4 blocks' }).click()
    await streaming().waitFor({ state: 'hidden' })
    await head('Head 3.1').click()
    await map('Head 3.1').waitFor()
    await chips().nth(5).click()
    await inspector().getByRole('list', { name: 'Expected next tokens' }).waitFor()
  })

  it('takes the default again from the status bar', async () => {
    await page.getByRole('button', { name: /^[\d.]+ [MG]B$/ }).click()
    await page.getByRole('button', { name: 'Use the default' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await text().fill('But soft')
    await text().press('Control+Enter')
    await page.getByRole('application', { name: ', 8 tokens' }).waitFor()
    expect(await streaming().count()).toBe(0)
  })
})

describe('a model whose folder is gone as the window is loaded anew', () => {
  it('is told of where it is seen, each once, and can be asked for again', async () => {
    const folder = variant('gpt2', {})
    await openModel(page, folder)
    await ids().waitFor()
    const kept = `${folder}-kept`
    renameSync(folder, kept)
    await page.reload()
    const failed = page.getByRole('alert').filter({ hasText: 'gpt2-variant could not be opened' })
    await failed.getByText('does not exist').waitFor()
    await failed.getByText('Put it back and try again').waitFor()
    expect(await failed.count()).toBe(1)
    renameSync(kept, folder)
    await failed.getByRole('button', { name: 'Try again' }).click()
    await ids().waitFor()
    expect(await failed.count()).toBe(0)
  })

  it('is tried again, or dismissed, with all others at once', async () => {
    const folders = [variant('bert', {}), variant('gpt2', {})]
    for (const folder of folders) {
      await openModel(page, folder)
      await ids().waitFor()
    }
    const away = () => folders.forEach(folder => renameSync(folder, `${folder}-kept`))
    const back = () => folders.forEach(folder => renameSync(`${folder}-kept`, folder))
    const failed = page.getByText('2 models could not be opened')
    away()
    await page.reload()
    await failed.waitFor()
    back()
    await page.getByRole('button', { name: 'Try all again' }).click()
    await failed.waitFor({ state: 'hidden' })
    await expect.poll(() => page.title()).toContain('gpt2-variant')
    away()
    await page.reload()
    await failed.waitFor()
    await page.getByRole('button', { name: 'Dismiss all' }).click()
    await failed.waitFor({ state: 'hidden' })
    back()
  })
})

describe('the window', () => {
  it('opens the model that its address names', async () => {
    const address = new URL(page.url())
    address.search = `?open=${encodeURIComponent(golden('gemma2'))}`
    await page.goto(address.href)
    await expect.poll(() => page.title()).toContain('gemma2')
    await ids().waitFor()
    await expect.poll(() => page.url()).not.toContain('open=')
  })

  it('follows the commands of the desktop’s menu', async () => {
    // The bridge of the desktop, but that the workbench is reached as in a browser.
    await page.addInitScript(() => {
      const bridge = {
        onCommand: (run: unknown) => Object.assign(window, { menu: run }),
        onOpen: (open: unknown) => Object.assign(window, { openFile: open })
      }
      Object.defineProperty(window, 'lamella', {
        get: () => (document.querySelector('.app') === null ? undefined : bridge)
      })
    })
    await expect.poll(() => served.saved()).toMatch(/"model":"[^"]*gemma2"/)
    await page.reload()
    await ids().waitFor()
    const choose = (id: string) =>
      page.evaluate(id => (Reflect.get(window, 'menu') as (id: string) => void)(id), id)
    await choose('keys')
    await page.getByRole('dialog', { name: /keys/i }).waitFor()
    await page.keyboard.press('Escape')
    await choose('panel.left')
    await page.getByRole('complementary', { name: 'Models' }).waitFor({ state: 'hidden' })
    await choose('panel.left')
    await page.getByRole('complementary', { name: 'Models' }).waitFor()
    const opened = golden('opt')
    await page.evaluate(
      path => (Reflect.get(window, 'openFile') as (path: string) => void)(path),
      opened
    )
    await model('opt').waitFor()
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
