import { readFileSync } from 'node:fs'
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
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show contextual embeddings')
  await panel().getByLabel('norm of the step: 5 rows over 81 tokens').waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const form = (name: string) => panel().getByRole('radio', { name, exact: true }).click()
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
async function choose(field: string, option: string): Promise<void> {
  await panel()
    .getByRole('button', { name: new RegExp(`^${field}`) })
    .click()
  await page.getByRole('menuitemradio', { name: option }).click()
}
/** The number at the end of the read-out. */
async function told(): Promise<number> {
  const [number] = /−?[\d.]+$/.exec((await readOut().textContent())!.trim()) ?? ['']
  return Number(number.replace('−', '-'))
}
async function saved(format: RegExp): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  return readFileSync(await (await downloading).path(), 'utf8')
}
interface Saved {
  readonly variables: Readonly<Record<string, { readonly data: number[][] }>>
}

describe('contextual embeddings', () => {
  it('say of each token at each layer how far it moved, as the numbers have it', async () => {
    const grid = panel().getByLabel('norm of the step: 5 rows over 81 tokens')
    await grid.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowUp')
    await readOut()
      .getByText(/^After block 1 at 1 /)
      .waitFor()
    const { variables } = JSON.parse(await saved(/^JSON/)) as Saved
    expect((await told()) / variables['moved']!.data[2]![1]!).toBeCloseTo(1, 1)
    expect(await saved(/^SVG/)).toMatch(/--view hidden-states .*--set form=layers/)
  })

  it('compare each two tokens at a layer, whose cell is selected in the text', async () => {
    await form('Tokens')
    await choose('Layer', '3')
    const map = panel().getByRole('application', { name: 'Cosines of tokens' })
    await map.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await readOut()
      .getByText(/ and .*: cosine /)
      .waitFor()
    const { variables } = JSON.parse(await saved(/^JSON/)) as Saved
    const { data } = variables['similarity']!
    const all = data.flat()
    const own = await told()
    expect(Math.min(...all.map(value => Math.abs(value - own)))).toBeLessThan(0.01)
    expect(data[5]![5]!).toBeCloseTo(1, 5)
    expect(await saved(/^SVG/)).toContain('fixed range')
  })

  it('compare a word at all its places, and say where it is nowhere', async () => {
    await form('A word')
    await panel().getByRole('application', { name: 'Cosines of places' }).waitFor()
    const word = panel().getByRole('textbox', { name: 'Word' })
    await word.fill('Q')
    await word.press('Enter')
    await panel().getByText('The word is nowhere').waitFor()
    await word.fill('z')
    await word.press('Enter')
    await panel().getByText('The word stands in one place').waitFor()
    await word.fill('e')
    await word.press('Enter')
    await panel().getByRole('application', { name: 'Cosines of places' }).waitFor()
  })

  it('compare the lines of a text by what stands for each', async () => {
    await form('Texts')
    await panel().getByText('There is one text').waitFor()
    await choose('Texts that are compared', 'Its lines')
    await panel().getByRole('application', { name: 'Cosines of texts' }).waitFor()
    await panel()
      .getByText(/^its lines: \d windows/)
      .waitFor()
    await panel()
      .getByText(/^Any two of these texts 0\.\d+, any two tokens 0\.\d+, after block \d$/)
      .waitFor()
    await choose('What stands for a text', 'last token')
    await expect
      .poll(
        async () =>
          (JSON.parse(await saved(/^JSON/)) as Saved).variables['sentence_similarity']!.data.length
      )
      .toBeGreaterThan(1)
  })

  it('keep what they are set to over a reload', async () => {
    await page.reload()
    await panel().getByRole('application', { name: 'Cosines of texts' }).waitFor()
    await form('Layers')
  })

  it('stand in Hebrew, at 640 pixels, and can be read', async () => {
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await page.setViewportSize({ width: 640, height: 800 })
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('בראשית ברא אלהים')
    await text.press('Control+Enter')
    await panel()
      .getByLabel(/rows over 16 tokens$/)
      .waitFor()
    const wide = await panel().evaluate(own => own.scrollWidth - own.clientWidth)
    expect(wide).toBe(0)
    expect(await faintTexts(page)).toEqual([])
    expect(served.complaints).toEqual([])
  })
})
