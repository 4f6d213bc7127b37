import type { XmlElement } from '@rgrove/parse-xml'
import type { GlyphRun } from 'fontkit'
import { facesFor, type FigureFace } from './fonts.ts'
import { svgText } from './svg-document.ts'
import { layoutText, textRuns } from './text-runs.ts'

/** Letters stand as they are: none run together. */
export const letterFeatures = { liga: false, calt: false } as const

/** The same for PDFKit, whose types tell of a list, by which features are added alone. */
export const textFeatures = letterFeatures as unknown as PDFKit.Mixins.OpenTypeFeatures[]

/** A line of text, piece by piece from left to right, and where each stands; in CSS pixels. */
export interface TextLayout {
  readonly size: number
  readonly pieces: readonly {
    /** As the font lays it out. */
    readonly text: string
    readonly face: FigureFace
    readonly glyphs: GlyphRun
    readonly x: number
    /** Where its letters stand. */
    readonly y: number
  }[]
}

/**
 * Where the letters of an SVG text come to stand: alike in every file that is made of a figure.
 * @throws RangeError when it stands in a way that is not known
 */
export function textLayout(element: XmlElement, all: readonly FigureFace[]): TextLayout {
  const { attributes } = element
  const { text, families, size, weight } = svgText(element)
  const faces = facesFor(all, families, weight)
  const y = Number(attributes.y ?? 0) + baseline(attributes['dominant-baseline'], faces[0]!) * size
  let width = 0
  const pieces = textRuns(text, faces).map(run => {
    const shown = layoutText(run)
    const glyphs = run.face.font.layout(shown, letterFeatures)
    const x = width
    width += (glyphs.advanceWidth / run.face.font.unitsPerEm) * size
    return { text: shown, face: run.face, glyphs, x, y }
  })
  const share = { middle: 0.5, end: 1 }[attributes['text-anchor'] ?? 'start'] ?? 0
  const left = Number(attributes.x ?? 0) - share * width
  return { size, pieces: pieces.map(piece => ({ ...piece, x: left + piece.x })) }
}

/** How far below a text's place its letters stand, in their size. */
function baseline(name: string | undefined, { font }: FigureFace): number {
  const { ascent, descent, unitsPerEm } = font
  switch (name ?? 'alphabetic') {
    case 'alphabetic':
      return 0
    case 'central':
      return (ascent + descent) / 2 / unitsPerEm
    default:
      throw new RangeError(`texts that stand by ${name} are not known in a figure`)
  }
}
