import type { LinePiece, ParagraphLines } from './paragraph-lines.ts'
import type { PdfDocument } from './pdf-file.ts'
import { textFeatures } from './text-layout.ts'

/** Where lines stand, in points. */
export interface LinesPlace {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly leading: number
  /** To which side they are set, whichever way they are read. */
  readonly align?: 'right'
}

/** Where letters stand below the top of their line, in their leading. */
const baseline = 0.7

/** Draws lines one below the other. */
export function drawLines(
  doc: PdfDocument,
  { lines, isRightToLeft }: ParagraphLines,
  { x, y, width, leading, align }: LinesPlace
): void {
  lines.forEach((line, i) => {
    const left = isRightToLeft || align === 'right' ? x + width - line.width : x
    for (const piece of line.pieces)
      drawPiece(doc, piece, left + piece.x, y + (i + baseline) * leading)
  })
}

function drawPiece(
  doc: PdfDocument,
  { text, face, style, width }: LinePiece,
  x: number,
  y: number
) {
  const { size, color, oblique = false, struck, url } = style
  doc.font(face.name, size).fillColor(color)
  doc.text(text, x, y, {
    lineBreak: false,
    baseline: 'alphabetic',
    features: textFeatures,
    oblique
  })
  if (struck) rule(doc, x, y - size * 0.28, width, color)
  if (url === undefined) return
  rule(doc, x, y + size * 0.16, width, color)
  doc.link(x, y - size, width, size * 1.3, url)
}

/** A thin line from left to right. */
export function rule(doc: PdfDocument, x: number, y: number, width: number, color: string): void {
  doc
    .moveTo(x, y)
    .lineTo(x + width, y)
    .lineWidth(0.5)
    .strokeColor(color)
    .stroke()
}
