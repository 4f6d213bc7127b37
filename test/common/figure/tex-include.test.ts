import { expect, it } from 'vitest'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { texInclude } from '#common/figure/tex-include.ts'

it('a figure that is wider than one of two columns stands across both', () => {
  const icml = presetWish('icml', plainWish)
  const opening = (widthMm: number, wish = icml) =>
    texInclude({ widthMm, wish }, 'a.pdf', '50 %').split('\n')[0]
  expect(opening(82.55)).toBe('\\begin{figure}')
  expect(opening(171.45)).toBe('\\begin{figure*}')
  // Its page has one column.
  expect(opening(171.45, presetWish('neurips', plainWish))).toBe('\\begin{figure}')
  expect(opening(171.45, plainWish)).toBe('\\begin{figure}')
})

it('a figure is shown in its width, but for one in TeX, which has its own', () => {
  const drawn = { widthMm: 171.45, wish: presetWish('icml', plainWish) }
  expect(texInclude(drawn, 'a_b.pdf', '50 %')).toBe(
    [
      '\\begin{figure*}',
      '  \\centering',
      '  \\includegraphics[width=171.45mm]{\\detokenize{a_b.pdf}}',
      '  \\caption{50 \\%}',
      '  \\label{fig:a-b}',
      '\\end{figure*}',
      ''
    ].join('\n')
  )
  expect(texInclude(drawn, 'a_b.tex', '')).toContain('  \\input{\\detokenize{a_b.tex}}\n')
})

it('is referred to by its file’s name, in letters that a reference takes', () => {
  const drawn = { widthMm: 80, wish: plainWish }
  const label = (file: string) => /\\label\{(.*)\}/.exec(texInclude(drawn, file, 'a'))?.[1]
  expect(label('gpt2 · Head 1.3 %.png')).toBe('fig:gpt2-head-1-3')
  expect(label('ראש.pdf')).toBe('fig:figure-15dqoel')
  expect(label('gpt2-ראש.pdf')).toMatch(/^fig:gpt2-[a-z\d]+$/)
  expect(label('gpt2-ראש.pdf')).not.toBe(label('gpt2-סוף.pdf'))
  expect(label('gpt2 × 2.pdf')).toBe('fig:gpt2-2')
})
