import { describe, expect, it } from 'vitest'
import { classNames, tokenClasses } from '#common/analysis/token-classes.ts'

/** The names of the classes of each token. */
function classesOf(...texts: (string | null)[]): string[] {
  return [...tokenClasses(texts)].map(bits =>
    classNames.filter((_, c) => (bits >> c) & 1).join(' ')
  )
}

describe('tokenClasses', () => {
  it('tells characters', () => {
    expect(classesOf('a', 'y', 'E', 'B', '7', ' ', '\n', '!', '$', 'ß', 'é')).toEqual([
      'vowel',
      'consonant',
      'vowel capital',
      'consonant capital',
      'digit',
      'space',
      'newline',
      'punctuation',
      'punctuation',
      'consonant',
      'consonant'
    ])
    expect(classesOf('א', 'ב', 'ם', 'ו')).toEqual([
      'vowel',
      'consonant',
      'consonant final',
      'vowel'
    ])
  })

  it('tells a token of several characters by its first, and final forms by its last', () => {
    expect(classesOf(' the', ' Apple', '42nd', '  ', 'שלום', '')).toEqual([
      'consonant',
      'vowel capital',
      'digit',
      'space',
      'consonant final',
      ''
    ])
  })

  it('tells repeats, and nothing of special tokens', () => {
    expect(classesOf(null, 'o', 'o', null, null)).toEqual(['', 'vowel', 'vowel repeated', '', ''])
  })
})
