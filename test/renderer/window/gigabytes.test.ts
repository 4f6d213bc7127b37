import { describe, expect, it } from 'vitest'
import { gigabytesText, parseGigabytes } from '../../../src/renderer/src/window/gigabytes.ts'

describe('parseGigabytes', () => {
  it('reads decimals, with a point or a comma', () => {
    expect(parseGigabytes('2')).toBe(2 * 1024 ** 3)
    expect(parseGigabytes(' 0.5 ')).toBe(1024 ** 3 / 2)
    expect(parseGigabytes('1,5')).toBe(1.5 * 1024 ** 3)
    expect(parseGigabytes('.25')).toBe(1024 ** 3 / 4)
  })
  it('refuses what is no number above zero', () => {
    for (const text of ['', '.', '-1', '0', '0.0', '2 GB', '1e3', 'NaN', '0.00000000001'])
      expect(parseGigabytes(text)).toBeNull()
  })
})

describe('gigabytesText', () => {
  it('is short, and reads back to about the same', () => {
    expect(gigabytesText(2 * 1024 ** 3)).toBe('2')
    expect(gigabytesText(11.7583 * 1024 ** 3)).toBe('11.76')
    expect(gigabytesText(100_000)).toBe('0.000093')
    expect(parseGigabytes(gigabytesText(100_000))! / 100_000).toBeCloseTo(1, 2)
  })
})
