import { describe, expect, it } from 'vitest'
import { flowingParts } from '#common/text/flowing-parts.ts'

const token = (text: string, own = {}) => ({ text, piece: text, special: false, ...own })

describe('a token in flowing text', () => {
  it('has its spaces, and ends its line at a newline', () => {
    expect(flowingParts(token(' the'))).toEqual([
      { text: ' ', kind: 'letters' },
      { text: 'the', kind: 'letters' }
    ])
    expect(flowingParts(token('  \n'))).toEqual([
      { text: '  ', kind: 'letters' },
      { text: '↵\n', kind: 'sign' }
    ])
  })

  it('leaves a dot that is written a dot, and says what has no letters', () => {
    expect(flowingParts(token('a·b'))).toEqual([{ text: 'a·b', kind: 'letters' }])
    expect(flowingParts(token('\t'))).toEqual([{ text: '⇥', kind: 'sign' }])
    expect(flowingParts(token('\ufffd', { piece: 'â' }))).toEqual([{ text: '⟨E2⟩', kind: 'sign' }])
    expect(flowingParts(token('', { piece: '<s>', special: true }))).toEqual([
      { text: '<s>', kind: 'letters' }
    ])
  })
})
