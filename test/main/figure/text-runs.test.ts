import { describe, expect, it } from 'vitest'
import { facesFor, figureFaces } from '../../../src/main/figure/fonts.ts'
import { layoutText, lettersWithout, textRuns } from '../../../src/main/figure/text-runs.ts'

const all = await figureFaces()
const mono = facesFor(all, "'JetBrains Mono', 'Noto Sans Hebrew', monospace", 400)
const runs = (text: string) =>
  textRuns(text, mono).map(({ text, face, rightToLeft }) => [
    face.family,
    text,
    rightToLeft ? 'rtl' : 'ltr'
  ])

describe('pieces of a line', () => {
  it('are in the first font that has their letters', () => {
    expect(runs('a→b')).toEqual([
      ['JetBrains Mono', 'a', 'ltr'],
      ['DejaVu Sans Mono', '→', 'ltr'],
      ['JetBrains Mono', 'b', 'ltr']
    ])
  })

  it('stand as they are seen, each to be read in its own direction', () => {
    // Two Hebrew words that are read from the right, with a number between them.
    expect(runs('x אב 12 גד')).toEqual([
      ['JetBrains Mono', 'x ', 'ltr'],
      ['Noto Sans Hebrew', 'גד', 'rtl'],
      ['JetBrains Mono', ' ', 'rtl'],
      ['JetBrains Mono', '12', 'ltr'],
      ['JetBrains Mono', ' ', 'rtl'],
      ['Noto Sans Hebrew', 'אב', 'rtl']
    ])
  })

  it('keep to themselves between isolates, which are not seen', () => {
    expect(runs('7 \u2068א\u2069 1')).toEqual([
      ['JetBrains Mono', '7 ', 'ltr'],
      ['Noto Sans Hebrew', 'א', 'rtl'],
      ['JetBrains Mono', ' 1', 'ltr']
    ])
  })

  it('turn brackets, and themselves where their font would not', () => {
    const [second, bracket] = textRuns('א(ב', mono)
    expect([second!.text, bracket!.text]).toEqual(['ב', ')'])
    const [, dashes] = textRuns('א-+ב', mono)
    expect(layoutText(dashes!)).toBe('+-')
  })

  it('keep a mark with its letter', () => {
    expect(runs('שָׁ')).toEqual([['Noto Sans Hebrew', 'שָׁ', 'rtl']])
  })

  it('have a box in place of a letter that no font has', () => {
    expect(runs('你')).toEqual([['DejaVu Sans Mono', '□', 'ltr']])
    expect(lettersWithout('a你 →你\u2068', mono)).toEqual(['你'])
  })
})
