import { describe, expect, it } from 'vitest'
import { flowingParts, gapBefore } from '#common/text/flowing-parts.ts'

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

describe('what stands between two tokens', () => {
  const at = (start: number, end: number, text: string) => ({ start, end, text })

  it('is the white space that is of neither', () => {
    expect(gapBefore(at(6, 8, 'to'), at(0, 3, 'not'), 'not \n to')).toBe(' \n ')
    expect(gapBefore(at(4, 6, 'to'), at(0, 3, 'not'), 'not\nto')).toBe('\n')
    expect(gapBefore(at(3, 6, 'hin'), at(0, 3, 'not'), 'nothin')).toBe('')
  })

  it('is nothing where a token has it, and keeps ids apart', () => {
    expect(gapBefore(at(4, 6, ' to'), at(0, 3, 'not'), 'not to')).toBe('')
    expect(gapBefore(at(4, 6, 'to'), at(0, 3, 'not '), 'not to')).toBe('')
    expect(gapBefore(at(0, 0, '#5'), at(0, 0, '#2'), null)).toBe(' ')
  })
})
