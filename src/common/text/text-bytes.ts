/** The first letters of a text that take so many bytes at most. */
export function upToBytes(text: string, most: number): string {
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += bytesOf(character)
    if (bytes > most) break
    end += character.length
  }
  return text.slice(0, end)
}

/** How many bytes a text takes as UTF-8. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
