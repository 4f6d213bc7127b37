/** Classes of characters, in the order of the `class` axis. They overlap: a capital is a vowel or a consonant, too. */
export const classNames = [
  'space',
  'newline',
  'digit',
  'vowel',
  'consonant',
  'capital',
  'punctuation',
  'final',
  'repeated'
] as const

const vowel = /^[aeiouAEIOUאהוי]$/
/** Letters that stand at the end of a word in another form. */
const finalForm = /^[םןץףך]$/

/**
 * The classes of each token, as a set of bits: bit c is set where it is of class c. Of a token of several characters
 * the first one tells, spaces before it apart; `final` goes by the last one. `repeated` has the same text as the
 * token before it. Special tokens are of no class.
 *
 * Vowels are a, e, i, o, u and the matres lectionis א ה ו י; consonants all other letters, y among them; punctuation
 * is what Unicode calls punctuation or a symbol.
 * @param texts [pos]; null for a special token
 */
export function tokenClasses(texts: readonly (string | null)[]): Uint16Array {
  return Uint16Array.from(texts, (text, pos) => {
    if (text === null || text === '') return 0
    const word = text.replace(/^ +/, '')
    const [first = ' '] = word
    const last = [...word].at(-1) ?? ''
    const isLetter = /^\p{L}/u.test(first)
    const isVowel = vowel.test(first)
    const belongs: Readonly<Record<(typeof classNames)[number], boolean>> = {
      space: first === ' ',
      newline: first === '\n',
      digit: /^\p{Nd}/u.test(first),
      vowel: isVowel,
      consonant: isLetter && !isVowel,
      capital: /^\p{Lu}/u.test(first),
      punctuation: /^[\p{P}\p{S}]/u.test(first),
      final: finalForm.test(last),
      repeated: pos > 0 && texts[pos - 1] === text
    }
    return classNames.reduce((bits, name, c) => bits | (belongs[name] ? 1 << c : 0), 0)
  })
}
