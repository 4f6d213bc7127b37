import { describe, expect, it } from 'vitest'
import { typedWord, typedWords } from '../../../../src/renderer/src/views/words/typed-words.ts'

describe('words as they are typed', () => {
  it.each([
    ['', null],
    [' happy', ' happy'],
    ['#12', 12],
    [' #12 ', 12],
    ['#', '#'],
    ['#12a', '#12a'],
    ['12', '12']
  ])('take %j as %j', (typed, word) => {
    expect(typedWord(typed)).toBe(word)
  })

  it('stand between commas and in lines, each once, without spaces but in quotes', () => {
    expect(typedWords('a, b,, a\n c ,"  d", #7, ""', false)).toEqual(['a', 'b', 'c', '  d', 7])
  })

  it('have a space before them where that is asked for, but in quotes and of ids', () => {
    expect(typedWords('king, "queen", #7, שלום', true)).toEqual([' king', 'queen', 7, ' שלום'])
  })
})
