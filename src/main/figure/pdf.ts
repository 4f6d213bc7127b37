import type { XmlElement } from '@rgrove/parse-xml'
import { rgbOfCss } from '#common/figure/color-table.ts'
import { pixelsOfMm, pointsOfPixels } from '#common/figure/units.ts'
import type { FigureFace } from './fonts.ts'
import { pdfFile, type PdfDocument } from './pdf-file.ts'
import { documentTag } from './pdf-tags.ts'
import { childElements, type SvgDocument } from './svg-document.ts'
import { boxOf, matrixOf, numbersIn, outlineOf } from './svg-shapes.ts'
import { textFeatures, textLayout } from './text-layout.ts'
import type { FileWords } from './xmp.ts'

/**
 * A figure as a PDF file of one page: text is text in embedded fonts, lines are lines, maps are pictures whose pixels
 * stay as they are. It is read out by its caption.
 * @throws RangeError when the figure holds what is not known here
 */
export function pdfOf(
  figure: SvgDocument,
  faces: readonly FigureFace[],
  widthMm: number,
  words: FileWords & { readonly caption: string }
): Promise<Uint8Array<ArrayBuffer>> {
  const scale = pointsOfPixels(pixelsOfMm(widthMm) / figure.width)
  return pdfFile(words, faces, doc => {
    const size: [number, number] = [figure.width * scale, figure.height * scale]
    doc.addPage({ size, margin: 0 })
    const tag = documentTag(doc).child('Figure', { alt: words.caption, bbox: [0, 0, ...size] })
    tag.content(() => {
      doc.scale(scale)
      drawFigure(doc, figure, faces)
    })
  })
}

/**
 * Draws a figure in its own pixels, from where the page's corner is.
 * @throws RangeError when it holds what is not known here
 */
export function drawFigure(
  doc: PdfDocument,
  figure: SvgDocument,
  faces: readonly FigureFace[]
): void {
  for (const element of childElements(figure.root)) drawElement(doc, element, figure, faces)
}

/** They are read where others refer to them, or are nothing that is seen. */
const notDrawn = new Set(['defs', 'desc', 'title', 'style', 'clipPath', 'linearGradient'])

function drawElement(
  doc: PdfDocument,
  element: XmlElement,
  figure: SvgDocument,
  faces: readonly FigureFace[]
): void {
  const { name, attributes } = element
  if (notDrawn.has(name)) return
  doc.save()
  clip(doc, attributes['clip-path'], figure)
  doc.transform(...matrixOf(attributes.transform))
  if (name === 'g')
    for (const child of childElements(element)) drawElement(doc, child, figure, faces)
  else if (name === 'text') drawText(doc, element, faces)
  else if (name === 'image') drawImage(doc, element)
  else drawShape(doc, element, figure)
  doc.restore()
}

function clip(doc: PdfDocument, reference: string | undefined, { named }: SvgDocument): void {
  const id = /^url\(#(.+)\)$/.exec(reference ?? '')?.[1]
  const shapes = id === undefined ? [] : childElements(named.get(id)!)
  for (const shape of shapes) doc.path(outlineOf(shape)!).clip()
}

function drawShape(doc: PdfDocument, element: XmlElement, figure: SvgDocument): void {
  const { attributes } = element
  const outline = outlineOf(element)
  if (outline === null) throw new RangeError(`<${element.name}> is not known in a figure`)
  if (outline === '') return
  const fill = paintOf(doc, attributes.fill ?? '#000000', outline, figure)
  const width = Number(attributes['stroke-width'] ?? 1)
  const stroke = width === 0 ? null : paintOf(doc, attributes.stroke ?? 'none', outline, figure)
  const opacity = Number(attributes.opacity ?? 1)
  const fillOpacity = opacity * Number(attributes['fill-opacity'] ?? 1)
  const isFilled = fill !== null && fillOpacity > 0
  if (!isFilled && stroke === null) return
  if (isFilled) doc.fillColor(fill, fillOpacity)
  if (stroke !== null) {
    doc.lineWidth(width)
    doc.strokeColor(stroke, opacity * Number(attributes['stroke-opacity'] ?? 1))
    doc.lineCap(attributes['stroke-linecap'] ?? 'butt')
    doc.lineJoin(attributes['stroke-linejoin'] ?? 'miter')
    const dashes = numbersIn(attributes['stroke-dasharray'] ?? '')
    const [first] = dashes
    if (first !== undefined) doc.dash(first, { space: dashes[1] ?? first })
  }
  doc.path(outline)
  if (isFilled && stroke !== null) doc.fillAndStroke()
  else if (isFilled) doc.fill()
  else doc.stroke()
}

type Paint = string | PDFKit.PDFLinearGradient

/** A colour, or colours along a shape; null for none. */
function paintOf(
  doc: PdfDocument,
  paint: string,
  outline: string,
  { named }: SvgDocument
): Paint | null {
  if (paint === 'none' || paint === 'transparent') return null
  const id = /^url\(#(.+)\)$/.exec(paint)?.[1]
  if (id === undefined) return hexOf(paint)
  const gradient = named.get(id)
  if (gradient?.name !== 'linearGradient')
    throw new RangeError(`the colours ${id} are not known in a figure`)
  const { left, top, width, height } = boxOf(outline)
  const x = (key: string) => left + Number(gradient.attributes[key]) * width
  const y = (key: string) => top + Number(gradient.attributes[key]) * height
  const paints = doc.linearGradient(x('x1'), y('y1'), x('x2'), y('y2'))
  for (const { attributes } of childElements(gradient)) {
    const offset = attributes.offset!
    const at = offset.endsWith('%') ? parseFloat(offset) / 100 : Number(offset)
    paints.stop(at, hexOf(attributes['stop-color']!))
  }
  return paints
}

/** A CSS colour as `#rrggbb`. */
function hexOf(color: string): string {
  return `#${rgbOfCss(color)
    .map(part => part.toString(16).padStart(2, '0'))
    .join('')}`
}

function drawImage(doc: PdfDocument, { attributes }: XmlElement): void {
  const address = attributes.href ?? attributes['xlink:href'] ?? ''
  const [, base64] = /^data:image\/png;base64,(.+)$/.exec(address) ?? []
  if (base64 === undefined) throw new RangeError('a picture in a figure is a PNG')
  const of = (key: string) => Number(attributes[key] ?? 0)
  const size = { width: of('width'), height: of('height') }
  doc.image(Buffer.from(base64, 'base64'), of('x'), of('y'), size)
}

function drawText(doc: PdfDocument, element: XmlElement, faces: readonly FigureFace[]): void {
  const { fill = '#000000', opacity = '1', 'fill-opacity': fillOpacity = '1' } = element.attributes
  if (fill === 'none') return
  const { size, pieces } = textLayout(element, faces)
  doc.fillColor(hexOf(fill), Number(opacity) * Number(fillOpacity))
  for (const { text, face, x, y } of pieces) {
    doc.font(face.name, size)
    doc.text(text, x, y, { lineBreak: false, baseline: 'alphabetic', features: textFeatures })
  }
}
