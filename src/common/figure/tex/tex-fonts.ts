/** Scripts, and fonts that have their letters: as luaotfload names them. */
const fonts: readonly (readonly [letters: RegExp, font: string])[] = [
  [/\p{Script=Hebrew}/u, 'Noto Sans Hebrew:mode=node;script=hebr;'],
  [/\p{Script=Arabic}/u, 'Noto Sans Arabic:mode=node;script=arab;'],
  [/\p{Script=Devanagari}/u, 'Noto Sans Devanagari:mode=harf;script=dev2;'],
  [/\p{Script=Hangul}/u, 'Noto Sans CJK KR:mode=node;'],
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, 'Noto Sans CJK JP:mode=node;'],
  [/\p{Script=Han}/u, 'Noto Sans CJK SC:mode=node;'],
  [/\p{Emoji_Presentation}/u, 'Noto Color Emoji:mode=harf;'],
  // Greek, Cyrillic, signs.
  [/./u, 'DejaVu Sans:mode=node;']
]

/** Letters that pdfLaTeX has without more. */
const plain = /^[\0-\u017f€‖†‡•]*$/u

/** What a document needs whose figure has letters beyond Latin ones, in lines of comments; none where it has not. */
export function fontComments(source: string): string[] {
  if (plain.test(source)) return []
  const needed = fonts.filter(([letters]) => letters.test(source)).map(([, font]) => `"${font}"`)
  const fallback = '[RawFeature={fallback=lamella}]'
  return [
    '% Letters beyond Latin: compile with LuaLaTeX and, in the preamble, fonts that have them, such as these',
    '% (leave out one that is not installed: LuaTeX takes none of them then):',
    '% \\usepackage{fontspec}',
    `% \\directlua{luaotfload.add_fallback("lamella", {${needed.join(', ')}})}`,
    `% \\setmainfont{Latin Modern Roman}${fallback}`,
    `% \\setsansfont{Latin Modern Sans}${fallback}`,
    `% \\setmonofont{Latin Modern Mono}${fallback}`,
    '% A letter that none of them has is left out, which the log tells as “Missing character”.'
  ]
}
