import { describe, expect, it } from 'vitest'
import { colorMaps, colorTable, cssColor, rgbOfCss } from '#common/figure/color-table.ts'
import { darkScreen, lightScreen } from '#common/figure/look.ts'

const papers = { light: lightScreen.paper, dark: darkScreen.paper }
type Paper = keyof typeof papers

/** The steps of a map, each as red, green and blue. */
function steps(name: (typeof colorMaps)[number] | 'difference', paper: Paper): number[][] {
  const table = colorTable(name, papers[paper])
  return Array.from({ length: 256 }, (_, i) => [...table.subarray(i * 3, i * 3 + 3)])
}

const lightness = ([r = 0, g = 0, b = 0]: number[]) => 0.2126 * r + 0.7152 * g + 0.0722 * b

describe('colorTable', () => {
  it('ends at the published far ends of magma and viridis', () => {
    expect(steps('magma', 'dark')[255]).toEqual([252, 253, 191])
    expect(steps('magma', 'light')[255]).toEqual([0, 0, 4])
    expect(steps('viridis', 'light')[255]).toEqual([68, 1, 84])
    expect(steps('greys', 'dark')[255]).toEqual([255, 255, 255])
  })

  describe.each(['light', 'dark'] as const)('on %s paper', paper => {
    it.each(colorMaps)('%s begins at the paper and never turns back in lightness', name => {
      const all = steps(name, paper)
      expect(all[0]).toEqual(rgbOfCss(papers[paper]))
      const sign = paper === 'dark' ? 1 : -1
      for (let i = 8; i < 256; i += 8)
        expect(sign * (lightness(all[i]!) - lightness(all[i - 8]!))).toBeGreaterThan(-1)
    })

    it('differences leave the paper on both sides, blue where less and red where more', () => {
      const all = steps('difference', paper)
      const far = (step: number[]) => Math.abs(lightness(step) - lightness(rgbOfCss(papers[paper])))
      expect(far(all[128]!)).toBeLessThan(2)
      for (const end of [0, 255]) {
        expect(far(all[end]!)).toBeGreaterThan(100)
        expect(far(all[end]!)).toBeGreaterThan(far(all[end === 0 ? 64 : 192]!))
      }
      expect(all[64]![2]).toBeGreaterThan(all[64]![0]!)
      expect(all[192]![0]).toBeGreaterThan(all[192]![2]!)
    })
  })

  it('gives the same colour as CSS', () => {
    expect(cssColor('magma', 0, '#ffffff')).toBe('rgb(255, 255, 255)')
    expect(cssColor('magma', 7, '#ffffff')).toBe('rgb(0, 0, 4)')
  })
})

describe('rgbOfCss', () => {
  it('reads both spellings and names a bad one', () => {
    expect(rgbOfCss('#0a10ff')).toEqual([10, 16, 255])
    expect(rgbOfCss('rgb(1, 2, 3)')).toEqual([1, 2, 3])
    expect(() => rgbOfCss('teal')).toThrow('invalid colour: teal')
  })
})
