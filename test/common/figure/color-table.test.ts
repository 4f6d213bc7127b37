import { describe, expect, it } from 'vitest'
import { colorMaps, colorTable, cssColor, rgbOfCss } from '#common/figure/color-table.ts'

describe('colorTable', () => {
  it('begins and ends at the published colours of magma and viridis', () => {
    expect([...colorTable('magma').subarray(0, 3)]).toEqual([0, 0, 4])
    expect([...colorTable('magma').subarray(-3)]).toEqual([252, 253, 191])
    expect([...colorTable('viridis').subarray(0, 3)]).toEqual([68, 1, 84])
    expect([...colorTable('viridis').subarray(-3)]).toEqual([253, 231, 37])
  })

  it.each(colorMaps)('%s never turns back in lightness', name => {
    const table = colorTable(name)
    const lightness = Array.from({ length: 256 }, (_, i) => {
      const [r = 0, g = 0, b = 0] = table.subarray(i * 3, i * 3 + 3)
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    })
    const sign = Math.sign(lightness[255]! - lightness[0]!)
    for (let i = 8; i < 256; i += 8)
      expect(sign * (lightness[i]! - lightness[i - 8]!)).toBeGreaterThan(-1)
  })

  it('gives the same colour as CSS', () => {
    expect(cssColor('magma', 0)).toBe('rgb(0, 0, 4)')
    expect(cssColor('magma', 7)).toBe('rgb(252, 253, 191)')
  })
})

describe('rgbOfCss', () => {
  it('reads both spellings and names a bad one', () => {
    expect(rgbOfCss('#0a10ff')).toEqual([10, 16, 255])
    expect(rgbOfCss('rgb(1, 2, 3)')).toEqual([1, 2, 3])
    expect(() => rgbOfCss('teal')).toThrow('invalid colour: teal')
  })
})
