import { inflateSync } from 'node:zlib'

const signature = 0x774f4646
const woffHeader = 44
const woffEntry = 20
const header = 12
const entry = 16

/**
 * The TrueType font that a WOFF file holds.
 * @param without tables that are left out, such as `GSUB`, by which letters are joined
 * @throws RangeError when it is no WOFF file
 * @source WOFF File Format 1.0 (W3C 2012), sections 3 to 5
 */
export function trueTypeOf(woff: Uint8Array, without: readonly string[] = []): Uint8Array {
  const view = new DataView(woff.buffer, woff.byteOffset, woff.byteLength)
  if (woff.byteLength < woffHeader || view.getUint32(0) !== signature)
    throw new RangeError('not a WOFF file')
  const tables = tablesOf(woff, view).filter(({ tag }) => !without.includes(tag))
  const start = header + entry * tables.length
  const total = tables.reduce((sum, { data }) => sum + padded(data.length), start)
  const font = new Uint8Array(total)
  const out = new DataView(font.buffer)
  const power = Math.floor(Math.log2(tables.length))
  out.setUint32(0, view.getUint32(4))
  out.setUint16(4, tables.length)
  out.setUint16(6, 16 * 2 ** power)
  out.setUint16(8, power)
  out.setUint16(10, 16 * (tables.length - 2 ** power))
  let at = start
  for (const [i, { tag, checksum, data }] of tables.entries()) {
    const line = header + entry * i
    font.set(new TextEncoder().encode(tag), line)
    out.setUint32(line + 4, checksum)
    out.setUint32(line + 8, at)
    out.setUint32(line + 12, data.length)
    font.set(data, at)
    at += padded(data.length)
  }
  return font
}

function tablesOf(woff: Uint8Array, view: DataView) {
  return Array.from({ length: view.getUint16(12) }, (_, i) => {
    const line = woffHeader + woffEntry * i
    const offset = view.getUint32(line + 4)
    const stored = woff.subarray(offset, offset + view.getUint32(line + 8))
    const length = view.getUint32(line + 12)
    return {
      tag: new TextDecoder().decode(woff.subarray(line, line + 4)),
      checksum: view.getUint32(line + 16),
      data: stored.length === length ? stored : inflateSync(stored)
    }
  })
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4
}
