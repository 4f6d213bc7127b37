import { readFileSync } from 'node:fs'
import { decode } from 'fast-png'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sentencesOf } from '../../src/common/text/sentences.ts'
import { focusedName, runCommand } from './command.ts'
import { faintTexts } from './contrast.ts'
import { wideModel } from './altered-llama.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'
import { dragMap, hoverMap } from './gestures.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show projector')
  await points('Tokens: 65 points').waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const points = (name: string | RegExp) => panel().getByRole('application', { name })
const readOut = () => panel().getByRole('status', { name: 'Read-out' })
const side = (name: string) => panel().getByRole('region', { name })
const button = (name: string | RegExp) => panel().getByRole('button', { name, exact: true })

async function choose(field: RegExp, option: string): Promise<void> {
  await button(field).click()
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
}
async function saved(format: RegExp): Promise<string> {
  await button('Export').click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

/** Of the picture: how many pixels are clearly more blue than red. */
async function bluePixels(): Promise<number> {
  const { data, channels } = decode(
    await points(/^Tokens/)
      .locator('canvas')
      .first()
      .screenshot()
  )
  let count = 0
  for (let i = 0; i < data.length; i += channels) if (data[i + 2]! > data[i]! + 80) count++
  return count
}

/** Waits for something in the inspector of another tab, and comes back. */
async function elsewhere(what: (inspector: Locator) => Locator): Promise<void> {
  await page.getByRole('tab', { name: 'Attention' }).click()
  await what(page.getByRole('complementary', { name: 'Inspector' })).waitFor()
  await page.getByRole('tab', { name: 'Projector' }).click()
}

interface Saved {
  readonly axes: { readonly point: { readonly labels: string[] } }
  readonly variables: Record<'places' | 'norm', { readonly data: unknown }>
  readonly attributes: { readonly params: { readonly method?: string }; readonly from: string[] }
}

describe('the vocabulary', () => {
  it('is seen as a whole by principal components, and says what they show', async () => {
    await panel()
      .getByText(/^all 65 · [\d.]+ % of the variance · trustworthiness 0\.\d+$/)
      .waitFor()
    await panel()
      .getByText(/^PC 1 \([\d.]+ %\)$/)
      .waitFor()
    for (const kind of ['letters', 'digits', 'spaces', 'signs'])
      await panel().getByText(kind, { exact: true }).waitFor()
    // 65 dots, 7 pixels wide each, most of them of letters, which are blue.
    await expect.poll(bluePixels).toBeGreaterThan(30 * 20)
    await button('Labels').click()
    expect(await bluePixels()).toBeLessThan(65 * 49)
    await button('Labels').click()
  })

  it('has the neighbours of a found token in the full space', async () => {
    await panel().getByRole('searchbox', { name: 'Find points' }).fill('#12')
    await side('Found').getByRole('button').first().click()
    await expect.poll(() => readOut().textContent()).toContain('Token 12 · norm')
    const rows = side('Neighbours').getByRole('button')
    await expect.poll(() => rows.count()).toBe(16)
    const cosines = () =>
      rows.evaluateAll(all => all.map(row => Number(/cosine (\S+)$/.exec(row.ariaLabel ?? '')![1])))
    // While those of the token before give way, rows that were found first are seen in another order.
    await expect
      .poll(async () => (await cosines()).every((own, i, all) => i === 0 || own <= all[i - 1]!))
      .toBe(true)
    await rows.first().click()
    // What takes the place of the row that was clicked may be the token again, and is pointed at.
    await page.mouse.move(0, 0)
    await expect.poll(() => readOut().textContent()).not.toContain('Token 12 ·')
    await panel().getByRole('searchbox', { name: 'Find points' }).fill('')
  })

  it('goes from point to point by arrow keys, and tells the text', async () => {
    const own = points(/^Tokens/)
    await own.focus()
    const before = await readOut().textContent()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => readOut().textContent()).not.toBe(before)
    expect(await focusedName(page)).toBe('Tokens: 65 points')
  })

  it('is drawn around, and what is within is listed', async () => {
    const { x, y, width, height } = (await points(/^Tokens/).boundingBox())!
    await button('Draw around points').click()
    await page.mouse.move(x + 2, y + 2)
    await page.mouse.down()
    for (const [right, down] of [
      [width / 2, 2],
      [width / 2, height - 2],
      [2, height - 2]
    ])
      await page.mouse.move(x + right!, y + down!, { steps: 3 })
    await page.mouse.up()
    const heading = side('Selected together').getByRole('heading')
    await heading.waitFor()
    const count = Number(/\d+/.exec((await heading.textContent())!)![0])
    expect(count).toBeGreaterThan(3)
    expect(count).toBeLessThan(62)
    const { variables } = JSON.parse(await saved(/^JSON/)) as {
      variables: { selected: { data: number[] } }
    }
    expect(variables.selected.data.filter(own => own === 1)).toHaveLength(count)
    await side('Selected together').getByRole('button', { name: 'Compare' }).click()
    await panel().getByRole('textbox', { name: 'Words' }).waitFor()
    await page.getByRole('tab', { name: 'Projector' }).click()
    await page.reload()
    await heading.waitFor()
    expect(await heading.textContent()).toContain(String(count))
    await points(/^Tokens/).press('Escape')
    await heading.waitFor({ state: 'detached' })
  })

  it('is turned in space, and saved as it is seen', async () => {
    await panel().getByRole('radio', { name: '3-D' }).click()
    await panel()
      .getByText(/PC 3 \([\d.]+ %\)$/)
      .waitFor()
    const own = points(/^Tokens/)
    const where = () =>
      saved(/^SVG/).then(svg => /from \d+° to the \w+ and \d+° \w+/.exec(svg)?.[0])
    const first = await where()
    expect(first).toBe('from 34° to the right and 23° above')
    const { x, y } = (await own.boundingBox())!
    await page.mouse.move(x + 200, y + 150)
    await page.mouse.down()
    await page.mouse.move(x + 260, y + 150, { steps: 3 })
    await page.mouse.up()
    // 60 pixels are 36°.
    expect(await where()).toBe('from 2° to the left and 23° above')
    await own.focus()
    await page.keyboard.press('Shift+ArrowDown')
    expect(await where()).toBe('from 2° to the left and 30° above')
    await page.reload()
    await own.waitFor()
    expect(await where()).toBe('from 2° to the left and 30° above')
    await button('Turn back').click()
    expect(await where()).toBe(first)
    expect(await bluePixels()).toBeGreaterThan(65)
    await panel().getByRole('radio', { name: '2-D' }).click()
  })

  it('is seen by other components, of which each tells what it shows', async () => {
    await choose(/^Upwards:/, 'PC 4')
    await panel()
      .getByText(/^PC 4 \([\d.]+ %\)$/)
      .waitFor()
    await choose(/^Upwards:/, 'PC 1')
    // No two axes are the same: the other one gives way.
    await button(/^Across: PC 4/).waitFor()
    await choose(/^Across:/, 'PC 1')
    await choose(/^Upwards:/, 'PC 2')
  })

  it('is coloured by clusters, which can be named, and keeps their names', async () => {
    await choose(/^Colours:/, 'cluster')
    const clusters = side('Clusters')
    const names = clusters.getByRole('textbox', { name: /^Name of cluster/ })
    await expect.poll(() => names.count()).toBe(6)
    expect(await names.first().inputValue()).toMatch(/^near \S+$/)
    await clusters.getByText(/% of the variance lies between them/).waitFor()
    await names.first().fill('common letters')
    await page.keyboard.press('Tab')
    const legend = points(/^Tokens/).getByText('common letters', { exact: true })
    await legend.waitFor()
    expect(await saved(/^SVG/)).toContain('common letters')
    await page.reload()
    await legend.waitFor()
    await choose(/^Colours:/, 'kind')
    await clusters.waitFor({ state: 'detached' })
  })

  it('is coloured by frequency rank, and says what stands in for it', async () => {
    await choose(/^Colours:/, 'frequency')
    await panel()
      .getByText(/^The order of token ids stands in/)
      .waitFor()
    await points(/^Tokens/)
      .getByText(/^log₁₀ of frequency rank by the order of ids/)
      .waitFor()
    await choose(/^Colours:/, 'kind')
  })

  it('is laid out by UMAP, of which there are no axes, and saved with every point', async () => {
    await panel().getByRole('radio', { name: 'UMAP' }).click()
    await panel()
      .getByText(/^PC 1 \(/)
      .waitFor({ state: 'detached' })
    await panel()
      .getByText(/^all 65 · trustworthiness 0\.\d+$/)
      .waitFor()
    const svg = await saved(/^SVG/)
    expect(svg.match(/ecmeta_ssr_type="chart"/g)).toHaveLength(65)
    const { axes, attributes } = JSON.parse(await saved(/^JSON/)) as Saved
    expect(axes.point.labels).toHaveLength(65)
    expect(attributes.params.method).toBe('umap')
    expect(attributes.from.at(-1)).toMatch(
      /^Again: npm run --silent lamella -- figure .* --view projector --set set=input --set method=umap/
    )
  })

  it('lies along an axis from one word to another once both are named', async () => {
    await panel().getByRole('radio', { name: 'Axis' }).click()
    await panel()
      .getByText(/until Axis has two words/)
      .waitFor()
    await panel().getByRole('textbox', { name: 'From' }).fill('a')
    await panel().getByRole('textbox', { name: 'To' }).fill('z')
    await page.keyboard.press('Tab')
    await panel().getByText('a → z', { exact: true }).waitFor()
    await panel().getByRole('textbox', { name: 'To' }).fill('a')
    await page.keyboard.press('Tab')
    await panel()
      .getByText(/a and a have the same vector/)
      .waitFor()
    await panel().getByRole('radio', { name: 'PCA' }).click()
  })
})

describe('other vectors', () => {
  it('are the tokens of the text, selected here and elsewhere', async () => {
    await choose(/^Vectors:/, 'Text’s tokens')
    await points('Text’s tokens: 81 points').waitFor()
    await points(/^Text/).focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => readOut().textContent()).toMatch(/Position \d+, token \d+/)
    const [, position] = /Position (\d+)/.exec((await readOut().textContent())!)!
    await side('Neighbours').getByText('Nearest among these points').waitFor()
    await elsewhere(inspector => inspector.getByText(`query ${position}`, { exact: true }))
  })

  it('are its tokens through the layers, played and moved to by keys, each layer saved', async () => {
    await choose(/^Colours:/, 'cluster')
    await side('Clusters').waitFor()
    await choose(/^Vectors:/, 'Tokens by layer')
    await points('Tokens by layer: 81 points').waitFor()
    // Of all layers together there are no clusters: colours are of something else, and nothing is said of any.
    await button('Colours: position').waitFor()
    expect(await side('Clusters').count()).toBe(0)
    await choose(/^Colours:/, 'position')
    const layer = panel().getByRole('slider', { name: 'Layer that is seen' })
    const seen = panel().getByRole('group', { name: 'Layer that is seen' }).getByRole('status')
    expect(await seen.textContent()).toBe('the input')
    await layer.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await seen.textContent()).toBe('after block 1')
    expect(await saved(/^SVG/)).toContain('after block 1')
    await page.reload()
    await expect.poll(() => seen.textContent()).toBe('after block 1')
    // It comes to the last by itself, and begins anew from there.
    await button('Play through the layers').press('Enter')
    await expect.poll(() => seen.textContent()).toBe('after block 3')
    await button('Play through the layers').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await button('Play through the layers').waitFor()
    expect(await seen.textContent()).not.toBe('after block 3')
    const { axes } = JSON.parse(await saved(/^JSON/)) as Saved
    expect(axes.point.labels).toHaveLength(5 * 81)
  })

  it('are the lines of the text, each by a vector that stands for it', async () => {
    await choose(/^Vectors:/, 'Texts and sentences')
    await points(/^Texts and sentences: \d points/).waitFor()
    await choose(/^What stands for a text:/, 'last token')
    await points(/^Texts/).focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => readOut().textContent()).toMatch(/Text \d · norm/)
    await side('Neighbours').getByText('Nearest among these points').waitFor()
    const { axes, attributes } = JSON.parse(await saved(/^JSON/)) as Saved
    const text = await page.getByRole('textbox', { name: 'Text' }).inputValue()
    const lines = text.split('\n').filter(line => line.trim() !== '')
    expect(axes.point.labels).toEqual(lines.map(line => line.trim()))
    expect(attributes.params).toMatchObject({ set: 'sentences', sentence: 'last' })
    await choose(/^Texts that are points:/, 'Sentences of the text')
    const sentences = sentencesOf(text).filter(sentence => sentence.trim() !== '')
    await points(`Texts and sentences: ${sentences.length} points`).waitFor()
  })

  it('are seen while they are laid out, and stay as they were when that is stopped', async () => {
    await choose(/^Vectors:/, 'Neurons, what they read')
    await choose(/^Layer:/, 'All layers')
    await points('Neurons, what they read: 2048 points').waitFor()
    await panel().getByRole('radio', { name: 't-SNE' }).click()
    await panel()
      .getByText(/^t-SNE as it is by now: [\d.]+ % of the work is done/)
      .waitFor()
    await panel().getByRole('button', { name: 'Cancel' }).click()
    await panel()
      .getByText(/^t-SNE as it was when it was stopped: [\d.]+ %/)
      .waitFor()
    await panel()
      .getByText(/^2,000 of 2,048, a sample$/)
      .waitFor()
    await panel().getByRole('radio', { name: 'PCA' }).click()
    await panel()
      .getByText(/^all 2,048 · /)
      .waitFor()
  })

  it('are heads, of which one is selected everywhere', async () => {
    await choose(/^Vectors:/, 'Heads by W_O')
    await points('Heads by W_O: 16 points').waitFor()
    await points(/^Heads/).focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => readOut().textContent()).toMatch(/Head (?!0\.0)\d\.\d/)
    const [, head] = /Head (\d\.\d)/.exec((await readOut().textContent())!)!
    await elsewhere(inspector => inspector.getByRole('heading', { name: `Head ${head}` }))
  })

  it('can be read in the dark, and at 640 pixels', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => faintTexts(page)).toEqual([])
    await page.setViewportSize({ width: 640, height: 800 })
    const { width, height } = (await points(/^Heads/).boundingBox())!
    expect(width).toBeGreaterThan(500)
    expect(height).toBeGreaterThan(200)
  })
})

it('moves, turns and points at 100,000', async () => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await openModel(page, wideModel(100_000))
  await runCommand(page, 'show projector')
  await choose(/^Vectors:/, 'Tokens')
  await points('Tokens: 100000 points').waitFor()
  const picture = () => panel().locator('canvas').first().screenshot()
  const before = await picture()
  await dragMap(page)
  await expect.poll(picture).not.toEqual(before)
  await hoverMap(page)
  await expect.poll(() => readOut().textContent()).toMatch(/^#\d+ · Token \d+ · norm /)
  await panel().getByRole('radio', { name: '3-D' }).click()
  await panel()
    .getByText(/^PC 1 .* · PC 3 /)
    .waitFor()
  const inSpace = await picture()
  await dragMap(page)
  await expect.poll(picture).not.toEqual(inSpace)
  expect(served.complaints).toEqual([])
})
