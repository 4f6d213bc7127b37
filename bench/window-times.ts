import type { CDPSession, Page } from 'playwright-core'

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
