import type { ShownToken } from '../model/token.ts'

/**
 * The bytes a token stands for; null when its text lost them and its spelling does not tell.
 * @source byte-level spelling: Radford et al. 2019 (GPT-2), bytes_to_unicode
 */
export function tokenBytes(token: ShownToken): Uint8Array | null {
  if (!token.text.includes('\ufffd')) return new TextEncoder().encode(token.text)
  const fallback = /^<0x([0-9A-Fa-f]{2})>$/.exec(token.piece)
  if (fallback) return Uint8Array.of(parseInt(fallback[1]!, 16))
  const bytes: number[] = []
  for (const character of token.piece) {
    const byte = byteOfLetter().get(character)
    if (byte === undefined) return null
    bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

/** Bytes in hexadecimal, as a tooltip shows them: `E2 80 A6`. */
export function bytesHex(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')
}

let letters: Map<string, number> | null = null

/** Byte-level vocabularies spell a printable byte as itself and the others as letters from U+0100 on. */
function byteOfLetter(): Map<string, number> {
  if (letters !== null) return letters
  letters = new Map()
  let next = 0x100
  for (let byte = 0; byte < 256; byte++) {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    letters.set(String.fromCodePoint(printable ? byte : next++), byte)
  }
  return letters
}
