import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, inflateSync } from 'node:zlib'
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { decode } from 'fast-png'
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { StructTreeNode } from 'pdfjs-dist/types/src/display/api.js'
import { describe, expect, it } from 'vitest'
import { figureFile } from '../../../src/main/figure/figure-file.ts'
import type { FigureFileFormat } from '#common/model/figure-file.ts'

const svg = (inside: string, width = 200, height = 100) =>
  `<svg width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${inside}</svg>`
const text = (words: string, more = '') =>
  `<text dominant-baseline="central" text-anchor="start" style="font: 10px 'JetBrains Mono', 'Noto Sans Hebrew', monospace" ${more}>${words}</text>`
const file = (
  document: string,
  format: FigureFileFormat,
  more: { widthMm?: number; dpi?: number; title?: string; lines?: string[] } = {}
) =>
  figureFile({
    svg: gzipSync(document),
    ...{ format, widthMm: 50.8, dpi: 100, title: 'A figure', caption: 'A figure of “שלום”.' },
    lines: ['Model: m', 'Text: שלום'],
    ...more
  })

async function pdfPage(document: string, more = {}) {
  const { bytes } = await file(document, 'pdf', more)
  const pdf = await getDocument({ data: bytes.slice(), verbosity: 0 }).promise
  return { pdf, page: await pdf.getPage(1), raw: Buffer.from(bytes).toString('latin1') }
}

describe('a PDF', () => {
  it('is as wide as it is wanted', async () => {
    const { page } = await pdfPage(svg(''), { widthMm: 82.55 })
    const [, , width, height] = page.view
    expect(width).toBeCloseTo((82.55 / 25.4) * 72, 3)
    expect(height).toBeCloseTo((82.55 / 25.4) * 36, 3)
  })

  it('holds its texts as texts, where they stand', async () => {
    const { page } = await pdfPage(svg(text('key → 12', 'transform="translate(20 40)"')))
    const { items } = await page.getTextContent()
    const words = items.map(item => ('str' in item ? item.str : '')).join('')
    expect(words).toBe('key → 12')
    const [first] = items
    if (first === undefined || !('str' in first)) throw new Error('no text')
    // 200 pixels are 144 points here.
    const [, , , , x, y] = first.transform as number[]
    expect(x).toBeCloseTo(20 * 0.72, 3)
    // The letters' middle, by the font's own measures, is 0.36 of its size above where they stand.
    expect(y).toBeCloseTo(72 - (40 + 3.6) * 0.72, 3)
  })

  it('holds Hebrew that is found again', async () => {
    const { page } = await pdfPage(svg(text('3 שלום', 'transform="translate(20 40)"')))
    const { items } = await page.getTextContent()
    expect(items.map(item => ('str' in item ? item.str : '')).join('|')).toContain('שלום')
  })

  it('brings the letters that it shows of its fonts, and no Type 3 or standard font', async () => {
    const { raw } = await pdfPage(svg(text('ab → שלום')))
    const names = [...raw.matchAll(/\/BaseFont \/(\S+)/g)].map(([, name]) => name!)
    const families = new Set(names.map(name => name.replace(/^[A-Z]{6}\+/, '')))
    expect(families).toEqual(
      new Set(['JetBrainsMono-Regular', 'DejaVuSansMono', 'NotoSansHebrew-Regular'])
    )
    expect(names.every(name => /^[A-Z]{6}\+/.test(name))).toBe(true)
    expect(raw.match(/\/FontFile2 /g)).toHaveLength(3)
    expect(raw).not.toContain('/Type3')
    expect(raw).not.toContain('Helvetica')
  })

  it('draws shapes, not pictures of them', async () => {
    const shapes = `<g transform="translate(10 10)"><path d="M0 0l20 0l0 10Z" fill="#ff0000"></path></g><polyline points="0 0 5 5" fill="none" stroke="#0000ff" stroke-opacity="0.5"></polyline>`
    const { page } = await pdfPage(svg(shapes))
    const { fnArray } = await page.getOperatorList()
    expect(fnArray).not.toContain(OPS.paintImageXObject)
    expect(fnArray.filter(name => name === OPS.constructPath)).toHaveLength(2)
  })

  it('draws lines as clear and as dashed as they are', async () => {
    const line = `<path d="M0 0l20 0" fill="none" stroke="#0000ff" opacity="0.5" stroke-opacity="0.5" stroke-dasharray="6 2"></path>`
    const { page } = await pdfPage(svg(line))
    const { fnArray, argsArray } = await page.getOperatorList()
    const given = (name: number) => (argsArray as unknown[]).filter((_, i) => fnArray[i] === name)
    expect(given(OPS.setGState)).toEqual([[expect.arrayContaining([['CA', 0.25]])]])
    expect(given(OPS.setDash)).toEqual([[[6, 2], 0]])
  })

  it('draws colours along a shape, each at its share of it', async () => {
    const stops = ['0%', '25%', '1'].map(
      offset => `<stop offset="${offset}" stop-color="#0000ff"></stop>`
    )
    const { raw } = await pdfPage(
      svg(
        `<defs><linearGradient id="a" x1="0" y1="1" x2="0" y2="0">${stops.join('')}</linearGradient></defs><path d="M0 0l20 0l0 10Z" fill="url(#a)"></path>`
      )
    )
    expect(raw).toMatch(/\/Bounds \[0\.25\]/)
  })

  it('is tagged: a figure that is read out by its caption, in a language', async () => {
    const { pdf, page, raw } = await pdfPage(svg(text('key')))
    const marks = (await pdf.getMarkInfo()) as ReadonlyMap<string, boolean> | null
    expect(marks?.get('Marked')).toBe(true)
    const tree = await page.getStructTree()
    const [document] = tree.children as StructTreeNode[]
    expect(document!.role).toBe('Document')
    const [figure, ...more] = document!.children as (StructTreeNode & { alt: string })[]
    expect(figure).toMatchObject({ role: 'Figure', alt: 'A figure of “שלום”.' })
    expect(more).toEqual([])
    expect(raw).toContain('/Lang (en)')
    expect(raw).toContain('/DisplayDocTitle true')
  })

  it('says where it comes from', async () => {
    const { pdf } = await pdfPage(svg(''), { title: 'A \u202efigure' })
    const { info } = await pdf.getMetadata()
    expect(info).toMatchObject({
      Title: 'A ⟨202E⟩figure',
      Subject: 'Model: m\nText: שלום',
      Creator: 'Lamella'
    })
  })

  it('refuses what it does not know rather than leave it out', async () => {
    await expect(file(svg('<foreignObject></foreignObject>'), 'pdf')).rejects.toThrow(
      '<foreignObject> is not known in a figure'
    )
  })
})

