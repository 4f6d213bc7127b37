/**
 * A name from a file as it is shown: characters that have no glyph, or that reorder the line, by their
 * number in place of themselves, such as `⟨202E⟩`.
 */
export function visibleText(text: string): string {
  return withoutUnseen(text, unseenSign)
}

/** A text with other signs in place of such characters, such as the escapes of a language. */
export function withoutUnseen(text: string, signOf: (character: string) => string): string {
  return text.replace(unseen, character => signOf(character))
}

/** JSON as a terminal shows it: the same value, with such characters as escapes, and lines as they are. */
export function visibleJson(json: string): string {
  return withoutUnseen(json, character =>
    character === '\n'
      ? character
      : Array.from(
          { length: character.length },
          (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
        ).join('')
  )
}

/**
 * A text as a document, of XML or of TeX, may hold it: characters that break one by their number. What has no glyph and does no
 * harm stays, such as ends of lines and marks of direction.
 */
export function soundText(text: string): string {
  return text.replace(unsound, unseenSign)
}

/** The sign for a character that has no legible glyph of its own. */
export function unseenSign(character: string): string {
  return `⟨${character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')}⟩`
}

// Control, format, surrogate, private use and line separators.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu

// Controls but those of lines, halves of characters, what is none, and what has all that follows run in another direction.
const unsound = /(?![\t\n\r])[\p{Cc}\p{Cs}\u202d\u202e\ufffe\uffff]/gu
