import { LamellaError } from '#common/model/errors.ts'
import { plainText } from '#common/text/plain-text.ts'
import { readExactly, type OpenFile } from '../../files/open-file.ts'

/** Bytes that are turned into tokens at once: few enough that others get their turn. */
const pieceBytes = 2 ** 14

const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20

/** A stretch of a text file. */
export interface TextPiece {
  readonly text: string
  /** Where it ends in the file, in bytes. */
  readonly end: number
}

/** What a file holds is no text, and so it stays for as long as it is that file. */
export class NotText extends LamellaError {}

/**
 * The stretch of a text file that begins at a byte. It ends with the file, after a line, before a space, or, where there
 * is neither, between two characters: tokens do not reach across its end, so that lines end where words do.
 * @throws NotText `file-invalid` when it is not UTF-8 text
 */
export async function textPiece(file: OpenFile, start: number): Promise<TextPiece> {
  const bytes = new Uint8Array(Math.min(pieceBytes, file.size - start))
  await readExactly(file, start, bytes)
  return pieceOf(file, start, bytes)
}

/** The same stretch of a file whose bytes are at hand. @throws NotText likewise */
export function textPieceOf(label: string, bytes: Uint8Array, start: number): TextPiece {
  const own = bytes.subarray(start, start + pieceBytes)
  return pieceOf({ label, size: bytes.length }, start, own)
}

type Sized = Pick<OpenFile, 'label' | 'size'>

function pieceOf(file: Sized, start: number, bytes: Uint8Array): TextPiece {
  const isLast = start + bytes.length === file.size
  const length = isLast ? bytes.length : cutOf(bytes)
  const own = bytes.subarray(0, length)
  const zero = own.indexOf(0)
  if (zero >= 0) throw notText(file, `holds a zero byte at ${start + zero}`)
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return { text: plainText(decoder.decode(own), start === 0), end: start + length }
  } catch {
    throw notText(file, `not UTF-8 text between bytes ${start} and ${start + length}`)
  }
}

function notText({ label }: Sized, message: string): NotText {
  return new NotText('file-invalid', `${label}: ${message}`)
}

/** Where to cut, from 1 on. */
function cutOf(bytes: Uint8Array): number {
  const isSpace = (at: number) => bytes[at]! <= space
  let line = 0
  let word = 0
  for (let at = bytes.length - 2; at > 0; at--) {
    // Between two lines that are not empty a tokenizer splits anyway.
    const ended = bytes[at - 1] === carriageReturn ? at - 2 : at - 1
    if (bytes[at] === newline && !isSpace(ended) && !isSpace(at + 1)) return at + 1
    if (bytes[at] === newline) line ||= at + 1
    if (bytes[at] === space && !isSpace(at - 1)) word ||= at
  }
  return line || word || characterEnd(bytes)
}

/** The last place that is not within a character. */
function characterEnd(bytes: Uint8Array): number {
  let end = bytes.length
  while (end > bytes.length - 4 && (bytes[end - 1]! & 0xc0) === 0x80) end--
  const lead = bytes[end - 1] ?? 0
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  return end - 1 + length <= bytes.length ? end - 1 + length : end - 1
}
