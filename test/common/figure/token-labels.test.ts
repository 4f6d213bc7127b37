import { describe, expect, it } from 'vitest'
import { axisLabels } from '#common/figure/token-labels.ts'

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
