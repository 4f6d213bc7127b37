import PDFDocument from 'pdfkit'
import { visibleText } from '#common/text/visible-text.ts'
import type { FigureFace } from './fonts.ts'
import { xmpOf, type FileWords } from './xmp.ts'

export type PdfDocument = InstanceType<typeof PDFDocument>

/**
 * A PDF file, drawn by what is given: text in fonts that are embedded, and a description of itself. It has no page but those
 * that are added, and is tagged: what is drawn is of a tag or an artifact.
 */
export async function pdfFile(
  words: FileWords,
  faces: readonly FigureFace[],
  draw: (doc: PdfDocument) => void
): Promise<Uint8Array<ArrayBuffer>> {
  const doc = new PDFDocument({
    autoFirstPage: false,
    // Pages are numbered once all are there.
    bufferPages: true,
    pdfVersion: '1.5',
    // None but those that are embedded.
    font: '',
    lang: 'en',
    tagged: true,
    displayTitle: true,
    info: { Title: visibleText(words.title), Subject: words.lines.join('\n'), Creator: 'Lamella' }
  })
  // PDFKit makes its own of the words as they are, which is no XML where they have a sign of it.
  const xmp = xmpOf(words)
  const metadata = { append() {}, end() {}, getXML: () => xmp, getLength: () => xmp.length }
  Object.assign(doc, { metadata })
  const pieces: Uint8Array[] = []
  doc.on('data', (piece: Uint8Array) => pieces.push(piece))
  const ended = new Promise((resolve, reject) => {
    doc.on('end', resolve)
    doc.on('error', reject)
  })
  for (const { name, bytes } of faces) doc.registerFont(name, Buffer.from(bytes))
  draw(doc)
  doc.end()
  await ended
  return new Uint8Array(Buffer.concat(pieces))
}
