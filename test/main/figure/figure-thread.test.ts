import { describe, expect, it } from 'vitest'
import type { FigureToDraw } from '#common/figure/figure-svg.ts'
import { paperLook } from '#common/figure/look.ts'
import { plainWish } from '#common/figure/presets.ts'
import { cancelWork } from '#common/model/cancel.ts'
import { createFigureThreads } from '../../../src/main/figure/figure-thread.ts'
import { built } from '../../built.ts'

const figures = createFigureThreads(built.figureEntry)

/** So many lines across a page. */
function figure(lines: number): FigureToDraw {
  return {
    look: {
      ...paperLook,
      ...{ colorMap: 'magma', scale: 'linear', follows: true, pooling: 'mean' },
      range: { low: 0, high: 1 }
    },
    wish: plainWish,
    panel: {
      kind: 'map',
      ...{ width: 400, height: 300, ratio: 1, paper: '#ffffff', rasters: [] },
      marks: Array.from({ length: lines }, (_, i) => ({
        kind: 'line' as const,
        points: [[0, i % 300] as const, [400, (7 * i) % 300] as const],
        ...{ color: '#000000', width: 1, opacity: 0.5, tip: `line ${i}` }
      }))
    }
  }
}

describe('figures that are drawn in a thread', () => {
  it('are those that this thread draws, and say what they would say', async () => {
    const [svg, spots] = await figures.use(new AbortController().signal, thread =>
      Promise.all([thread.svg(figure(2)), thread.spots(figure(2))])
    )
    expect(svg.match(/<polyline /g)).toHaveLength(2)
    expect(spots).toContain('line 1')
  })

  it('are given up at once when they are cancelled, and the next is drawn', async () => {
    const controller = new AbortController()
    const drawing: Promise<string>[] = []
    const drawn = figures.use(controller.signal, thread => {
      const text = thread.svg(figure(200_000))
      drawing.push(text)
      // It is being drawn: this thread goes on.
      setTimeout(() => cancelWork(controller), 50)
      return text
    })
    await expect(drawn).rejects.toMatchObject({ code: 'cancelled' })
    // What draws it has ended, and does not go on unseen.
    await expect(drawing[0]).rejects.toThrow('stopped')
    await expect(
      figures.use(controller.signal, () => Promise.resolve('drawn'))
    ).rejects.toMatchObject({ code: 'cancelled' })
    const next = new AbortController().signal
    const svg = await figures.use(next, thread => thread.svg(figure(1)))
    expect(svg.match(/<polyline /g)).toHaveLength(1)
  })
})
