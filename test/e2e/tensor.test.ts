import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numberText } from '#common/text/number-text.ts'
import { shakespeare } from '../golden/workbench.ts'
import { focusedName, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const name = 'transformer.h.1.attn.c_attn.weight'
/** [128, 384], read from the file by itself. */
const weights = storedFloats(name)
const weight = (row: number, column: number) => weights[row * 384 + column]!

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await page.getByRole('tab', { name: 'Overview' }).click()
  await page.getByRole('row').filter({ hasText: name }).first().dblclick()
  await map(name).waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const map = (of: string) => panel().getByRole('application', { name: `Weights of ${of}` })
const part = () => panel().getByRole('textbox', { name: 'Part' })
/** Of those side by side. */
const parts = () => panel().getByRole('textbox', { name: /^Part \d$/ })
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
const choose = (form: string) => panel().getByRole('radio', { name: form, exact: true }).click()
const fact = (of: string, words: string) =>
  panel()
    .getByRole('region', { name: of, exact: true })
    .locator('div', { has: page.getByText(words, { exact: true }) })
    .locator('dd')

function storedFloats(of: string): Float32Array {
  const file = readFileSync(join(shakespeare, 'model.safetensors'))
  const length = Number(file.readBigUInt64LE())
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<
    string,
    { data_offsets: [number, number] }
  >
  const [from, to] = header[of]!.data_offsets
  return new Float32Array(new Uint8Array(file.subarray(8 + length + from, 8 + length + to)).buffer)
}

async function saved(format: RegExp): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

describe('the map of a tensor', () => {
  it('is opened from the overview, all of it', async () => {
    await panel().getByText('128 × 384 of F32 · each weight by itself').waitFor()
    expect(await part().inputValue()).toBe('0:128, 0:384')
  })

  it('shows a part that is typed, of which keys tell the weights', async () => {
    await part().fill('3:9, 40:52')
    await part().press('Enter')
    await map(name).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await expect
      .poll(() => readOut().textContent())
      .toBe(`row 4, column 41 · ${numberText(weight(4, 41))}`)
    // Beyond the edge the part goes along.
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowDown')
    await expect.poll(() => part().inputValue()).toBe('5:11, 40:52')
    await expect
      .poll(() => readOut().textContent())
      .toBe(`row 10, column 41 · ${numberText(weight(10, 41))}`)
  })

  it('is saved as it is seen, with its numbers', async () => {
    const table = await saved(/^CSV/)
    expect(table).toContain(String(weight(5, 40)))
    expect(table).toContain(String(weight(10, 51)))
    expect(table).not.toContain(String(weight(11, 40)))
    const svg = await saved(/^SVG/)
    expect(svg).toContain(`>${numberText(weight(5, 40), 2)}<`)
    expect(svg).toContain('--view tensor --set tensor=transformer.h.1.attn.c_attn.weight')
  })

  it('zooms by keys, and says what is no part of it', async () => {
    await map(name).focus()
    await page.keyboard.press('0')
    await expect.poll(() => part().inputValue()).toBe('0:128, 0:384')
    await page.keyboard.press('+')
    await expect.poll(() => part().inputValue()).not.toBe('0:128, 0:384')
    await part().fill('0:129')
    await part().press('Enter')
    await panel().getByRole('alert').getByText('There are 128 rows, from 0 on.').waitFor()
    await part().fill('')
    await part().press('Enter')
    await expect.poll(() => part().inputValue()).toBe('0:128, 0:384')
  })

  it('shows several parts side by side, kept over a reload, each zoomed and closed by itself', async () => {
    const ranges = async () => Promise.all((await parts().all()).map(own => own.inputValue()))
    await part().fill('3:9, 40:52; 5, 0:4')
    await part().press('Enter')
    await expect.poll(ranges).toEqual(['3:9, 40:52', '5:6, 0:4'])
    await panel().getByRole('button', { name: 'Add a part' }).click()
    await parts().last().fill(':')
    await parts().last().press('Enter')
    await expect.poll(ranges).toEqual(['3:9, 40:52', '5:6, 0:4', '0:128, 0:384'])
    const second = panel().getByRole('application', { name: `${name}, 128 rows, 384 columns: 5:6` })
    await second.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect
      .poll(() => readOut().textContent())
      .toBe(`row 5, column 1 · ${numberText(weight(5, 1))}`)
    let svg = ''
    // Until the map of the last part has come, those from before it are there.
    await expect.poll(async () => (svg = await saved(/^SVG/))).toContain('>0:128, 0:384<')
    for (const range of ['3:9, 40:52', '5:6, 0:4', '0:128, 0:384'])
      expect(svg).toContain(`>${range}<`)
    expect(svg).toContain("--set 'parts=3:9, 40:52; 5:6, 0:4; 0:128, 0:384'")
    const table = await saved(/^CSV/)
    expect(table).toContain(`${weight(5, 3)}`)
    await expect.poll(() => served.saved()).toMatch(/"rows":\[5,6\].*"rows":\[0,128\]/)
    await page.reload()
    await expect.poll(ranges).toEqual(['3:9, 40:52', '5:6, 0:4', '0:128, 0:384'])
    await panel().getByRole('button', { name: 'Close part 1' }).click()
    await panel().getByRole('button', { name: 'Close part 1' }).click()
    await panel().getByText('128 × 384 of F32 · each weight by itself').waitFor()
    expect(await part().inputValue()).toBe('0:128, 0:384')
  })

  it('follows what is chosen from the list, by typing', async () => {
    await panel()
      .getByRole('button', { name: `Tensor: ${name}` })
      .click()
    await expect.poll(() => focusedName(page)).toBe('Filter tensors')
    await page.keyboard.type('h.2 c_fc.weight')
    const found = page.getByRole('listbox', { name: 'Tensors' }).getByRole('option')
    await expect.poll(() => found.count()).toBe(1)
    await page.keyboard.press('Enter')
    await map('transformer.h.2.mlp.c_fc.weight').waitFor()
    // The one that is shown stays when it is chosen once more.
    await panel().getByRole('button', { name: 'Tensor: transformer.h.2.mlp.c_fc.weight' }).click()
    await page.keyboard.type('h.2 c_fc.weight')
    await expect.poll(() => found.count()).toBe(1)
    await page.keyboard.press('Enter')
    await found.first().waitFor({ state: 'hidden' })
    await map('transformer.h.2.mlp.c_fc.weight').waitFor()
    await page
      .getByRole('complementary', { name: 'Inspector' })
      .getByRole('heading', { name: 'transformer.h.2.mlp.c_fc.weight' })
      .waitFor()
  })
})

describe('its numbers', () => {
  it('are statistics, and rows that lead to the map', async () => {
    await runCommand(page, `@h.1.attn.c_attn.weight`)
    await choose('Numbers')
    const mean = weights.reduce((sum, value) => sum + value, 0) / weights.length
    const square = weights.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    await expect
      .poll(() => fact('Statistics', 'standard deviation').textContent())
      .toBe(numberText(Math.sqrt(square / weights.length)))
    const first = panel().getByRole('region', { name: 'Unusual rows' }).getByRole('button').first()
    const row = Number(/\d+/.exec((await first.textContent())!)![0])
    await first.click()
    await expect.poll(() => readOut().textContent()).toMatch(new RegExp(`^row ${row}, column 0 · `))
  })

  it('are singular values, kept over a reload', async () => {
    await choose('Spectrum')
    await expect.poll(() => fact('Spectrum', 'rank').textContent()).toBe('128')
    await expect.poll(() => served.saved()).toContain('"form":"spectrum"')
    await page.reload()
    await expect.poll(() => fact('Spectrum', 'rank').textContent()).toBe('128')
    expect(await saved(/^SVG.*singular values/)).toContain('>σ<')
  })

  it('are principal components of the rows', async () => {
    await choose('Components')
    await expect.poll(() => fact('Components', 'rows').textContent()).toBe('128')
    await panel().getByRole('img', { name: 'Rows along the first components' }).waitFor()
    expect(await saved(/^SVG.*first components/)).toContain('--set form=components')
    expect(await faintTexts(page)).toEqual([])
    expect(served.complaints).toEqual([])
  })
})
