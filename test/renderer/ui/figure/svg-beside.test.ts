import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FigureToDraw } from '#common/figure/figure-svg.ts'
import type * as Beside from '../../../../src/renderer/src/ui/figure/svg-beside.ts'
import { cancelWork } from '#common/model/cancel.ts'

/** A thread that answers when it is told to. */
class SomeWorker {
  static started: SomeWorker[] = []
  onmessage: ((event: { readonly data: unknown }) => void) | null = null
  onerror: ((event: { readonly message: string }) => void) | null = null
  terminated = false
  asked = 0
  constructor() {
    SomeWorker.started.push(this)
  }
  postMessage(): void {
    this.asked++
  }
  terminate(): void {
    this.terminated = true
  }
  answer(text: string): void {
    this.onmessage?.({ data: { text } })
  }
}

let beside: typeof Beside
beforeEach(async () => {
  SomeWorker.started = []
  vi.stubGlobal('Worker', SomeWorker)
  vi.useFakeTimers()
  vi.resetModules()
  beside = await import('../../../../src/renderer/src/ui/figure/svg-beside.ts')
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const figure = {} as FigureToDraw

describe('a figure that is drawn beside the window', () => {
  it('has the thread that drew the one before', async () => {
    for (const text of ['first', 'second']) {
      const drawn = beside.svgBeside(figure)
      SomeWorker.started[0]!.answer(text)
      expect(await drawn).toBe(text)
    }
    expect(SomeWorker.started.map(({ asked }) => asked)).toEqual([2])
  })

  it('does not wait for one that does not end', async () => {
    const hung = beside.svgBeside(figure)
    const drawn = beside.spotsBeside(figure)
    SomeWorker.started[1]!.answer('drawn')
    expect(await drawn).toBe('drawn')
    expect(SomeWorker.started).toHaveLength(2)
    hung.catch(() => undefined)
  })

  it('ends with its thread when it is cancelled', async () => {
    const controller = new AbortController()
    const drawn = beside.svgBeside(figure, controller.signal)
    cancelWork(controller)
    await expect(drawn).rejects.toMatchObject({ code: 'cancelled' })
    expect(SomeWorker.started[0]!.terminated).toBe(true)
    await expect(beside.svgBeside(figure, controller.signal)).rejects.toMatchObject({
      code: 'cancelled'
    })
    expect(SomeWorker.started).toHaveLength(1)
  })

  it('is given up in words after a time', async () => {
    const drawn = beside.svgBeside(figure)
    const failed = expect(drawn).rejects.toThrow(
      'The figure could not be drawn: it was given up after 60 s'
    )
    await vi.advanceTimersByTimeAsync(60_000)
    await failed
    expect(SomeWorker.started[0]!.terminated).toBe(true)
  })

  it('says why its thread stopped', async () => {
    const drawn = beside.svgBeside(figure)
    SomeWorker.started[0]!.onerror?.({ message: 'out of memory' })
    await expect(drawn).rejects.toThrow('The figure could not be drawn: out of memory')
  })
})
