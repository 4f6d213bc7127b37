import { dotsOfMm } from '#common/figure/units.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { FigureFile, FigureFileRequest } from '#common/model/figure-file.ts'
import { figureFaces } from './fonts.ts'
import { pdfOf } from './pdf.ts'
import { withPngChunks } from './png-chunks.ts'
import { figurePixels, figurePng } from './raster.ts'
import { packedSvg } from './packed-svg.ts'
import { lettersWithoutFont } from './svg-document.ts'
import { tiffOf } from './tiff.ts'

/** More take gigabytes while they are drawn. */
const mostPixels = 10 ** 8

/**
 * Turns a drawn figure into a file.
 * @throws LamellaError `invalid-argument` when it is too large, `internal` when it holds what is not known
 */
export async function figureFile(request: FigureFileRequest): Promise<FigureFile> {
  const { format, widthMm, dpi, title, caption, lines } = request
  const faces = await figureFaces()
  const document = packedSvg(request.svg)
  const without = [...lettersWithoutFont(document, faces)]
  const words = { title, lines }
  if (format === 'pdf')
    return { bytes: await pdfOf(document, faces, widthMm, { ...words, caption }), without }
  const width = dotsOfMm(widthMm, dpi)
  const heightMm = (widthMm * document.height) / document.width
  const height = dotsOfMm(heightMm, dpi)
  if (width * height > mostPixels)
    throw new LamellaError(
      'invalid-argument',
      `${width} × ${height} pixels (${Math.round(widthMm)} × ${Math.round(heightMm)} mm at ${dpi} dpi) are over the most, ${mostPixels / 10 ** 6} million`,
      'Choose fewer dots an inch or a smaller width, or save it as PDF.'
    )
  const size = { width, height }
  const bytes =
    format === 'png'
      ? withPngChunks(await figurePng(document, faces, size), dpi, words)
      : tiffOf(await figurePixels(document, faces, size), dpi, words)
  return { bytes, without }
}
