import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const text = 'בראשית ברא אלהים את השמים ואת הארץ.\n'

let served: ServedWindow
let page: Page
let folder: string
beforeAll(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'lamella-home-made-')), 'home-made')
  cpSync(hebrew, folder, { recursive: true })
  rmSync(join(folder, 'lamella.json'))
  served = await serveWindow()
  page = served.page
  await page.getByRole('treeitem', { name: /^shakespeare-char/ }).waitFor()
})
afterAll(() => served.close())

const dialog = () => page.getByRole('dialog', { name: 'Describe this model' })
const field = (name: string) => dialog().getByRole('combobox', { name, exact: true })
const result = () => dialog().getByRole('status', { name: 'Result' })

async function choose(name: string, option: RegExp): Promise<void> {
  await field(name).click()
  await page.getByRole('option', { name: option }).click()
  await expect.poll(() => field(name).textContent()).toMatch(option)
}

/** The loss of the reading, in nats. */
async function checked(): Promise<number> {
  await dialog().getByRole('button', { name: 'Check', exact: true }).click()
  await dialog().getByRole('button', { name: 'Check', exact: true }).waitFor()
  await expect.poll(() => result().textContent()).toMatch(/nats against/)
  await expect.poll(() => result().textContent()).not.toMatch(/before the last change/)
  return Number(/([\d.]+) nats against/.exec((await result().textContent())!)![1])
}

describe('a home-made model, described', () => {
  it('opens for its weights and offers to be described', async () => {
    await page.keyboard.press('Control+o')
    await page.getByRole('textbox', { name: 'Path' }).fill(folder)
    await page.getByRole('textbox', { name: 'Path' }).press('Enter')
    await page.getByText('This model cannot run').first().waitFor()
    await page.getByRole('button', { name: 'Describe this model…' }).first().click()
    await dialog().waitFor()
  })

  it('shows every tensor in the part it is taken for', async () => {
    const reading = dialog().getByRole('group', { name: 'Reading' })
    await reading.getByText('self_attn.q_proj_weight').waitFor()
    const words = await reading.textContent()
    for (const part of [
      'Token embedding',
      '× 4',
      'Attention',
      'MLP',
      'Final norm',
      'fc_out.weight'
    ])
      expect(words).toContain(part)
    expect(words).toContain('Nothing: every tensor has a part.')
  })

  it('asks for heads, activation and direction, and follows the answers', async () => {
    await choose('Heads', /^2 heads/)
    await dialog().getByText('2 heads of 64').waitFor()
    await choose('Activation', /^GELUexact|^GELU exact|^GELU$/)
    await dialog().getByText('128 → 512 → 128 · gelu').waitFor()
    await choose('Causal', /^No/)
    await dialog().getByText('both ways').waitFor()
    await choose('Causal', /^Yes/)
  })

  it('says what is wrong with a text, in the dialog', async () => {
    await dialog().getByRole('textbox', { name: 'Sample text' }).fill('Shalom')
    await dialog().getByRole('button', { name: 'Check', exact: true }).click()
    await dialog().getByRole('alert').getByText('The text could not be checked').waitFor()
    await dialog().getByRole('button', { name: 'Dismiss' }).click()
  })

  it('tells by the loss which answers are right', async () => {
    await dialog().getByRole('textbox', { name: 'Sample text' }).fill(text)
    const wrong = await checked()
    // Two heads do better than a guess, and four do better still.
    await expect
      .poll(() => result().textContent())
      .toMatch(/by chance: better than guessing, but with 4 heads it is/)
    await choose('Heads', /^4 heads/)
    await choose('Activation', /^ReLU$/)
    const right = await checked()
    expect(right).toBeLessThan(wrong - 0.2)
    expect(right).toBeLessThan(Math.log(31) / 1.8)
    await expect
      .poll(() => result().textContent())
      .toMatch(/against 3\.43 by chance: the reading makes sense/)
  })

  it('finds the answers of least loss', async () => {
    await choose('Heads', /^8 heads/)
    await dialog().getByRole('button', { name: 'Find the best' }).click()
    const losses = dialog().getByRole('list', { name: 'Loss by activation' })
    await losses.getByRole('button', { name: /ReLU.*(least|likeliest)/ }).waitFor()
    await expect.poll(() => field('Heads').textContent()).toMatch(/4 heads/)
    await expect.poll(() => field('Activation').textContent()).toMatch(/ReLU/)
  })

  it('saves beside the model, says where, and the model runs with its attention', async () => {
    await dialog().getByRole('button', { name: 'Save', exact: true }).click()
    await dialog().getByText(join(folder, 'lamella.json')).waitFor()
    const saved = JSON.parse(readFileSync(join(folder, 'lamella.json'), 'utf8')) as {
      model: { nHeads: number }
    }
    expect(saved.model.nHeads).toBe(4)
    await dialog().getByRole('button', { name: 'Close' }).last().click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByRole('application', { name: ', 36 tokens' }).first().waitFor()
    await expect.poll(() => page.getByRole('gridcell').count()).toBe(16)
    expect(await page.getByRole('treeitem', { name: /^home-made/ }).count()).toBe(1)
  })

  it('is found again after the window is loaded anew', async () => {
    await expect.poll(() => served.saved()).toContain(text.trim())
    await page.reload()
    await page.getByRole('application', { name: ', 36 tokens' }).first().waitFor()
  })

  it('can be described again from the palette, beginning with what was said', async () => {
    await page.keyboard.press('Control+k')
    const command = page.getByRole('combobox', { name: 'Command' })
    await command
      .or(page.getByRole('textbox', { name: 'Command' }))
      .first()
      .fill('describe')
    await page.keyboard.press('Enter')
    await expect.poll(() => field('Heads').textContent()).toMatch(/4 heads/)
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    expect(existsSync(join(folder, 'lamella.json'))).toBe(true)
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
