import { describe, expect, it } from 'vitest'
import { figureFileName, fileName } from '#common/text/file-name.ts'

describe('fileName', () => {
  it.each([
    ['gpt2 · Head 1.3 · attention', 'gpt2 · Head 1.3 · attention.svg'],
    ['../../x', 'x.svg'],
    ['/etc/passwd', 'etc-passwd.svg'],
    ['C:\\Windows\\x', 'C-Windows-x.svg'],
    ['\\\\host\\share', 'host-share.svg'],
    ['..', 'figure.svg'],
    ['', 'figure.svg'],
    [' . ', 'figure.svg'],
    ['.bashrc', 'bashrc.svg'],
    ['-rf', 'rf.svg'],
    ['CON', '_CON.svg'],
    ['nul', '_nul.svg'],
    ['com1.x', '_com1.x.svg'],
    ['LPT¹', '_LPT¹.svg'],
    ['CONSOLE', 'CONSOLE.svg'],
    ['a. . ', 'a.svg'],
    ['a\0b', 'a⟨00⟩b.svg'],
    ['a\u202egvs.exe', 'a⟨202E⟩gvs.exe.svg'],
    ['a\nb\tc', 'a⟨0A⟩b⟨09⟩c.svg'],
    ['what? "this" <b>|*', 'what- -this- -b.svg'],
    ['50 % of {a}^^5cinput#', '50 - of -a-5cinput.svg'],
    ['שלום', 'שלום.svg']
  ])('of %j is %j', (title, name) => {
    expect(fileName(title, 'svg')).toBe(name)
  })

  it.each(['x'.repeat(300), 'ש'.repeat(300), '😀'.repeat(300), '\ud800'.repeat(300)])(
    'of 300 characters is short enough for every file system, and whole',
    title => {
      const name = fileName(title, 'svg')
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(130)
      expect(Buffer.byteLength(name)).toBeGreaterThan(100)
      expect(name.isWellFormed()).toBe(true)
      expect(name.endsWith('.svg')).toBe(true)
    }
  )
})

it('of a title that is too long keeps its last part, which says what it is', () => {
  const long = (kind: string) => `shake · Head 3.1 · ${'But, soft! what light '.repeat(9)}${kind}`
  const name = fileName(long(' · difference of attention'), 'csv')
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(124)
  expect(name).toMatch(
    /^shake · Head 3\.1 · But, soft! what light .*[a-z]… · difference of attention\.csv$/
  )
  expect(fileName(long(' · text'), 'csv')).toMatch(/… · text\.csv$/)
  expect(figureFileName(long(' · text'), 'pdf')).toMatch(/^shake-head-3-1-but-soft-.*-text\.pdf$/)
  // One without parts, or of which the last alone is too long, is cut at its end.
  expect(fileName('a'.repeat(130), 'csv')).toBe(`${'a'.repeat(120)}.csv`)
  expect(fileName(`a · ${'b'.repeat(130)}`, 'csv')).toBe(`a · ${'b'.repeat(115)}.csv`)
})

describe('the name of a file of a figure', () => {
  it.each([
    ['shake · Head 1.3 · attention', 'pdf', 'shake-head-1-3-attention.pdf'],
    ['Naïve_2 · x', 'png', 'naive_2-x.png'],
    // Letters of all scripts stay, with what is written above and below them.
    ['שלום', 'tex', 'שלום.tex'],
    ['איור: קשב/מסתכל? 1', 'csv', 'איור-קשב-מסתכל-1.csv'],
    [
      'gpt2 · Head 3.1 · “ראש של gpt2” · attention',
      'pdf',
      'gpt2-head-3-1-ראש-של-gpt2-attention.pdf'
    ],
    ['שָׁלוֹם', 'pdf', 'שָׁלוֹם.pdf'],
    ['Ναί · Élève · Ёлка · 한국어 · हिन्दी', 'pdf', 'ναί-eleve-ёлка-한국어-हिन्दी.pdf'],
    ['\u2067אב\u2069 · x\u202ey.exe', 'pdf', 'אב-x-y-exe.pdf'],
    ['א\u2028ב\ud800\0❤\ufe0f', 'pdf', 'א-ב.pdf'],
    [`${'שלום '.repeat(30)}· attention`, 'pdf', `${'שלום-'.repeat(11)}של-attention.pdf`],
    // Of 120 bytes, in whole syllables.
    ['가'.repeat(60), 'pdf', `${'가'.repeat(40)}.pdf`],
    ['1 · 2', 'pdf', '1-2.pdf'],
    // Letters that take more bytes than those that stand for them.
    [`${'Ｈ'.repeat(60)} · text`, 'pdf', `${'h'.repeat(60)}-text.pdf`],
    ['CON', 'pdf', '_con.pdf'],
    // All files of one are called alike.
    ['Figure 1', 'pdf', 'figure-1.pdf'],
    ['Figure 1', 'svg', 'figure-1.svg'],
    ['Figure 1', 'csv', 'figure-1.csv'],
    ['Figure 1', 'ipynb', 'figure-1.ipynb']
  ])('%s as %s is %s', (title, ending, name) => {
    expect(figureFileName(title, ending)).toBe(name)
  })
})
