/**
 * How quick the window is, as it is built, in a real browser: from the page's start until maps of the sample are seen, at a
 * first start and at later ones; from a click on a tab until its map of 1,000 tokens is; and frames while the line of
 * 1,000 tokens is scrolled, the pointer moves over the map, a map of 50,257 × 768 weights is dragged, a
 * projection of 100,000 tokens is dragged, pointed at and turned, and 48 layers in space are turned. Beside times of the clock, which need a machine that
 * does nothing else, it tells what the page's thread took of a processor.
 *
 *     npm run bench:window -- [--times 5]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { longModel, longText } from '../test/e2e/long-model.ts'
import { sharedChromium } from '../test/contract/chromium.ts'
import { deepModel, wideModel } from '../test/e2e/altered-llama.ts'
import { runCommand } from '../test/e2e/command.ts'
import { dragMap, hoverMap, scrollTokens } from '../test/e2e/gestures.ts'
import { openModel } from '../test/e2e/open-path.ts'
import { serveWindow } from '../test/e2e/served-window.ts'
import { inFolder, modelFolder } from './bench-folder.ts'
import {
  firstMaps,
  frameCounter,
  timeOfSwitch,
  watchFirstMaps,
  type FrameCounter,
  type Work
} from './window-times.ts'

const { values } = parseArgs({ options: { times: { type: 'string', default: '5' } } })
const times = Number(values.times)
/** How often the pointer moves, or the wheel turns, in what is measured. */
const moves = 120
/** As most people have it. */
const moving = { reducedMotion: 'no-preference' } as const

print(`load average ${loadavg()[0]!.toFixed(1)}; medians of ${times}, and the longest`)
await starts()
await longMaps()
await inFolder(async folder => manyWeights(await modelFolder(folder)))
await manyPoints()
await manyLayers()
print(`load average ${loadavg()[0]!.toFixed(1)}`)
await (await sharedChromium()).close()

async function starts(): Promise<void> {
  const first: number[] = []
  const again: number[] = []
  for (let time = 0; time < times; time++) {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-bench-'))
    for (const all of [first, again]) {
      const served = await serveWindow(moving, folder, false, watchFirstMaps)
      const { small, large } = await firstMaps(served.page)
      all.push(Math.max(small, large))
      // What is saved last is saved.
      await served.page.waitForTimeout(1000)
      await served.close()
    }
    rmSync(folder, { recursive: true, force: true })
  }
  print(`page start to maps, first start    ${summary(first)}`)
  print(`page start to maps, later start    ${summary(again)}`)
}

/** Has something done in a window of its own, once it shows the sample. */
async function inWindow(work: (page: Page) => Promise<void>): Promise<void> {
  const served = await serveWindow(moving)
  try {
    await served.page.getByRole('application', { name: '81 tokens' }).waitFor()
    await work(served.page)
  } finally {
    await served.close()
  }
}

async function longMaps(): Promise<void> {
  await inWindow(async page => {
    await openModel(page, longModel())
    await page.getByRole('textbox', { name: 'Text' }).fill(longText)
    await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
    for (const head of ['0.1', '1.0']) await openHead(page, head)
    const counter = await frameCounter(page)

    const switches: number[] = []
    const busy: number[] = []
    for (let time = 0; time < times; time++)
      for (const head of ['0.1', '1.0']) {
        const work = await counter.during(async () => {
          const map = `Attention map of Head ${head}`
          switches.push(await timeOfSwitch(page, `Head ${head} · attention`, map))
        })
        busy.push(work.busy)
        await page.waitForTimeout(500)
      }
    print(`click on a tab to its map          ${summary(switches)}`)
    print(`  processor time of it             ${summary(busy)}`)
    await frames('scrolling 1,000 tokens', counter, () => scrollTokens(page, moves))
    await frames('hovering over the map', counter, () => hoverMap(page, moves))
  })
}

async function manyWeights(folder: string): Promise<void> {
  await inWindow(async page => {
    await openModel(page, folder)
    await page.getByRole('tab', { name: 'Overview' }).click()
    await page.getByRole('searchbox', { name: 'Filter tensors' }).fill('wte')
    await page.getByRole('row').filter({ hasText: 'wte.weight' }).first().dblclick()
    await page.getByRole('application', { name: /^Weights of .*wte\.weight/ }).waitFor()
    const part = page.getByRole('textbox', { name: 'Part' })
    await part.fill('10000:20000, 0:768')
    await part.press('Enter')
    await page.waitForTimeout(2000)
    await frames('dragging 50,257 × 768 weights', await frameCounter(page), () =>
      dragMap(page, moves)
    )
  })
}

async function manyPoints(): Promise<void> {
  await inWindow(async page => {
    await openModel(page, wideModel(100_000))
    await runCommand(page, 'show projector')
    const panel = page.getByRole('tabpanel').filter({ visible: true })
    await panel.getByRole('button', { name: /^Vectors:/ }).click()
    await page.getByRole('menuitemradio', { name: 'Tokens', exact: true }).click()
    await panel.getByRole('application', { name: 'Tokens: 100000 points' }).waitFor()
    const counter = await frameCounter(page)
    await frames('dragging 100,000 points', counter, () => dragMap(page, moves))
    await frames('pointing at 100,000 points', counter, () => hoverMap(page, moves))
    await panel.getByRole('radio', { name: '3-D' }).click()
    await panel.getByText(/^PC 1 .* · PC 3 /).waitFor()
    await frames('turning 100,000 points', counter, () => dragMap(page, moves))
  })
}

async function manyLayers(): Promise<void> {
  await inWindow(async page => {
    await runCommand(page, 'show architecture')
    await page.getByRole('radio', { name: '3-D' }).click()
    await openModel(page, deepModel(48))
    await page.getByText(/^\d{3} parts$/).waitFor()
    await frames('turning 48 layers', await frameCounter(page), () => dragMap(page, moves))
  })
}

async function openHead(page: Page, head: string): Promise<void> {
  await page.getByRole('tab', { name: 'Attention', exact: true }).click()
  await page.getByRole('gridcell', { name: `Head ${head}`, exact: true }).dblclick()
  await page.getByRole('grid', { name: 'All heads' }).waitFor({ state: 'hidden' })
  const map = page.getByRole('application', { name: `Attention map of Head ${head}` })
  await map.filter({ visible: true }).waitFor()
  await page.waitForTimeout(1000)
}

async function frames(
  name: string,
  counter: FrameCounter,
  action: () => Promise<void>
): Promise<void> {
  const all: Work[] = []
  for (let time = 0; time < times; time++) all.push(await counter.during(action))
  const intervals = all.flatMap(({ frames }) => frames)
  const late = intervals.filter(time => time > 25).length
  const busy = all.reduce((sum, { busy }) => sum + busy, 0) / intervals.length
  print(`${name}: frames`.padEnd(35) + summary(intervals))
  print(`  frames that were late             ${late} of ${intervals.length}`)
  print(`  processor time a frame            ${busy.toFixed(1)} ms`)
}

function summary(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  return `${sorted[sorted.length >> 1]!.toFixed(0)} ms, ${sorted.at(-1)!.toFixed(0)} ms`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
