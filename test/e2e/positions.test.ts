import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectRoot } from '../golden/workbench.ts'
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
  await runCommand(page, 'show positions')
  await map('Positions: matrix').waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const map = (name: string) => panel().getByRole('application', { name, exact: true })
const chart = (name: string) => panel().getByRole('img', { name, exact: true })
const choose = (name: string) => panel().getByRole('radio', { name, exact: true }).click()
const readOut = () => panel().getByRole('status', { name: 'Read-out' })

async function saved(format: RegExp): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

it('shows the matrix, whose cells are walked over and selected in the text', async () => {
  await panel()
    .getByText(/^learned, 192 positions × 128 dimensions · neighbours correlate 0\.\d+$/)
    .waitFor()
  await expect
    .poll(async () => {
      const { data, channels } = decode(await map('Positions: matrix').screenshot())
      let colored = 0
      for (let i = 0; i < data.length; i += channels)
        if (Math.abs(data[i]! - data[i + 2]!) > 40) colored++
      return colored
    })
    .toBeGreaterThan(10_000)
  await map('Positions: matrix').focus()
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight'])
    await page.keyboard.press(key)
  await expect.poll(() => readOut().textContent()).toMatch(/^Position \d+ · dimension 1 · −?\d/)
  const [, position, told] = /Position (\d+) · dimension 1 · (\S+)/.exec(
    (await readOut().textContent())!
  )!
  const { variables } = JSON.parse(await saved(/^JSON/)) as {
    variables: { matrix: { data: number[][] } }
  }
  const value = variables.matrix.data[Number(position)]![1]!
  expect(Number(told!.replace('−', '-'))).toBeCloseTo(value, 2)
  await page.getByRole('tab', { name: 'Attention' }).click()
  await page
    .getByRole('complementary', { name: 'Inspector' })
    .getByText(`query ${position}`, { exact: true })
    .waitFor()
  await page.getByRole('tab', { name: 'Positions' }).click()
})

it('stands beside sines and cosines of the same size, also after a reload', async () => {
  await choose('Beside sinusoidal')
  await map('Sinusoidal, base 10,000: matrix').waitFor()
  const base = panel().getByRole('textbox', { name: 'Base of sines and cosines' })
  await base.fill('100')
  await base.press('Tab')
  await choose('Similarity')
  await map('Sinusoidal, base 100: similarity').waitFor()
  await expect.poll(() => served.saved()).toContain('"form":"similarity"')
  await page.reload()
  const own = map('Learned: similarity')
  await own.focus()
  await page.keyboard.press('ArrowDown')
  await expect
    .poll(() => readOut().textContent())
    .toMatch(/^Positions \d+ and \d+ · learned \S+, sinusoidal \S+$/)
})

it('draws dimensions that are picked and named, and saves them', async () => {
  await choose('The model’s')
  await choose('Curves')
  await panel().getByRole('textbox', { name: 'Dimensions' }).fill('7')
  await page.keyboard.press('Tab')
  await chart('Positions: curves').waitFor()
  await expect.poll(() => chart('Positions: curves').textContent()).toContain(', most variance')
  const svg = await saved(/^SVG/)
  expect(svg).toContain('>7<')
  expect(svg).toMatch(
    /Again: npm run --silent lamella -- figure \S+ --view positions --set form=curves /
  )
  for (const form of ['Spectrum', 'Components', 'Neighbours']) {
    await choose(form)
    await chart(`Positions: ${form.toLowerCase()}`).waitFor()
  }
})

it('adds positions to the tokens of a text, in one scale of colours', async () => {
  await choose('Sum')
  for (const part of ['Token', 'Position']) await map(`${part}: token × dimension`).waitFor()
  await map('Sum: token × dimension').focus()
  await page.keyboard.press('ArrowDown')
  const told = /token (\S+), position (\S+), sum (\S+)$/
  await expect.poll(() => readOut().textContent()).toMatch(told)
  const [token, position, sum] = told
    .exec((await readOut().textContent())!)!
    .slice(1)
    .map(text => Number(text.replace('−', '-')))
  expect(sum!).toBeCloseTo(token! + position!, 2)
  await panel()
    .getByText(/^on average tokens are \S+ long, positions \S+, their cosine \S+$/)
    .waitFor()
  expect(await saved(/^SVG/)).toContain('--view embedding-sum')
})

it('tells wavelengths where queries and keys are turned, and slopes of linear biases', async () => {
  await openModel(page, join(projectRoot, 'test/golden/llama'))
  await runCommand(page, 'show positions')
  await chart('Positions: wavelengths').waitFor()
  await panel()
    .getByText(/^rotary, base [\d,]+ · of \d+ layers alike$/)
    .waitFor()
  await choose('Decay')
  await chart('Positions: decay').waitFor()
  await choose('Frequencies')
  await chart('Positions: frequencies').waitFor()
  expect(await saved(/^SVG/)).toContain('--set form=frequencies')
  await openModel(page, join(projectRoot, 'test/golden/bloom'))
  await runCommand(page, 'show positions')
  await chart('Positions: slopes').waitFor()
  await panel()
    .getByText(/^linear biases/)
    .waitFor()
  await openModel(page, join(projectRoot, 'test/golden/mpnet'))
  await runCommand(page, 'show positions')
  await choose('Table')
  await map('Positions: table').focus()
  await page.keyboard.press('ArrowDown')
  await expect
    .poll(() => readOut().textContent())
    .toMatch(/^Head 0 · −91… tokens behind the query · −?\d/)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(() => faintTexts(page)).toEqual([])
  await page.setViewportSize({ width: 640, height: 800 })
  expect((await map('Positions: table').boundingBox())!.width).toBeGreaterThan(500)
  expect(served.complaints).toEqual([])
})
