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
  '\u2013': '--',
  '\u2014': '---',
  '\u00a0': '~'
}

/** What directs letters and is not seen. */
const directing = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * A line of text as TeX writes it: what TeX takes for commands as letters, signs as formulas. Other letters stay as they
 * are: beyond Latin ones they need LuaLaTeX or XeLaTeX and a font that has them.
 */
export function texText(text: string): string {
  const signs = new RegExp(`[${Object.keys(escapes).map(pattern).join('')}]`, 'gu')
  return text
    .replaceAll(directing, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(signs, sign => escapes[sign]!)
}

function pattern(sign: string): string {
  return `\\u{${sign.codePointAt(0)!.toString(16)}}`
}
