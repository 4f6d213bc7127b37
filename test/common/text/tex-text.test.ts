import { expect, it } from 'vitest'
import { texText } from '#common/text/tex-text.ts'

it.each([
  ['50 % of $x_1$ & {a}', '50 \\% of \\$x\\_1\\$ \\& \\{a\\}'],
  ['a\\b^c~d', 'a\\textbackslash{}b\\textasciicircum{}c\\textasciitilde{}d'],
  ['<|end|>', '\\textless{}\\textbar{}end\\textbar{}\\textgreater{}'],
  ['key → 1', 'key $\\rightarrow$ 1'],
  ['\u2068שלום\u2069\n!', 'שלום !'],
  // What TeX would join to other signs, and some signs it has by name alone.
  ["a,, b'' ``c ?` ?!", "a,{}, b'{}' `{}`c ?{}` ?!"],
  // Letters of one width join no hyphens.
  ['– 0–1 —', '\\textendash{} 0\\textendash{}1 \\textemdash{}'],
  ['Wᵀ ‖x₁‖² σ, αβ', 'W$^{\\mathsf{T}}$ ‖x$_{1}$‖$^{2}$ $\\sigma$, αβ']
])('%s is written as %s', (text, expected) => {
  expect(texText(text)).toBe(expected)
})