describe('pixels', () => {
  const square = '<rect x="100" y="0" width="100" height="100" fill="#ff0000"></rect>'

  it('are as many as dots an inch and width make', async () => {
    const { bytes } = await file(svg(square), 'png', { widthMm: 82.55, dpi: 600 })
    const { width, height, resolution } = decode(bytes)
    expect([width, height]).toEqual([1950, 975])
    expect(resolution).toEqual({ x: 23622, y: 23622, unit: 1 })
    expect(Buffer.from(bytes).toString()).toContain('Model: m\nText: שלום')
  })

  it('are as many up as dots an inch and height make, however many those across are', async () => {
    // 12.7 and 6.35 mm are half and a quarter of an inch.
    const { bytes } = await file(svg(square), 'png', { widthMm: 12.7, dpi: 101 })
    const { width, height } = decode(bytes)
    expect([width, height]).toEqual([51, 25])
  })

  it('are those of the figure, clear where it is', async () => {
    const { bytes } = await file(svg(square), 'png')
    const { data, width } = decode(bytes)
    const at = (x: number, y: number) => [
      ...data.slice(4 * (y * width + x), 4 * (y * width + x) + 4)
    ]
    expect(at(150, 50)).toEqual([255, 0, 0, 255])
    expect(at(50, 50)[3]).toBe(0)
  })

  it('show letters of fonts that the machine need not have', async () => {
    const ground = '<rect width="200" height="100" fill="#ffffff"></rect>'
    const dark = async (words: string) => {
      const { bytes } = await file(svg(ground + text(words, 'transform="translate(20 40)"')), 'png')
      return decode(bytes).data.filter((value, i) => i % 4 === 0 && value < 128).length
    }
    expect(await dark('')).toBe(0)
    expect(await dark('שלום →')).toBeGreaterThan(30)
  })

  it('tell which letters no font has', async () => {
    const { without } = await file(svg(text('你 ab')), 'png')
    expect(without).toEqual(['你'])
  })

  it('are refused where they are too many', async () => {
    await expect(file(svg(''), 'png', { widthMm: 1000, dpi: 1200 })).rejects.toThrow(
      /47244 × 23622 pixels .* over the most, 100 million/
    )
  })

  it('are the same in a TIFF', async () => {
    const ground = '<rect width="200" height="100" fill="#ffffff"></rect>'
    const { bytes } = await file(svg(ground + square), 'tiff')
    const { tags, strip } = readTiff(bytes)
    expect(tags).toMatchObject({ 256: 200, 257: 100, 277: 3, 259: 8, 282: 100, 283: 100, 296: 2 })
    // All rows are in one strip.
    expect(tags[278]).toBe(100)
    expect(tags[270]).toBe('A figure\nModel: m\nText: שלום')
    const pixels = inflateSync(strip)
    const png = decode((await file(svg(ground + square), 'png')).bytes).data
    expect([...pixels]).toEqual([...png.filter((_, i) => i % 4 !== 3)])
  })

  it('keep what is clear in a TIFF', async () => {
    const { tags, strip } = readTiff((await file(svg(square), 'tiff')).bytes)
    expect(tags).toMatchObject({ 277: 4, 338: 2 })
    expect(inflateSync(strip)[3]).toBe(0)
  })

  it('keep the colour of what is half clear in a TIFF', async () => {
    const half = '<rect width="200" height="100" fill="#ff8040" fill-opacity="0.5"></rect>'
    const { strip } = readTiff((await file(svg(half), 'tiff')).bytes)
    const [red, green, blue, alpha] = inflateSync(strip)
    expect(alpha).toBe(128)
    // Of colours that were multiplied by 0.5 the last bit is lost.
    for (const [part, whole] of [
      [red, 255],
      [green, 128],
      [blue, 64]
    ] as const)
      expect(Math.abs(part! - whole)).toBeLessThanOrEqual(1)
  })
})

