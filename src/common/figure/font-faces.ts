import { dataUrl } from './data-url.ts'

/** A font that an SVG file brings. */
export interface BroughtFont {
  readonly family: string
  /** Of the font's letters. */
  readonly part: 'latin' | 'hebrew'
}

/** A file of a font. */
export interface FontFile {
  /** As CSS says it: one, or from the thinnest to the boldest. */
  readonly weight: string
  readonly format: 'woff' | 'woff2'
  readonly bytes: Uint8Array
}

const fonts = [
  { family: 'Inter', part: 'latin' },
  { family: 'JetBrains Mono', part: 'latin' },
  { family: 'Noto Sans Hebrew', part: 'hebrew' },
  { family: 'CMU Serif', part: 'latin' },
  { family: 'Tinos', part: 'latin' },
  // Beside another file of its family, it is for these letters alone.
  { family: 'Tinos', part: 'hebrew', range: 'U+0590-05FF' }
] as const satisfies readonly (BroughtFont & { readonly range?: string })[]

/**
 * Browsers else round how wide each letter is to whole pixels, and texts come out wider than in other files. Signs such as `<|`
 * would run together into an arrow, and a token read as another: each text's own `font` would allow that again.
 */
const asMeasured =
  "text{text-rendering:geometricPrecision;font-variant-ligatures:none!important;font-feature-settings:'liga' 0,'calt' 0!important}"

/**
 * The fonts that the letters of an SVG document are drawn in, as CSS that brings them along.
 * @param filesOf gives the files of a font
 */
export async function fontFaces(
  svg: string,
  filesOf: (font: BroughtFont) => Promise<readonly FontFile[]>
): Promise<string> {
  const hasHebrew = /\p{Script=Hebrew}/u.test(svg)
  const own: readonly (BroughtFont & { readonly range?: string })[] = fonts.filter(
    ({ family, part }) => svg.includes(family) && (part !== 'hebrew' || hasHebrew)
  )
  const faces = own.map(async ({ family, part, range }) => {
    const letters = range === undefined ? '' : `;unicode-range:${range}`
    return (await filesOf({ family, part })).map(({ weight, format, bytes }) => {
      const source = `url(${dataUrl(`font/${format}`, bytes)}) format('${format}')`
      return `@font-face{font-family:'${family}';font-weight:${weight};src:${source}${letters}}`
    })
  })
  const all = (await Promise.all(faces)).flat()
  return all.length === 0 ? '' : `${all.join('')}${asMeasured}`
}
