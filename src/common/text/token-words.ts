import type { ShownToken } from '../model/token.ts'
import { tokenText } from './token-text.ts'

const names: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\n': 'newline',
  '\r': 'carriage return',
  '\t': 'tab',
  '\u00a0': 'no-break space'
}

/** How a token is said aloud, where its display has signs for what is not seen; null where that reads as it is. */
export function tokenWords(token: ShownToken): string | null {
  const letters = [...token.text]
  if (token.special || !letters.some(letter => names[letter] !== undefined)) return null
  const words = letters.map(letter => {
    const name = names[letter]
    return name === undefined ? tokenText({ ...token, text: letter, piece: letter }) : ` ${name} `
  })
  return words.join('').replaceAll(/ +/g, ' ').trim()
}