/** Tags by the TIFF 6.0 specification: numbers, texts, and quotients as numbers. */
function readTiff(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  expect(new TextDecoder().decode(bytes.subarray(0, 2))).toBe('II')
  const start = view.getUint32(4, true)
  const tags: Record<number, number | string> = {}
  for (let i = 0; i < view.getUint16(start, true); i++) {
    const entry = start + 2 + 12 * i
    const [tag, type] = [view.getUint16(entry, true), view.getUint16(entry + 2, true)]
    const [count, value] = [view.getUint32(entry + 4, true), view.getUint32(entry + 8, true)]
    // Values beside the entries stand at even places.
    if (type === 5 || (type < 3 && count > 4)) expect(value % 2).toBe(0)
    if (type === 2) tags[tag] = new TextDecoder().decode(bytes.subarray(value, value + count - 1))
    else if (type === 1) tags[tag] = new TextDecoder().decode(bytes.subarray(value, value + count))
    else if (type === 5) tags[tag] = view.getUint32(value, true) / view.getUint32(value + 4, true)
    else tags[tag] = type === 3 && count === 1 ? view.getUint16(entry + 8, true) : value
  }
  const offset = Number(tags[273])
  return { tags, strip: bytes.subarray(offset, offset + Number(tags[279])) }
}

const hostile = {
  title: 'a & <b>',
  lines: ['Text: </rdf:li>"]]>\u0007', 'Edits: none & <|endoftext|> ש']
}

it.each(['pdf', 'png', 'tiff'] as const)(
  'a %s says where it comes from as XMP, whatever its text has',
  async format => {
    const { bytes } = await file(svg(''), format, hostile)
    const raw = Buffer.from(bytes).toString('utf8')
    const packets = raw.match(/<\?xpacket begin="\ufeff"[^]*?<\?xpacket end="w"\?>/g) ?? []
    expect(packets).toHaveLength(1)
    const { root } = parseXml(packets[0]!)
    expect(textsIn(root!)).toEqual({
      'dc:title': 'a & <b>',
      'dc:description': 'Text: </rdf:li>"]]>⟨07⟩\nEdits: none & <|endoftext|> ש',
      'xmp:CreatorTool': 'Lamella'
    })
    if (format === 'tiff') expect(readTiff(bytes).tags[700]).toBe(packets[0])
    if (format === 'png') expect(raw).toContain(`iTXtXML:com.adobe.xmp\0\0\0\0\0${packets[0]}`)
    if (format === 'pdf') expect(raw).toMatch(/\/Type \/Metadata\n\/Subtype \/XML/)
  }
)

/** What the members of an XMP packet's one description say. */
function textsIn(root: XmlElement): Record<string, string> {
  const elements = ({ children }: XmlElement) =>
    children.filter(child => child instanceof XmlElement)
  const [description] = elements(elements(root)[0]!)
  return Object.fromEntries(elements(description!).map(own => [own.name, own.text.trim()]))
}

const drawn = join(import.meta.dirname, '../../common/figure')

it.each(['attention-map', 'head-map', 'head-scatter', 'offset-curve', 'shaded-text', 'score-row'])(
  'a drawn %s becomes files',
  async name => {
    const document = readFileSync(join(drawn, `${name}.svg`), 'utf8')
    const { pdf, page } = await pdfPage(document)
    expect(pdf.numPages).toBe(1)
    const { items } = await page.getTextContent()
    const letters = (words: string) => words.replaceAll(/[\s\u2066-\u2069]/g, '').length
    const shown = items.map(item => ('str' in item ? item.str : '')).join('')
    const texts = [...document.matchAll(/<text[^>]*>([^<]*)</g)].map(([, words]) =>
      words!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    )
    expect(letters(shown)).toBe(letters(texts.join('')))
    expect((await file(document, 'png')).without).toEqual([])
  }
)
