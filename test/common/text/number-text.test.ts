import { describe, expect, it } from 'vitest'
import {
  bytesText,
  countText,
  durationText,
  counted,
  exactCount,
  exactText,
  fixedText,
  numberText,
  percentText
} from '#common/text/number-text.ts'

describe('numbers on screen', () => {
  it.each([
    [-0.999821, 5, '−0.99982'],
    [0.5, 2, '0.50'],
    [NaN, 2, '–']
  ])('fixedText(%d, %d) is %s', (value, decimals, text) =>
    expect(fixedText(value, decimals)).toBe(text)
  )

  it('exactText has all digits, or those of a float32', () => {
    const float32 = Math.fround(-0.1)
    expect(exactText(float32)).toBe('−0.10000000149011612')
    expect(exactText(float32, 'float32')).toBe('−0.1')
    expect(exactText(-2.5e-9)).toBe('−2.5e−9')
    expect([NaN, -Infinity].map(value => exactText(value))).toEqual(['–', '−∞'])
  })

  it.each([
    [0, '0'],
    [0.71234, '0.712'],
    [-0.05, '−0.0500'],
    [12.345, '12.3'],
    [999.6, '1,000'],
    [0.9996, '1.00'],
    [1234.5, '1,235'],
    [0.00012, '1.20e−4'],
    [NaN, '–'],
    [-Infinity, '−∞']
  ])('numberText(%d) is %s', (value, text) => expect(numberText(value)).toBe(text))

  it.each([
    [0.71234, 2, '0.71'],
    [150, 2, '150'],
    [1234.56, 5, '1,234.6'],
    [0.00012346, 4, '1.235e−4'],
    [-0.99996, 4, '−1.000']
  ])('numberText(%d, %d) is %s', (value, digits, text) =>
    expect(numberText(value, digits)).toBe(text)
  )

  it.each([
    [0, '0'],
    [999, '999'],
    [999_600, '1.00 M'],
    [826_240, '826 K'],
    [124_439_808, '124 M']
  ])('countText(%d) is %s', (value, text) => expect(countText(value)).toBe(text))

  it.each([
    [512, '512 B'],
    [1536, '1.50 KB'],
    [42_991_616, '41.0 MB'],
    [1023.9 * 1024, '1.00 MB']
  ])('bytesText(%d) is %s', (value, text) => expect(bytesText(value)).toBe(text))

  it.each([
    [0.44, '0.44 ms'],
    [12.4, '12 ms'],
    [1240, '1.24 s'],
    [125_000, '2 min 5 s']
  ])('durationText(%d) is %s', (value, text) => expect(durationText(value)).toBe(text))

  it('shows shares and exact counts', () => {
    expect(percentText(0.638)).toBe('63.8 %')
    expect(exactCount(1_048_576)).toBe('1,048,576')
    expect([counted(1, 'note'), counted(0, 'note')]).toEqual(['1 note', '0 notes'])
    expect(counted(2048, 'query', 'queries')).toBe('2,048 queries')
  })
})
