import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { attentionMap } from '#common/figure/attention-map.ts'
import { drawnFigure, type DrawnFigure } from '#common/figure/drawn-figure.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { headScatter } from '#common/figure/head-scatter.ts'
import { figureHtml } from '#common/figure/html/figure-html.ts'
import { figureSpots, type FigureSpots } from '#common/figure/html/figure-spots.ts'
import { plainWish } from '#common/figure/presets.ts'
import { svgWith } from '#common/figure/svg-with.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { sharedChromium } from '../contract/chromium.ts'

const hostile = '</script><img src=x onerror="window.taken = 1"><script>window.taken = 1</script>'
const folder = mkdtempSync(join(tmpdir(), 'lamella-page-'))
let page: Page
/** What the page asked for, and what it complained of. */
let asked: string[] = []
let complaints: string[] = []

beforeAll(async () => {
  page = await (await sharedChromium()).newPage()
  page.on('request', request => asked.push(request.url()))
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
})
afterAll(() => page.close())

/** Opens the page of a figure from its file. */
async function open(drawn: DrawnFigure): Promise<FigureSpots> {
  const spots = figureSpots(drawn)
  const html = figureHtml({
    title: hostile,
    svg: svgWith(figureSvg(drawn), [hostile], ''),
    spots: JSON.stringify(spots),
    lines: [hostile]
  })
  const path = join(folder, 'figure.html')
  writeFileSync(path, html)
  asked = []
  complaints = []
  await page.goto(pathToFileURL(path).href)
  return spots
}

/** Points at a place in the figure's own pixels. */
async function point(x: number, y: number): Promise<string | null> {
  const place = await page.evaluate(
    ([x, y]) => {
      const matrix = document.querySelector('svg')!.getScreenCTM()!
      const { x: left, y: top } = new DOMPoint(x, y).matrixTransform(matrix)
      return { left, top }
    },
    [x, y] as const
  )
  await page.mouse.move(place.left, place.top)
  const tip = page.locator('#tip')
  return (await tip.isVisible()) ? tip.textContent() : null
}

const map = {
  ...{ title: hostile, quantity: 'weight' as const, unit: null, firstHidden: false },
  ...{ view: null, marked: { queries: [], keys: [] }, profiles: null },
  pattern: Float32Array.of(1, 0, 0.25, 0.75),
  tokens: ['First', hostile].map(text => ({ piece: text, text, special: false })),
  visibility: { causal: true, reach: null }
} as const

it.each([false, true])('says the values of cells, mirrored: %s', async mirrored => {
  const drawn = drawnFigure(attentionMap, { ...map, mirrored }, plainLook, plainWish)
  const [grid] = (await open(drawn)).grids
  const at = (row: number, column: number) => {
    const along = (mirrored ? 1 - column : column) + 0.5
    const { width, height } = grid!.cell
    return point(grid!.left + along * width, grid!.top + (row + 0.5) * height)
  }
  expect(await at(1, 0)).toBe(
    `query 1 \u2068${grid!.rows.labels[1]}\u2069\nkey 0 \u2068First\u2069\n0.25`
  )
  expect(await at(0, 1)).toContain('\nno value')
  expect(await point(grid!.left + grid!.width + 4, grid!.top)).toBeNull()
})

it('says the values of points', async () => {
  const axis = (name: string) => ({ name, baselines: [] })
  const data = {
    ...{ title: null, nLayers: 2, x: axis('self'), y: axis(hostile), distances: null },
    points: [{ layer: 1, head: 3, x: 0.25, y: 0.5, group: null }]
  }
  const { points } = await open(drawnFigure(headScatter, data, plainLook, plainWish))
  expect(await point(points[0]!.x + 3, points[0]!.y - 3)).toBe(`1.3\nself: 0.25\n${hostile}: 0.5`)
})

it('runs nothing that is in its texts, and fetches nothing', async () => {
  await open(drawnFigure(attentionMap, { ...map, mirrored: false }, plainLook, plainWish))
  expect(await page.title()).toBe(hostile)
  expect(await page.evaluate(() => 'taken' in window)).toBe(false)
  expect(await page.locator('img').count()).toBe(0)
  expect(asked.filter(url => !url.startsWith('data:'))).toHaveLength(1)
  expect(complaints).toEqual([])
  // Nothing else could run there either: the page's own policy names its one script.
  const refused = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.taken = 1'
    document.body.append(script)
    return !('taken' in window)
  })
  expect(refused).toBe(true)
  await expect.poll(() => complaints.join()).toContain('Content Security Policy')
})
