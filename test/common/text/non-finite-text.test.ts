import { describe, expect, it } from 'vitest'
import { nonFiniteCountText, nonFiniteText, valueCheckText } from '#common/text/non-finite-text.ts'

describe('nonFiniteText', () => {
  it('names the part', () => {
    expect(nonFiniteText('embedding')).toBe('NaN or infinite values from the embedding on')
    expect(nonFiniteText(0)).toBe('NaN or infinite values from block 0 on')
  })
})

describe('nonFiniteCountText', () => {
  it.each([
    [{ nan: 1, infinite: 0 }, '1 NaN'],
    [{ nan: 0, infinite: 1234 }, '1,234 infinite'],
    [{ nan: 2, infinite: 1 }, '2 NaN, 1 infinite']
  ])('%j is %s', (count, text) => expect(nonFiniteCountText(count)).toBe(text))
})

describe('valueCheckText', () => {
  const bad = (name: string) => ({ name, nan: 1, infinite: 0 })
  it.each([
    [{ tensors: 0, values: 0, notFinite: [] }, 'No tensor holds floating-point values'],
    [{ tensors: 2, values: 1234, notFinite: [] }, 'All 1,234 values are finite'],
    [
      { tensors: 52, values: 9, notFinite: [bad('a')] },
      '1 of 52 tensors holds NaN or infinite values'
    ],
    [
      { tensors: 52, values: 9, notFinite: [bad('a'), bad('b')] },
      '2 of 52 tensors hold NaN or infinite values'
    ]
  ])('%j is %s', (check, text) => expect(valueCheckText(check)).toBe(text))
})
