import { lettersOf } from './cut-short.ts'

/** The first letters of a text that take so many bytes at most. */
export function upToBytes(text: string, most: number): string {
  let bytes = 0
  let end = 0
  for (const letter of lettersOf(text)) {
    bytes += bytesOf(letter)
    if (bytes > most) break
    end += letter.length
  }
  return text.slice(0, end)
}

/** How many bytes a text takes as UTF-8. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
