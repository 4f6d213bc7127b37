import type { ReportDocument } from '#common/report/report-document.ts'
import type { FigureFace } from './fonts.ts'
import { page, pageFlow } from './page-flow.ts'
import { typesetter } from './paragraph-lines.ts'
import { pdfFile, type PdfDocument } from './pdf-file.ts'
import { documentTag } from './pdf-tags.ts'
import { reportDrawing, type PdfFigure } from './report-blocks.ts'
import { drawLines } from './report-lines.ts'
import { styles } from './report-styles.ts'
import type { FileWords } from './xmp.ts'

/**
 * A report as a PDF file of pages: text as text in embedded fonts, figures as lines, with an outline of its sections,
 * tagged.
 * @returns the file, and letters that no font has
 */
export async function reportPdf(
  report: ReportDocument,
  figures: readonly PdfFigure[],
  faces: readonly FigureFace[],
  words: FileWords
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly without: readonly string[] }> {
  const set = typesetter(faces)
  const bytes = await pdfFile(words, faces, doc => {
    const flow = pageFlow(doc)
    reportDrawing({ flow, set, faces, figures, tag: documentTag(doc) }).all(report)
    numberPages(doc, report.title)
  })
  return { bytes, without: set.without() }

  /** Below each page what it is of, and which of how many. */
  function numberPages(doc: PdfDocument, title: string): void {
    const { start, count } = doc.bufferedPageRange()
    const y = page.height - 40
    for (let i = 0; i < count; i++) {
      doc.switchToPage(start + i)
      const number = set.lines([{ text: `${i + 1} / ${count}`, style: styles.foot }], page.width)
      const right = page.width - styles.left - number.lines[0]!.width
      drawLines(doc, number, { x: right, y, width: page.width, leading: 10 }, null)
      const name = set.lines([{ text: title, style: styles.foot }], styles.width - 60)
      const [first] = name.lines
      drawLines(
        doc,
        { lines: [first!], isRightToLeft: false },
        { x: styles.left, y, width: styles.width, leading: 10 },
        null
      )
    }
  }
}
