/** Scripts that are told apart, the commonest first. */
const scripts = [
  ...['Latin', 'Cyrillic', 'Han', 'Hiragana', 'Katakana', 'Hangul', 'Arabic', 'Hebrew', 'Greek'],
  ...['Devanagari', 'Bengali', 'Tamil', 'Telugu', 'Thai', 'Georgian', 'Armenian', 'Ethiopic'],
  ...['Khmer', 'Myanmar', 'Lao', 'Sinhala', 'Gujarati', 'Gurmukhi', 'Kannada', 'Malayalam']
] as const

const patterns = scripts.map(name => ({ name, pattern: new RegExp(`\\p{Script=${name}}`, 'u') }))

/** What texts are told apart by: a script, `several`, `other`, or null of a text without letters. */
export type TextScript = (typeof scripts)[number] | 'several' | 'other' | null

/** The script of a text's letters. */
export function textScript(text: string): TextScript {
  if (/^[\x20-\x7e]*$/.test(text)) return /[a-zA-Z]/.test(text) ? 'Latin' : null
  if (!/\p{L}/u.test(text)) return null
  const found = patterns.filter(({ pattern }) => pattern.test(text))
  if (found.length > 1) return 'several'
  return found[0]?.name ?? 'other'
}
