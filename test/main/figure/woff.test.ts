import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create, type Font } from 'fontkit'
import { describe, expect, it } from 'vitest'
import { trueTypeOf, woffOf } from '../../../src/main/figure/woff.ts'

const require = createRequire(import.meta.url)
const woff = readFileSync(
  require.resolve('@fontsource/jetbrains-mono/files/jetbrains-mono-latin-400-normal.woff')
)
const fontOf = (bytes: Uint8Array) => create(Buffer.from(bytes)) as Font

describe('a TrueType font', () => {
  it('has the letters of the WOFF file that it was in', () => {
    // Another reader of WOFF.
    const expected = fontOf(woff)
    const font = fontOf(trueTypeOf(woff))
    expect(font.type).toBe('TTF')
    expect(font.numGlyphs).toBe(expected.numGlyphs)
    for (const letter of 'aÅ%—')
      expect(font.layout(letter).glyphs[0]!.path.toSVG()).toBe(
        expected.layout(letter).glyphs[0]!.path.toSVG()
      )
  })

  it('says where in its list of tables a search by halves begins', () => {
    // OpenType specification, Table Directory: they are of the largest power of two that the number of tables has room for.
    const bytes = trueTypeOf(woff, ['GSUB'])
    const view = new DataView(bytes.buffer)
    const [count, range, power, rest] = [4, 6, 8, 10].map(at => view.getUint16(at))
    expect(range).toBe(16 * 2 ** power!)
    expect(count).toBeGreaterThanOrEqual(2 ** power!)
    expect(count).toBeLessThan(2 * 2 ** power!)
    expect(range! + rest!).toBe(16 * count!)
  })

  it('joins no letters without the table that says how', () => {
    const joined = fontOf(trueTypeOf(woff)).layout('->').glyphs
    const apart = fontOf(trueTypeOf(woff, ['GSUB'])).layout('->').glyphs
    expect(apart.map(({ id }) => id)).not.toEqual(joined.map(({ id }) => id))
    const single = fontOf(trueTypeOf(woff)).layout('-').glyphs[0]!.id
    expect(apart[0]!.id).toBe(single)
  })

  it('comes back whole from a WOFF file that is made of it, and takes less room there', () => {
    const font = readFileSync(require.resolve('computer-modern/fonts/cmu-serif-500-roman.ttf'))
    const packed = woffOf(font)
    expect(packed.length).toBeLessThan(0.7 * font.length)
    expect(fontOf(trueTypeOf(packed)).layout('Ligature').advanceWidth).toBe(
      fontOf(font).layout('Ligature').advanceWidth
    )
    // Another reader of WOFF.
    const read = fontOf(packed)
    expect(read.type).toBe('WOFF')
    expect(read.layout('a').glyphs[0]!.path.toSVG()).toBe(
      fontOf(font).layout('a').glyphs[0]!.path.toSVG()
    )
  })

  it('is in no other file', () => {
    expect(() => trueTypeOf(new Uint8Array(100))).toThrow('not a WOFF file')
  })
})
