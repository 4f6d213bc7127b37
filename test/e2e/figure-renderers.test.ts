import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { svgWith } from '#common/figure/svg-with.ts'
import { figureFaces } from '../../src/main/figure/fonts.ts'
import { figurePng } from '../../src/main/figure/raster.ts'
import { svgDocument } from '../../src/main/figure/svg-document.ts'
import { svgFonts } from '../../src/main/figure/svg-fonts.ts'
import { sharedChromium } from '../contract/chromium.ts'

const files = mkdtempSync(join(tmpdir(), 'lamella-renderers-'))
const folder = join(import.meta.dirname, '../common/figure')
let page: Page
beforeAll(async () => {
  page = await (await sharedChromium()).newPage({ deviceScaleFactor: dense })
})
afterAll(() => page.close())

/** Pixels of the picture for one of the figure. */
const dense = 2
/** Of blocks so wide the mean is compared: the edges of letters and lines are smoothed by each in its way. */
const block = 8 * dense

/** The mean of each block, from 0 to 255. */
function blocks({ data, width, height, channels }: ReturnType<typeof decode>): Float64Array {
  const across = Math.floor(width / block)
  const sums = new Float64Array(across * Math.floor(height / block))
  for (let y = 0; y < Math.floor(height / block) * block; y++)
    for (let x = 0; x < across * block; x++) {
      const at = channels * (y * width + x)
      const sum = data[at]! + data[at + 1]! + data[at + 2]!
      sums[Math.floor(y / block) * across + Math.floor(x / block)]! += sum / 3 / block ** 2
    }
  return sums
}

/** By how much the block differs most that Chromium and resvg draw least alike. */
async function apart(name: string, svg: string): Promise<number> {
  const figure = svgDocument(svg)
  const [width, height] = [Math.ceil(figure.width), Math.ceil(figure.height)]
  await page.setViewportSize({ width, height })
  const path = join(files, `${name}.svg`)
  writeFileSync(path, svgWith(svg, [], await svgFonts(svg)))
  await page.goto(pathToFileURL(path).href)
  await page.evaluate(async () => {
    await Promise.all([...document.fonts].map(face => face.load()))
  })
  const seen = blocks(decode(await page.screenshot()))
  const size = { width: dense * width, height: dense * height }
  const ground = svg.replace(
    /<svg[^>]*>/,
    own => `${own}<rect width="${width}" height="${height}" fill="#ffffff"></rect>`
  )
  const drawn = blocks(decode(await figurePng(svgDocument(ground), await figureFaces(), size)))
  return Math.max(...seen.map((value, i) => Math.abs(value - drawn[i]!)))
}

/** Letters a pixel out of place make it 50 and more. */
const alike = 22

it.each([
  'attention-map',
  'model-lines',
  'signed-bars',
  'token-grid',
  'shaded-text',
  'head-scatter'
])('%s is drawn alike by Chromium and by resvg', async name => {
  // Those of the window are drawn as files are, in the fonts that these bring.
  const svg = readFileSync(join(folder, `${name}.svg`), 'utf8').replaceAll(" Variable'", "'")
  expect(await apart(name, svg)).toBeLessThan(alike)
})

it('signs that a font would let run together stand as they are', async () => {
  const text = (y: number, family: string) =>
    `<text dominant-baseline="central" text-anchor="start" style="font: 400 12px '${family}'" xml:space="preserve" x="8" y="${y}" fill="#000000">&lt;|a|&gt; -&gt; !=</text>`
  const texts = text(20, 'JetBrains Mono') + text(44, 'Inter')
  const svg = `<svg width="160" height="64" viewBox="0 0 160 64" xmlns="http://www.w3.org/2000/svg">${texts}</svg>`
  expect(await apart('signs', svg)).toBeLessThan(alike)
})
