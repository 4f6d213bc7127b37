import { describe, expect, it } from 'vitest'
import { expectedTokens, noLabel } from '#common/model/gradient-target.ts'

describe('what is expected at each position', () => {
  const masked = [2, 7, 4, 9, 4, 3]

  it('of masked tokens is what the labels say, but for tokens that the text shows', () => {
    expect(expectedTokens([2, 7, 8, 9, 5, 3], masked, 'masked')).toEqual([
      -100, -100, 8, -100, 5, -100
    ])
    const some = [noLabel, 6, 8, noLabel, noLabel, noLabel]
    expect(expectedTokens(some, masked, 'masked')).toEqual(some)
  })

  it('of next tokens are those, or what the labels say comes after each', () => {
    expect(expectedTokens(undefined, [5, 5, 7], 'next')).toEqual([5, 7, noLabel])
    // A token that comes twice is expected all the same.
    expect(expectedTokens([5, 7, 8], [5, 5, 7], 'next')).toEqual([5, 7, 8])
    expect(expectedTokens([noLabel, 5, noLabel], [5, 5, 5], 'next')).toEqual([noLabel, 5, noLabel])
  })

  it('of labels of a text is what they say', () => {
    expect(expectedTokens([1], [5, 5, 7], 'labels')).toEqual([1])
  })

  it.each([
    [[5, 6, 7], [5, 6, 7], 'next', /token of its own position/],
    [[noLabel, 6, 7], [5, 6, 7], 'next', /token of its own position/],
    [[noLabel, noLabel], [5, 6], 'next', /^No label is left to predict: each is -100$/],
    [masked, masked, 'masked', /each is -100 or the token that the text shows/],
    [undefined, masked, 'masked', /needs labels/],
    [undefined, masked, 'labels', /needs labels/],
    [undefined, [5], 'next', /too short to predict/]
  ] as const)('refuses %j of %j, %s', (labels, ids, predicts, message) => {
    expect(() => expectedTokens(labels, ids, predicts)).toThrow(message)
  })
})
