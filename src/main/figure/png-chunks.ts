import { crc32 } from 'node:zlib'
import { xmpOf, type FileWords } from './xmp.ts'

/**
 * A PNG file that says, after its header, how large it is meant to be and where it comes from: as a comment and as XMP.
 * @source PNG specification (W3C 2003), sections 5.3, 11.3.4.3, 11.3.4.5 and 11.3.5.3; XMP Specification (Adobe 2020), part 3,
 * section 1.1.5
 */
export function withPngChunks(
  png: Uint8Array,
  dpi: number,
  words: FileWords
): Uint8Array<ArrayBuffer> {
  return joined([
    png.subarray(0, afterHeader),
    densityChunk(dpi),
    textChunk('Description', words.lines.join('\n')),
    textChunk('XML:com.adobe.xmp', xmpOf(words)),
    png.subarray(afterHeader)
  ])
}

/** A text of any letters: neither compressed nor in a language, and its keyword in no other. */
function textChunk(keyword: string, text: string): Uint8Array {
  return chunkOf('iTXt', bytesOf(`${keyword}\0\0\0\0\0${text}`))
}

/** Signature of 8 bytes, and the header's chunk of 25. */
const afterHeader = 33
const inchesOfMetre = 1 / 0.0254
const byMetre = 1

function densityChunk(dpi: number): Uint8Array {
  const data = new Uint8Array(9)
  const view = new DataView(data.buffer)
  const perMetre = Math.round(dpi * inchesOfMetre)
  view.setUint32(0, perMetre)
  view.setUint32(4, perMetre)
  data[8] = byMetre
  return chunkOf('pHYs', data)
}

function chunkOf(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  chunk.set(bytesOf(type), 4)
  chunk.set(data, 8)
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)))
  return chunk
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
