/** GPT-2's spelling of bytes: printable ones stand for themselves, others for U+0100 and up. */
const characters = byteCharacters()
const bytes = new Map(characters.map((character, byte) => [character, byte]))
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A text's UTF-8 bytes, one printable character each. */
export function bytesToCharacters(text: string): string {
  let spelled = ''
  for (const byte of encoder.encode(text)) spelled += characters[byte]!
  return spelled
}

/** The text a byte-level piece stands for, U+FFFD for incomplete characters; null when it is no such piece. */
export function charactersToText(piece: string): string | null {
  const values: number[] = []
  for (const character of piece) {
    const byte = bytes.get(character)
    if (byte === undefined) return null
    values.push(byte)
  }
  return decoder.decode(Uint8Array.from(values))
}

/** The bytes of a byte-level piece; its own UTF-8 bytes when it is none. */
export function charactersToBytes(piece: string): number[] {
  const values = Array.from(piece, character => bytes.get(character))
  return values.every(value => value !== undefined) ? values : [...encoder.encode(piece)]
}

/** The byte a byte-fallback piece such as `<0xE2>` stands for, or null. */
export function fallbackByte(piece: string): number | null {
  const [, digits] = /^<0x([0-9A-F]{2})>$/.exec(piece) ?? []
  return digits === undefined ? null : parseInt(digits, 16)
}

/** The byte-fallback pieces of a text. */
export function fallbackPieces(text: string): string[] {
  return Array.from(
    encoder.encode(text),
    byte => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`
  )
}

/** One byte as text: itself when it is ASCII, else U+FFFD. */
export function byteText(byte: number): string {
  return decoder.decode(Uint8Array.of(byte))
}

function byteCharacters(): string[] {
  let next = 0x100
  return Array.from({ length: 256 }, (_, byte) => {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad)
    return String.fromCharCode(printable ? byte : next++)
  })
}
