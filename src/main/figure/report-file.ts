import type { FigureFile, ReportFileRequest } from '#common/model/figure-file.ts'
import { ReportDocument } from '#common/report/report-document.ts'
import { figureFaces } from './fonts.ts'
import { packedSvg } from './packed-svg.ts'
import type { PdfFigure } from './report-blocks.ts'
import { reportPdf } from './report-pdf.ts'
import { lettersWithoutFont } from './svg-document.ts'

/**
 * Turns a report into a PDF file.
 * @throws LamellaError `invalid-argument` when a figure of it is too large, `internal` when one holds what is not known
 */
export async function reportFile(request: ReportFileRequest): Promise<FigureFile> {
  const faces = await figureFaces()
  const document = ReportDocument.parse(JSON.parse(request.document))
  const figures = request.figures.map((figure): PdfFigure =>
    typeof figure === 'string' ? figure : { svg: packedSvg(figure.svg), widthMm: figure.widthMm }
  )
  const words = { title: document.title, lines: request.lines }
  const { bytes, without } = await reportPdf(document, figures, faces, words)
  const inFigures = figures.flatMap(figure =>
    typeof figure === 'string' ? [] : lettersWithoutFont(figure.svg, faces)
  )
  return { bytes, without: [...new Set([...without, ...inFigures])] }
}
