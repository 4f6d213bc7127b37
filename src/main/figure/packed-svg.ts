import { gunzipSync } from 'node:zlib'
import { LamellaError } from '#common/model/errors.ts'
import { svgDocument, type SvgDocument } from './svg-document.ts'

/** Of a figure's document: a map of 2,000 pixels each way takes a tenth of it. */
const mostBytes = 2 ** 27

/**
 * The document of a figure that was compressed by gzip.
 * @throws LamellaError `invalid-argument` when it is too large
 */
export function packedSvg(svg: Uint8Array): SvgDocument {
  return svgDocument(unpacked(svg))
}

function unpacked(svg: Uint8Array): string {
  try {
    return new TextDecoder().decode(gunzipSync(svg, { maxOutputLength: mostBytes }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error
    throw new LamellaError(
      'invalid-argument',
      `The drawn figure is larger than ${mostBytes / 2 ** 20} MB`,
      'Save a part of it.'
    )
  }
}
