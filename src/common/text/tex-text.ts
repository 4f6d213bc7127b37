import { soundText } from './visible-text.ts'

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\symbol{34}',
  '-': '{-}',
  '\u2212': '$-$',
  '\u2192': '$\\rightarrow$',
  '\u2190': '$\\leftarrow$',
  '\u21b5': '$\\hookleftarrow$',
  '\u00b7': '$\\cdot$',
  '\u21e5': '$\\mapsto$',
  '\u2191': '$\\uparrow$',
  '\u2193': '$\\downarrow$',
  '\u221a': '$\\surd$',
  '\u27e8': '$\\langle$',
  '\u27e9': '$\\rangle$',
  '\u00d7': '$\\times$',
  '\u2264': '$\\leq$',
  '\u2265': '$\\geq$',
  '\u2026': '\\ldots{}',
  '\u22ef': '$\\cdots$',
  '\u25cf': '$\\bullet$',
  '\u25c6': '$\\diamond$',
  '\u201c': '\\textquotedblleft{}',
  '\u201d': '\\textquotedblright{}',
  '\u2019': "'",
  '\u2013': '\\textendash{}',
  '\u2014': '\\textemdash{}',
  '\u00a0': '~',
  '\u2060': '{}',
  '\u2032': "$'$",
  '\u2260': '$\\neq$',
  '\u221e': '$\\infty$',
  '\u221d': '$\\propto$',
  '\u2202': '$\\partial$',
  '\u2218': '$\\circ$',
  '\u2205': '$\\emptyset$',
  '\u2308': '$\\lceil$',
  '\u2309': '$\\rceil$',
  '\u230a': '$\\lfloor$',
  '\u230b': '$\\rfloor$',
  '\u1d40': '$^{\\mathsf{T}}$',
  '\u1d62': '$_{i}$',
  '\u2096': '$_{k}$',
  '\u207b': '$^{-}$',
  ...Object.fromEntries(
    [...'\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079'].map((sign, i) => [
      sign,
      `$^{${i}}$`
    ])
  ),
  ...Object.fromEntries(
    [...'\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089'].map((sign, i) => [
      sign,
      `$_{${i}}$`
    ])
  )
}

/** Greek letters as formulas name them. */
const greek: Readonly<Record<string, string>> = {
  ...{ α: 'alpha', β: 'beta', γ: 'gamma', δ: 'delta', ε: 'varepsilon', η: 'eta', θ: 'theta' },
  ...{ κ: 'kappa', λ: 'lambda', μ: 'mu', π: 'pi', ρ: 'rho', σ: 'sigma', τ: 'tau', φ: 'varphi' },
  ...{ ω: 'omega', Δ: 'Delta', Σ: 'Sigma', Φ: 'Phi', Ω: 'Omega' }
}
/** One that stands alone is a sign, not a part of a word. */
const greekSign = /(?<!\p{Script=Greek})\p{Script=Greek}(?!\p{Script=Greek})/gu

/** Signs that TeX would join with the one after them, such as two commas to a quotation mark. */
const joined = /([,'`])(?=\1)|[?!](?=`)/g

/** What directs letters and is not seen. */
const directing = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * A line of text as TeX writes it: what TeX takes for commands as letters, signs as formulas. Other letters stay as they
 * are: beyond Latin ones they need LuaLaTeX or XeLaTeX and a font that has them.
 */
export function texText(text: string): string {
  const signs = new RegExp(`[${Object.keys(escapes).map(pattern).join('')}]`, 'gu')
  return soundText(text.replaceAll(directing, '').replaceAll(/\s+/g, ' '))
    .replaceAll(joined, '$&\u2060')
    .replaceAll(signs, sign => escapes[sign]!)
    .replaceAll(greekSign, sign => (sign in greek ? `$\\${greek[sign]}$` : sign))
}

function pattern(sign: string): string {
  return `\\u{${sign.codePointAt(0)!.toString(16)}}`
}
