import { describe, expect, it } from 'vitest'
import { drawingOf } from '#common/figure/drawing-of.ts'
import type { DrawnFigure } from '#common/figure/drawn-figure.ts'
import type { KeptDrawing } from '#common/figure/drawing.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { plainWish } from '#common/figure/presets.ts'
import { exampleLook, keptOf, kindExamples } from './kind-examples.ts'
import { overlappingTexts, textPlaces } from './text-places.ts'

const words =
  'Hickory dickory dockery, less thousand whistling winterberries mumbling quietly among others'
const title = `${words} · ${words.toUpperCase()}`

/** The same figures, called so. */
async function titled(kind: string, data: unknown): Promise<KeptDrawing[]> {
  const own = { parts: [{ kind, data, look: exampleLook, size: null }], names: [] }
  const all = data === null ? await keptOf(kind) : [own]
  return all.map(({ parts: [part] }) => ({
    parts: [{ ...part!, data: { ...(part!.data as object), title } }],
    names: []
  }))
}

function textsOf(figure: DrawnFigure): string[] {
  return [...figureSvg(figure).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!)
}

describe('a title that is wider than its figure', () => {
  it.each(kindExamples)('stands whole over one of the kind %s, in lines', async (kind, data) => {
    for (const kept of await titled(kind, data))
      for (const widthMm of [82.55, 171.45, null]) {
        const wish = { ...plainWish, widthMm }
        const drawn = drawingOf(kept).draw(wish)
        const plain = drawingOf(kept).draw({ ...wish, title: false })
        const texts = textsOf(drawn)
        const said = new Set(texts.flatMap(text => text.split(' ')))
        for (const word of title.split(' ')) expect(said, word).toContain(word)
        const lines = texts.filter(text => /hickory|dockery|winterberries|others/i.test(text))
        expect(texts.filter(text => /dickory.*…/i.test(text))).toEqual([])
        // Nothing of the figure is under it: that is as much higher.
        expect(lines.length).toBeGreaterThan(0)
        expect(drawn.heightMm).toBeGreaterThan(plain.heightMm + 3 * (lines.length - 1))
        expect(overlappingTexts(textPlaces(drawn.panel))).toEqual([])
      }
  })
})
