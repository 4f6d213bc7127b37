import { deflateSync, inflateSync } from 'node:zlib'

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

/**
 * A TrueType font as a WOFF file, in which it takes less room.
 * @source WOFF File Format 1.0 (W3C 2012), sections 3 to 5
 */
export function woffOf(font: Uint8Array): Uint8Array {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength)
  const count = view.getUint16(4)
  const tables = Array.from({ length: count }, (_, i) => {
    const line = header + entry * i
    const [checksum, offset, length] = [4, 8, 12].map(at => view.getUint32(line + at))
    const data = font.subarray(offset, offset! + length!)
    const packed = deflateSync(data)
    const stored = packed.length < data.length ? packed : data
    return { tag: font.subarray(line, line + 4), checksum: checksum!, data, stored }
  })
  const start = woffHeader + woffEntry * count
  const whole = tables.reduce((sum, { data }) => sum + padded(data.length), header + entry * count)
  const total = tables.reduce((sum, { stored }) => sum + padded(stored.length), start)
  const woff = new Uint8Array(total)
  const out = new DataView(woff.buffer)
  out.setUint32(0, signature)
  out.setUint32(4, view.getUint32(0))
  out.setUint32(8, total)
  out.setUint16(12, count)
  out.setUint32(16, whole)
  let at = start
  for (const [i, { tag, checksum, data, stored }] of tables.entries()) {
    const line = woffHeader + woffEntry * i
    woff.set(tag, line)
    out.setUint32(line + 4, at)
    out.setUint32(line + 8, stored.length)
    out.setUint32(line + 12, data.length)
    out.setUint32(line + 16, checksum)
    woff.set(stored, at)
    at += padded(stored.length)
  }
  return woff
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
