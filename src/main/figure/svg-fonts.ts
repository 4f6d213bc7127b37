import { fontFaces } from '#common/figure/font-faces.ts'
import { fontFamilies, woffFile } from './font-files.ts'

/** The fonts that the letters of an SVG document are drawn in, as CSS that brings them along. */
export function svgFonts(svg: string): Promise<string> {
  return fontFaces(svg, ({ family, part }) => {
    const own = fontFamilies.find(known => known.family === family)!
    const files = own.weights.map(async weight => {
      const bytes = await woffFile(own, part, weight)
      return { weight: String(weight), format: 'woff', bytes } as const
    })
    return Promise.all(files)
  })
}
