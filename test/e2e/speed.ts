import type { CDPSession, Page } from 'playwright-core'
import { slowness, yardstick } from '../yardstick.ts'

/** What a window did in some time. */
export interface Work {
  /** Times between its frames, in ms, in their order. */
  readonly frames: readonly number[]
  /**
   * What its own thread took of a processor for that, in ms. Other than times of the clock it is not more where the
   * machine has much else to do.
   */
  readonly busy: number
}

/** Counts frames of a page, and the processor time of its thread. */
export interface FrameCounter {
  during(action: () => Promise<void>): Promise<Work>
}

export async function frameCounter(page: Page): Promise<FrameCounter> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return {
    async during(action) {
      await page.evaluate(() => {
        const times: number[] = []
        const note = (time: number) => {
          times.push(time)
          if (Reflect.get(window, 'frameTimes') === times) requestAnimationFrame(note)
        }
        Reflect.set(window, 'frameTimes', times)
        requestAnimationFrame(note)
      })
      const before = await taskTime(session)
      await action()
      const busy = (await taskTime(session)) - before
      const times = await page.evaluate(() => {
        const times = Reflect.get(window, 'frameTimes') as number[]
        Reflect.set(window, 'frameTimes', null)
        return times
      })
      return { frames: times.slice(1).map((time, i) => time - times[i]!), busy }
    }
  }
}

/**
 * The first of three that is within a limit, or the quickest, less what a busy machine adds to it: its caches make the
 * thread's own time longer, too.
 * @param action gives the same each time
 * @param limit in ms of the page's thread
 */
export async function quickest(
  page: Page,
  counter: FrameCounter,
  action: () => Promise<void>,
  limit: number
): Promise<Work> {
  const works: Work[] = []
  const measured: number[] = []
  for (let time = 0; time < 3; time++) {
    const work = await counter.during(action)
    if (work.busy < limit) return work
    works.push(work)
    const { busy } = await counter.during(async () => void (await page.evaluate(yardstick)))
    measured.push(busy)
  }
  const { frames, busy } = works.toSorted((a, b) => a.busy - b.busy)[0]!
  return { frames, busy: busy / slowness(Math.min(...measured)) }
}

async function taskTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value
}

/** Has a page note when maps are first seen in it; before it goes anywhere. */
export async function watchFirstMaps(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const places = { small: '[role=gridcell] canvas', large: '[role=application] canvas' }
    const seen: Record<string, number> = {}
    Reflect.set(window, 'firstMaps', seen)
    const line = new OffscreenCanvas(64, 1).getContext('2d', { willReadFrequently: true })!
    /** Whether there is more than one colour along a line through a canvas, whose own context is left to its owner. */
    const isPainted = (canvas: HTMLCanvasElement | null) => {
      if (!canvas || canvas.width < 8 || canvas.height < 8) return false
      line.clearRect(0, 0, 64, 1)
      line.drawImage(canvas, 0, canvas.height * 0.75, canvas.width, 1, 0, 0, 64, 1)
      const { data } = line.getImageData(0, 0, 64, 1)
      return new Set(new Uint32Array(data.buffer)).size > 1
    }
    const look = () => {
      // What was there in the frame before is on the screen now.
      for (const [size, at] of Object.entries(places))
        if (!(size in seen) && isPainted(document.querySelector<HTMLCanvasElement>(at)))
          requestAnimationFrame(time => (seen[size] ??= time))
      if (Object.keys(seen).length < 2) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
}

/** When the first small map and the large one were seen, in ms since the page's start; waits for both. */
export async function firstMaps(page: Page): Promise<{ small: number; large: number }> {
  await page.waitForFunction(
    () => Object.keys(Reflect.get(window, 'firstMaps') as object).length === 2
  )
  return page.evaluate(() => Reflect.get(window, 'firstMaps') as { small: number; large: number })
}

/** Shows a tab by a click, and tells how long it took until the map in it was on the screen, in ms. */
export async function timeOfSwitch(page: Page, tab: string, map: string): Promise<number> {
  await page.evaluate(label => {
    let start = 0
    window.addEventListener('pointerdown', event => (start = event.timeStamp), {
      once: true,
      capture: true
    })
    const look = () => {
      const shown = document.querySelector(`[role=application][aria-label^='${label}']`)
      const { width = 0 } = shown?.querySelector('canvas')?.getBoundingClientRect() ?? {}
      if (start === 0 || width === 0) requestAnimationFrame(look)
      // What was there in the frame before is on the screen now.
      else requestAnimationFrame(time => Reflect.set(window, 'switched', time - start))
    }
    Reflect.set(window, 'switched', null)
    requestAnimationFrame(look)
  }, map)
  await page.getByRole('tab', { name: tab }).click()
  const answer = await page.waitForFunction(() => Reflect.get(window, 'switched') as number | null)
  return (await answer.jsonValue())!
}

/** The time of one of 60 frames a second, in ms. */
export const frame = 1000 / 60

/** How often the pointer moves, or the wheel turns, in what follows. */
export const moves = 120

/** Scrolls the line of tokens by the wheel, to its end and back. */
export async function scrollTokens(page: Page): Promise<void> {
  await page.getByRole('listbox', { name: 'Tokens' }).hover()
  for (const by of [120, -120]) for (let i = 0; i < moves / 2; i++) await page.mouse.wheel(by, 0)
}

/** Drags what the map on the screen shows, around and back. */
export async function dragMap(page: Page): Promise<void> {
  await hoverMap(page, () => page.mouse.down())
  await page.mouse.up()
}

/**
 * Moves the pointer over the map on the screen, a few pixels at a time.
 * @param there what is done once it is there
 */
export async function hoverMap(page: Page, there = () => Promise.resolve()): Promise<void> {
  const map = page.getByRole('application').filter({ visible: true })
  const { x, y, width, height } = (await map.boundingBox())!
  for (let i = 0; i < moves; i++) {
    const angle = (i / moves) * 2 * Math.PI
    await page.mouse.move(
      x + width * (0.4 + 0.2 * Math.cos(angle)),
      y + height * (0.6 + 0.2 * Math.sin(angle))
    )
    if (i === 0) await there()
  }
}
