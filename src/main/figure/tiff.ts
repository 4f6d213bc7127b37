import { deflateSync } from 'node:zlib'
import { visibleText } from '#common/text/visible-text.ts'
import type { FigurePixels } from './raster.ts'
import { xmpOf, type FileWords } from './xmp.ts'

/** Tags of a TIFF file that are used here, and the types of their values. */
const tags = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  imageDescription: 270,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  resolutionUnit: 296,
  software: 305,
  extraSamples: 338,
  xmp: 700
} as const
const types = { byte: 1, ascii: 2, short: 3, long: 4, rational: 5 } as const

type Entry = readonly [tag: number, type: number, count: number, value: number | Uint8Array]

const header = 8
const entrySize = 12

/**
 * Pixels as a TIFF file, compressed without loss; of pixels that are all opaque red, green and blue alone.
 * @source TIFF 6.0 (Adobe 1992), sections 2 to 8; Adobe Photoshop TIFF Technical Notes 2002, Deflate compression; XMP
 * Specification (Adobe 2020), part 3, section 3.3
 */
export function tiffOf(
  { width, height, data }: FigurePixels,
  dpi: number,
  words: FileWords
): Uint8Array<ArrayBuffer> {
  const isOpaque = everyOpaque(data)
  const samples = isOpaque ? 3 : 4
  const strip = deflateSync(isOpaque ? withoutAlpha(data) : data)
  const resolution = new Uint8Array(new Uint32Array([Math.round(dpi * 1000), 1000]).buffer)
  const short = (tag: number, value: number): Entry => [tag, types.short, 1, value]
  const text = (tag: number, value: string): Entry => {
    const bytes = new TextEncoder().encode(`${value}\0`)
    return [tag, types.ascii, bytes.length, bytes]
  }
  const xmp = new TextEncoder().encode(xmpOf(words))
  const bits = new Uint8Array(new Uint16Array(samples).fill(8).buffer)
  const entries = (offset: number): Entry[] => [
    [tags.width, types.long, 1, width],
    [tags.height, types.long, 1, height],
    [tags.bitsPerSample, types.short, samples, bits],
    short(tags.compression, 8),
    short(tags.photometric, 2),
    text(tags.imageDescription, [visibleText(words.title), ...words.lines].join('\n')),
    [tags.stripOffsets, types.long, 1, offset],
    short(tags.samplesPerPixel, samples),
    [tags.rowsPerStrip, types.long, 1, height],
    [tags.stripByteCounts, types.long, 1, strip.length],
    [tags.xResolution, types.rational, 1, resolution],
    [tags.yResolution, types.rational, 1, resolution],
    short(tags.resolutionUnit, 2),
    text(tags.software, 'Lamella'),
    // Not premultiplied.
    ...(isOpaque ? [] : [short(tags.extraSamples, 2)]),
    [tags.xmp, types.byte, xmp.length, xmp]
  ]
  const count = entries(0).length
  const beside = header + 2 + entrySize * count + 4
  const long = entries(0).reduce((sum, [, , , value]) => sum + roomBeside(value), 0)
  const file = new Uint8Array(beside + long + strip.length)
  const view = new DataView(file.buffer)
  file.set(new TextEncoder().encode('II'))
  view.setUint16(2, 42, true)
  view.setUint32(4, header, true)
  view.setUint16(header, count, true)
  let at = beside
  for (const [i, [tag, type, length, value]] of entries(beside + long).entries()) {
    const entry = header + 2 + entrySize * i
    view.setUint16(entry, tag, true)
    view.setUint16(entry + 2, type, true)
    view.setUint32(entry + 4, length, true)
    if (typeof value === 'number') view.setUint32(entry + 8, value, true)
    else if (value.length <= 4) file.set(value, entry + 8)
    else {
      view.setUint32(entry + 8, at, true)
      file.set(value, at)
      at += roomBeside(value)
    }
  }
  file.set(strip, beside + long)
  return file
}

/** Values of over four bytes stand beside the entries, each at an even place. */
function roomBeside(value: number | Uint8Array): number {
  return typeof value === 'number' || value.length <= 4 ? 0 : value.length + (value.length % 2)
}

function everyOpaque(data: Uint8Array): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false
  return true
}

function withoutAlpha(data: Uint8Array): Uint8Array {
  const colors = new Uint8Array((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    colors[to] = data[from]!
    colors[to + 1] = data[from + 1]!
    colors[to + 2] = data[from + 2]!
  }
  return colors
}
