import { crc32 } from 'node:zlib'

/**
 * A PNG file that says how large it is meant to be and has a comment in it, after its header.
 * @param text letters beyond ASCII are written as `\u05d0`
 * @source PNG specification (W3C 2003), sections 5.3, 11.3.4.3 and 11.3.5.3
 */
export function withPngChunks(
  png: Uint8Array,
  dpi: number,
  keyword: string,
  text: string
): Uint8Array<ArrayBuffer> {
  const ascii = text.replaceAll(
    /[^\x20-\x7e\n]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
  const chunks = [
    densityChunk(dpi),
    chunkOf('tEXt', new TextEncoder().encode(`${keyword}\0${ascii}`))
  ]
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const result = new Uint8Array(png.length + length)
  result.set(png.subarray(0, afterHeader))
  let at = afterHeader
  for (const chunk of chunks) {
    result.set(chunk, at)
    at += chunk.length
  }
  result.set(png.subarray(afterHeader), at)
  return result
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
  chunk.set(new TextEncoder().encode(type), 4)
  chunk.set(data, 8)
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)))
  return chunk
}
