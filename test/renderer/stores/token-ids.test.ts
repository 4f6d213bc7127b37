import { describe, expect, it } from 'vitest'
import { repeatedIds, typedIds } from '../../../src/renderer/src/stores/token-ids.ts'

describe('typedIds', () => {
  it('reads lists as people and programs write them', () => {
    for (const text of ['5, 17, 3', '5 17 3', '[5,17,\n3]', '(5; 17; 3)', ' 5,,17 , 3,'])
      expect(typedIds(text, 96).tokens.map(({ id }) => id)).toEqual([5, 17, 3])
  })
  it('tells where each stands in the text', () => {
    const [, second] = typedIds('5, 17', 96).tokens
    expect(second).toEqual({ id: 17, piece: '#17', text: '#17', start: 3, end: 5, special: false })
  })
  it('says what is wrong with each that is none, and keeps the others', () => {
    const { tokens, problems } = typedIds('5, abc, 1.5, -1, 96, 95', 96)
    expect(tokens.map(({ id }) => id)).toEqual([5, 95])
    expect(problems).toEqual([
      '“abc” is not a whole number',
      '“1.5” is not a whole number',
      '-1 is outside 0…95',
      '96 is outside 0…95'
    ])
  })
  it('finds nothing in an empty text', () => {
    expect(typedIds(' , ', 96)).toEqual({ tokens: [], problems: [] })
  })
})

describe('repeatedIds', () => {
  it('gives ids of the vocabulary, twice over, within the longest text', () => {
    const values = [0, 0.5, 0.999]
    let call = 0
    const next = () => values[call++ % values.length]!
    expect(repeatedIds(10, 6, next)).toBe('0, 5, 9, 0, 5, 9')
    for (const nCtx of [1, 2, 5, 1024]) {
      const { tokens, problems } = typedIds(repeatedIds(96, nCtx), 96)
      expect(problems).toEqual([])
      expect(tokens.length).toBeGreaterThan(0)
      expect(tokens.length).toBeLessThanOrEqual(nCtx)
    }
  })
})
