import { describe, expect, it } from 'vitest'
import { cutToRoom, textWidth } from '#common/figure/text-width.ts'
import { facesFor, figureFaces } from '../../../src/main/figure/fonts.ts'
import { letterFeatures } from '../../../src/main/figure/text-layout.ts'
import { layoutText, textRuns } from '../../../src/main/figure/text-runs.ts'

const all = await figureFaces()

/** How wide a text is printed, in CSS pixels. */
function printedWidth(text: string, font: string, weight: number, size: number): number {
  const widths = textRuns(text, facesFor(all, font, weight)).map(run => {
    const { unitsPerEm } = run.face.font
    return (run.face.font.layout(layoutText(run), letterFeatures).advanceWidth / unitsPerEm) * size
  })
  return widths.reduce((sum, width) => sum + width, 0)
}

describe.each([400, 600])('a text of weight %i that is cut to its room', weight => {
  const room = 300
  it.each([
    '(b) Heads, scored over 1 window of 25 tokens of the text that is shown',
    '(a) hebrew-minigpt · Head 0.1, query 3, key 2 · products of the two',
    'Mammal, woman and common wombats: summed weights of many MLPs',
    'Common language model comparison of commands, mean of means',
    'OPENAI GPT-2 MEDIUM, AN OVERVIEW OF ALL ITS LAYERS AND HEADS',
    '99.5% of all 12,345,678 windows have 0.5 nats and 1,024 tokens or more'
  ])('is printed within it: %s', text => {
    for (const font of ['Inter', 'Tinos', 'CMU Serif']) {
      const cut = cutToRoom(text, room, own => textWidth(own, { font, size: 11, weight }))
      expect(cut.endsWith('…')).toBe(true)
      const width = printedWidth(cut, font, weight, 11)
      expect(width).toBeLessThanOrEqual(room)
      if (font !== 'Tinos') expect(width).toBeGreaterThan(0.85 * room)
    }
  })
})
