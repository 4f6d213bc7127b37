import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { soundSafetensors } from '../bad/safetensors.ts'
import { shakespeare } from '../golden/workbench.ts'
import { clockTime } from '../time-taken.ts'
import { runCommand } from './command.ts'
import { openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('treeitem', { name: /^shakespeare-char/ }).waitFor()
})
afterAll(() => served.close())

const markup = '<img src=x onerror="window.planted=1">'
const reordering = 'a\u202etxt.exe'
const zero = 'b\0c'
/** What none of them may leave in the page's text: bidirectional and other controls, unless the page's own. */
const controls = /[\0-\x08\x0b-\x1f\x7f\u202a-\u202e]/

async function expectInert(): Promise<void> {
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  expect(await page.evaluate(() => Reflect.get(window, 'planted') as unknown)).toBeUndefined()
  const seen = await page.evaluate(() => {
    const labels = [...document.querySelectorAll('[title], [aria-label]')].flatMap(element => [
      element.getAttribute('title') ?? '',
      element.getAttribute('aria-label') ?? ''
    ])
    return [document.body.innerText, document.title, ...labels].join('\n')
  })
  const { index } = controls.exec(seen) ?? { index: null }
  expect(index === null ? null : seen.slice(Math.max(0, index - 80), index + 20)).toBeNull()
}

/** A copy of the sample in which tokens of letters that no text here has stand for other contents. */
function modelOfTokens(
  name: string,
  tokens: readonly (readonly [letter: string, content: string, special: boolean])[]
): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-tokens-')), name)
  cpSync(shakespeare, folder, { recursive: true })
  const file = join(folder, 'tokenizer.json')
  const json = JSON.parse(readFileSync(file, 'utf8')) as {
    added_tokens: object[]
    model: { vocab: Record<string, number> }
  }
  const { vocab } = json.model
  for (const [letter, content, special] of tokens) {
    json.added_tokens.push({ id: vocab[letter], content, special, normalized: false })
    delete vocab[letter]
  }
  writeFileSync(file, JSON.stringify(json))
  return folder
}

describe('a config.json that no message could carry', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  it.each([
    ['holds a key __proto__ within', '{"__proto__":{"b":1}}'],
    ['is deep', nested(120)]
  ])('opens when it %s', async (_what, further) => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-config-'))
    cpSync(shakespeare, folder, { recursive: true })
    rmSync(join(folder, 'lamella.json'))
    const config = readFileSync(join(shakespeare, 'config.json'), 'utf8').trim()
    writeFileSync(join(folder, 'config.json'), `${config.slice(0, -1)},"further":${further}}`)
    await openPath(page, folder)
    await page.getByRole('treeitem', { name: basename(folder) }).waitFor()
  })
})

describe('names and tokens that are markup or controls', () => {
  it('of tensors are inert text', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-names-')), `${markup}\u202egpj`)
    mkdirSync(folder)
    const names = [markup, reordering, zero]
    const tensors = names.map(name => ({ name, dtype: 'U8', shape: [1], data: new Uint8Array(1) }))
    writeFileSync(join(folder, 'model.safetensors'), soundSafetensors(tensors))
    await openPath(page, folder)
    await page.getByRole('treeitem', { name: `${markup}⟨202E⟩gpj` }).waitFor()
    await page.getByRole('button', { name: 'Overview', exact: true }).click()
    const cell = (name: string) => page.getByRole('cell').filter({ hasText: name }).first()
    await cell(markup).waitFor()
    await cell('a⟨202E⟩txt.exe').waitFor()
    await cell('b⟨00⟩c').waitFor()
    await expectInert()
    await page.getByRole('button', { name: 'Describe this model' }).first().click()
    await page.getByRole('dialog').getByText('b⟨00⟩c').waitFor()
    await expectInert()
    await page.keyboard.press('Escape')
  })

  it('of folders in the folder browser are inert text', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-folders-'))
    for (const name of [markup, reordering]) mkdirSync(join(folder, name))
    await page.keyboard.press('Control+o')
    await page.getByRole('textbox', { name: 'Path' }).fill(folder)
    await page.getByRole('button', { name: 'Go' }).click()
    await page.getByRole('option', { name: markup }).waitFor()
    await page.getByRole('option', { name: 'a⟨202E⟩txt.exe' }).waitFor()
    await expectInert()
    await page.keyboard.press('Escape')
  })

  it('of a vocabulary are inert text wherever tokens show', async () => {
    const folder = modelOfTokens('tokens', [
      ['X', markup, false],
      ['Y', reordering, true],
      ['Z', zero, false]
    ])
    await openPath(page, folder)
    await page.getByRole('treeitem', { name: /^tokens/ }).waitFor()
    await page.getByRole('tab').filter({ hasText: 'Attention' }).click()
    const prompt = page.getByRole('textbox', { name: 'Text' })
    await prompt.fill(`Ab${markup}cd${reordering}e${zero}f`)
    await prompt.press('Control+Enter')
    await page.getByRole('application', { name: ', 9 tokens' }).first().waitFor()
    const chips = page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
    await expect.poll(() => chips.count()).toBe(9)
    for (const at of [2, 5, 7]) {
      await chips.nth(at).hover()
      await chips.nth(at).click()
      await expectInert()
    }
    const texts = (await chips.allTextContents()).join(' ')
    for (const shown of ['<img', 'a⟨202E⟩txt.exe', 'b⟨00⟩c']) expect(texts).toContain(shown)
    await page.getByRole('application', { name: ', 9 tokens' }).first().hover()
    await expectInert()
  })

  it('of a vocabulary stand in many lines, each measured once: a token may have thousands of letters', async () => {
    const content = 'wide '.repeat(4000)
    const folder = modelOfTokens('long-tokens', [['X', content, false]])
    await openPath(page, folder)
    await page.getByRole('treeitem', { name: /^long-tokens/ }).waitFor()
    const prompt = page.getByRole('textbox', { name: 'Text' })
    await prompt.fill(`Ab${content}c`)
    await prompt.press('Control+Enter')
    await page.getByRole('application', { name: ', 4 tokens' }).first().waitFor()
    const taken = await clockTime(async () => {
      await runCommand(page, 'show text')
      const panel = page.getByRole('tabpanel').filter({ visible: true })
      const lines = () => panel.locator('[data-index="2"] .more').count()
      await expect.poll(lines).toBeGreaterThan(50)
    })
    // Line by line of all letters it took a minute.
    expect(taken).toBeLessThan(20_000)
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
