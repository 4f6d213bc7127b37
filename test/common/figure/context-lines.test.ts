import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cssColor } from '#common/figure/color-table.ts'
import { contextLines, type ContextLinesData } from '#common/figure/context-lines.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { RectMark, TextMark } from '#common/figure/mark.ts'
import { monoWidth } from '#common/figure/text-width.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'

const look: Look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
}
const data: ContextLinesData = {
  title: 'a model · Head 0.1',
  mirrored: false,
  groups: [
    {
      label: '0.5 to 1 · 2 queries',
      lines: [
        {
          score: '0.80',
          before: [
            { text: 'to be or ', weight: null },
            { text: 'no', weight: 0.8 }
          ],
          query: { text: 't', weight: 0.2 },
          after: [{ text: ' to be', weight: null }]
        }
      ]
    }
  ]
}

function marks(own: Partial<ContextLinesData> = {}, width = 400) {
  const all = { ...data, ...own }
  const drawn = contextLines.panel(all, look, { ...contextLines.natural(all, look), width })
  if (drawn.kind !== 'map') throw new Error('expected marks')
  return drawn.marks
}
const mono = (of: ReturnType<typeof marks>) =>
  of.filter((mark): mark is TextMark => mark.kind === 'text' && mark.font === look.mono)

it('is this picture', async () => {
  const size = contextLines.natural(data, look)
  const document = panelSvg(contextLines.panel(data, look, size))
  await expect(document).toMatchFileSnapshot(join(import.meta.dirname, 'context-lines.svg'))
})

it('has the query in the middle, what is before it on one side and what is after it on the other', () => {
  const places = (mirrored: boolean) => {
    const texts = mono(marks({ mirrored }))
    return Object.fromEntries(texts.map(({ text, x }) => [text, x - (8 + 56 + 392) / 2]))
  }
  const ltr = places(false)
  expect(ltr['t']).toBe(0)
  expect(ltr['no']).toBeLessThan(0)
  expect(ltr['to be or']).toBeLessThan(ltr['no']!)
  expect(ltr['to be']).toBeGreaterThan(0)
  const rtl = places(true)
  for (const [text, x] of Object.entries(ltr)) expect(rtl[text]).toBeCloseTo(-x, 5)
})

it('has white space where the text has it, whichever way that runs', () => {
  const half = (text: string) => monoWidth(text, look.size) / 2
  for (const mirrored of [false, true]) {
    const texts = mono(marks({ mirrored }))
    const edge = (wanted: string) => {
      const { x } = texts.find(({ text }) => text === wanted)!
      return mirrored ? -x - half(wanted) : x - half(wanted)
    }
    // From the query, and from what is before it, to the letters: a space and what parts the query from the rest.
    expect(edge('to be') - edge('t')).toBeCloseTo(2 * half('t') + 3 + 2 * half(' '), 5)
    expect(edge('no') - edge('to be or')).toBeCloseTo(2 * half('to be or '), 5)
  }
})

it('shades tokens by their weights, and frames the query', () => {
  const rects = marks().filter((mark): mark is RectMark => mark.kind === 'rect')
  const shade = (weight: number) => cssColor('viridis', weight, look.paper)
  expect(rects.map(({ fill, line }) => [fill, line])).toEqual(
    expect.arrayContaining([
      [shade(0.8), null],
      [shade(0.2), look.accent]
    ])
  )
  expect(rects).toHaveLength(2)
})

it('leaves out what is too far from the query to be seen', () => {
  const long = (mirrored: boolean) => {
    const texts = mono(
      marks(
        {
          mirrored,
          groups: [
            {
              label: '',
              lines: [
                {
                  score: '1',
                  before: [{ text: `far${'.'.repeat(80)}near`, weight: null }],
                  query: { text: 'q', weight: null },
                  after: [{ text: `near${'.'.repeat(80)}far`, weight: null }]
                }
              ]
            }
          ]
        },
        300
      )
    )
    return texts.map(({ text }) => text.replace(/\.+/, '…')).sort()
  }
  const kept = ['near…', 'q', '…near']
  expect(long(false)).toEqual(kept.sort())
  expect(long(true)).toEqual(kept.sort())
})
