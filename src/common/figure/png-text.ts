/**
 * A PNG file with a comment in it, after its header.
 * @param text letters beyond ASCII are written as `\u05d0`
 * @source PNG specification (W3C 2003), sections 5.3 and 11.3.4.3
 */
export function withPngText(
  png: Uint8Array,
  keyword: string,
  text: string
): Uint8Array<ArrayBuffer> {
  const ascii = text.replaceAll(
    /[^\x20-\x7e\n]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
  const chunk = chunkOf('tEXt', new TextEncoder().encode(`${keyword}\0${ascii}`))
  const result = new Uint8Array(png.length + chunk.length)
  result.set(png.subarray(0, afterHeader))
  result.set(chunk, afterHeader)
  result.set(png.subarray(afterHeader), afterHeader + chunk.length)
  return result
}

/** Signature of 8 bytes, and the header's chunk of 25. */
const afterHeader = 33

function chunkOf(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  chunk.set(new TextEncoder().encode(type), 4)
  chunk.set(data, 8)
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)))
  return chunk
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
