import { describe, expect, it } from 'vitest'
import { cutTitle, namedOf, titleOfBoth, titleOfSide } from '#common/text/figure-title.ts'

describe('a title', () => {
  it('has the name of its model once', () => {
    expect(namedOf('bard', 'Head 3.1 · attention')).toBe('bard · Head 3.1 · attention')
    expect(namedOf('bard', 'bard · Head 3.1 · attention')).toBe('bard · Head 3.1 · attention')
    expect(namedOf('bard', 'bards · attention')).toBe('bard · bards · attention')
  })

  it('of one side says what tells it from the other, before its kind and once', () => {
    const map = 'bard · Head 3.1 · attention'
    expect(titleOfSide(map, 'To be')).toBe('bard · Head 3.1 · To be · attention')
    expect(titleOfSide(map, 'Head 3.1 · To be')).toBe('bard · Head 3.1 · To be · attention')
    expect(titleOfSide('bard · Head 3.1 · To be · attention', 'To be')).toBe(
      'bard · Head 3.1 · To be · attention'
    )
    expect(titleOfSide(map, 'bard')).toBe(map)
    expect(titleOfSide('tokens', 'To be')).toBe('To be · tokens')
  })

  it.each([
    // Two texts of one head, two heads, both, two models.
    [
      'bard · Head 3.1 · text',
      'bard · Head 3.1 · text',
      ['A', 'B'],
      'bard · Head 3.1 · A and B · text'
    ],
    [
      'bard · Head 3.1 · text',
      'bard · Head 2.1 · text',
      ['Head 3.1', 'Head 2.1'],
      'bard · Head 3.1 and Head 2.1 · text'
    ],
    [
      'bard · Head 3.1 · text',
      'bard · Head 2.1 · text',
      ['Head 3.1 · A', 'Head 2.1 · B'],
      'bard · Head 3.1 · A and Head 2.1 · B · text'
    ],
    [
      'bard · Head 3.1 · text',
      'gpt2 · Head 3.1 · text',
      ['bard', 'gpt2'],
      'bard and gpt2 · Head 3.1 · text'
    ],
    [
      'bard · Head 3.1 · attention',
      'bard · Rollout · attention',
      ['Head 3.1', 'Rollout'],
      'bard · Head 3.1 and Rollout · attention'
    ],
    ['one', 'two', ['A', 'B'], 'A and B'],
    ['lens', 'lens', ['A', 'B'], 'A and B · lens'],
    ['bard · lens', 'bard · deep · lens', ['A', 'B'], 'bard · A and B · lens']
  ] as const)('of both %s and %s', (one, other, names, both) => {
    expect(titleOfBoth(one, other, names)).toBe(both)
  })

  it('is cut before its kind, where that takes no more than half of the room', () => {
    const cut = (kind: number) => cutTitle(`${'a'.repeat(40)} · ${'k'.repeat(kind)}`, 40)
    // The kind takes 4 bytes more with what is before it, and the dots 3.
    expect(cut(16)).toBe(`${'a'.repeat(17)}… · ${'k'.repeat(16)}`)
    expect(cut(17)).toBe(`${'a'.repeat(40)} · ${'k'.repeat(17)}`)
    expect(cutTitle(`a · ${'k'.repeat(30)}`, 40)).toBe(`a · ${'k'.repeat(30)}`)
  })
})
