import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { longModel, longText } from './long-model.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'
import {
  firstMaps,
  frame,
  frameCounter,
  hoverMap,
  moves,
  quickest,
  scrollTokens,
  timeOfSwitch,
  watchFirstMaps,
  type FrameCounter
} from './speed.ts'

// Times of the clock are told, and judged where nothing else runs (`npm run bench:window`); what the page's thread takes of
// a processor is held against what it takes for work of a known length.
let served: ServedWindow
let page: Page
let counter: FrameCounter
beforeAll(async () => {
  served = await serveWindow({ reducedMotion: 'no-preference' }, undefined, true, watchFirstMaps)
  page = served.page
})
afterAll(() => served.close())

async function openHead(head: string): Promise<void> {
  await page.getByRole('tab', { name: 'Attention', exact: true }).click()
  await page.getByRole('gridcell', { name: `Head ${head}`, exact: true }).dblclick()
  const map = page.getByRole('application', { name: `Attention map of Head ${head}` })
  await page.getByRole('grid', { name: 'All heads' }).waitFor({ state: 'hidden' })
  await map.filter({ visible: true }).waitFor()
}

/** How many frames there were, and how many came late. */
function told(frames: readonly number[]): string {
  const late = frames.filter(time => time > 1.5 * frame).length
  return `${frames.length} frames, ${late} late, the longest ${Math.max(...frames).toFixed(0)} ms`
}

describe('the window', () => {
  it('shows maps of the sample by itself', async ({ annotate }) => {
    const { small, large } = await firstMaps(page)
    await annotate(`small maps after ${small.toFixed(0)} ms, the large one ${large.toFixed(0)} ms`)
  })

  it('changes between tabs of 1,000 tokens with less than 100 ms of its thread', async ({
    annotate
  }) => {
    await openModel(page, longModel())
    await page.getByRole('textbox', { name: 'Text' }).fill(longText)
    await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
    await page.getByRole('application', { name: ', 1000 tokens' }).waitFor()
    for (const head of ['0.1', '1.0']) await openHead(head)
    counter = await frameCounter(page)
    const heads = ['0.1', '1.0', '0.1'].values()
    const most = 100
    const toNext = async () => {
      const head = heads.next().value!
      const map = `Attention map of Head ${head}`
      const time = await timeOfSwitch(page, `Head ${head} · attention`, map)
      await annotate(`head ${head} after ${time.toFixed(0)} ms`)
    }
    const { busy } = await quickest(page, counter, toNext, most)
    expect(busy).toBeLessThan(most)
  })

  it('draws the tokens that are seen, and the last one where it is gone to', async () => {
    const tokens = page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
    expect(await tokens.count()).toBeLessThan(700)
    const last = page.getByRole('option').and(page.locator('[aria-posinset="1000"]'))
    expect(await last.count()).toBe(0)
    await page.getByRole('listbox', { name: 'Tokens' }).press('End')
    await last.waitFor()
    const { x, width } = (await last.boundingBox())!
    expect(x + width).toBeLessThan(1440)
    await page.getByRole('listbox', { name: 'Tokens' }).press('Home')
    await last.waitFor({ state: 'detached' })
  })

  for (const [name, move, most] of [
    ['scrolls 1,000 tokens', scrollTokens, frame],
    // What does not change with the pointer is not computed anew.
    ['follows the pointer over a map of 1,000 tokens', hoverMap, 0.6 * frame]
  ] as const)
    it(`${name} within the time of a frame`, async ({ annotate }) => {
      const { frames, busy } = await quickest(page, counter, () => move(page), moves * most)
      await annotate(`${told(frames)}; ${(busy / moves).toFixed(1)} ms a move`)
      expect(busy / moves).toBeLessThan(most)
    })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
