import { withoutIsolates } from '#common/text/token-text.ts'
import type { LinePiece, ParagraphLines, StyledText } from './paragraph-lines.ts'
import type { PdfDocument } from './pdf-file.ts'
import { drawArtifact, type PdfTag, type TagFacts } from './pdf-tags.ts'
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

/** Letters that are drawn in another order than they are read in. */
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}]/u

/**
 * What a tag tells of letters that are not drawn as they are read: from right to left, or in several lines, at whose ends no
 * space is drawn. Of an address in lines from left to right nothing, for it would be read in place of the link.
 */
export function actualOf(
  parts: readonly StyledText[],
  { lines }: Pick<ParagraphLines, 'lines'>
): Pick<TagFacts, 'actual'> {
  const actual = withoutIsolates(parts.map(({ text }) => text).join(''))
  const hasLink = parts.some(({ style }) => style.url !== undefined)
  return rightToLeft.test(actual) || (lines.length > 1 && !hasLink) ? { actual } : {}
}

/** Draws lines one below the other. @param tag what they are; null of what is nothing to be read out, as it stands elsewhere */
export function drawLines(
  doc: PdfDocument,
  { lines, isRightToLeft }: ParagraphLines,
  { x, y, width, leading, align }: LinesPlace,
  tag: PdfTag | null
): void {
  const placed = lines.flatMap((line, i) => {
    const left = isRightToLeft || align === 'right' ? x + width - line.width : x
    return line.pieces.map(piece => ({
      ...{ piece, x: left + piece.x, y: y + (i + baseline) * leading }
    }))
  })
  const draw = (pieces: readonly PlacedPiece[]) => {
    for (const { piece, x, y } of pieces) drawPiece(doc, piece, x, y)
  }
  if (tag === null) return drawArtifact(doc, () => draw(placed), 'Pagination')
  for (const run of runsOf(placed)) {
    const { url } = run[0]!.piece.style
    const own = url === undefined ? tag : tag.child('Link')
    own.content(() => draw(run))
    if (url === undefined) continue
    for (const { piece, x, y } of run) {
      const { size } = piece.style
      own.link(x, y - size, piece.width, size * 1.3, url)
    }
    own.end()
  }
}

interface PlacedPiece {
  readonly piece: LinePiece
  readonly x: number
  readonly y: number
}

/** Pieces that follow one another and lead to one address, or to none. */
function runsOf(placed: readonly PlacedPiece[]): PlacedPiece[][] {
  const runs: PlacedPiece[][] = []
  for (const own of placed) {
    const last = runs.at(-1)
    if (last !== undefined && last[0]!.piece.style.url === own.piece.style.url) last.push(own)
    else runs.push([own])
  }
  return runs
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
  if (url !== undefined) rule(doc, x, y + size * 0.16, width, color)
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
