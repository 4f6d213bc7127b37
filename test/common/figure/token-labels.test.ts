import { describe, expect, it } from 'vitest'
import { axisLabels, shownLabels } from '#common/figure/token-labels.ts'

const token = (text: string) => ({ id: 0, piece: text, text, start: 0, end: 1, special: false })

describe('axisLabels', () => {
  it('shortens what is long and marks what is only signs', () => {
    expect(axisLabels([token(' '), token('abc'), token('x'.repeat(40))])).toEqual([
      { text: '·', faint: true, special: false },
      { text: 'abc', faint: false, special: false },
      { text: `${'x'.repeat(11)}…`, faint: false, special: false }
    ])
  })
  it('marks special tokens, which are drawn as pills', () => {
    const [label] = axisLabels([{ ...token('[CLS]'), special: true }])
    expect(label).toEqual({ text: '[CLS]', faint: false, special: true })
  })
})

describe('shownLabels', () => {
  const labels = axisLabels(
    Array.from({ length: 50 }, (_, i) => token(String.fromCharCode(97 + (i % 26))))
  )
  it('shows each token where there is room', () => {
    const shown = shownLabels(labels, 0, 49, 14, 14)
    expect(shown).toHaveLength(50)
    expect(shown[1]).toEqual({ cell: 1, label: { text: 'b', faint: false, special: false } })
  })
  it('adds positions where labels are thinned', () => {
    const shown = shownLabels(labels, 0, 49, 2, 14)
    expect(shown.map(({ cell }) => cell)).toEqual([0, 10, 20, 30, 40])
    expect(shown[1]!.label.text).toBe('10 \u2068k\u2069')
  })
})
