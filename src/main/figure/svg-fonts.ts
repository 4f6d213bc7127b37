import { createRequire } from 'node:module'
import { ownContent } from '../files/whole-content.ts'

const packages = createRequire(import.meta.url)
const mostBytes = 2 ** 22

/** Fonts that an SVG file brings, what it has in it that needs each, and the letters that it is for. */
const brought = [
  { family: 'Inter', folder: 'inter', part: 'latin', weights: [400, 600] },
  { family: 'JetBrains Mono', folder: 'jetbrains-mono', part: 'latin', weights: [400, 500, 700] },
  { family: 'Noto Sans Hebrew', folder: 'noto-sans-hebrew', part: 'hebrew', weights: [400, 700] },
  { family: 'Tinos', folder: 'tinos', part: 'latin', weights: [400, 700] },
  { family: 'Tinos', folder: 'tinos', part: 'hebrew', weights: [400, 700] }
] as const

/** The fonts that the letters of an SVG document are drawn in, as CSS that brings them along. */
export async function svgFonts(svg: string): Promise<string> {
  const hasHebrew = /\p{Script=Hebrew}/u.test(svg)
  const own = brought.filter(
    ({ family, part }) => svg.includes(family) && (part !== 'hebrew' || hasHebrew)
  )
  const faces = own.flatMap(({ family, folder, part, weights }) =>
    weights.map(async weight => {
      const path = `@fontsource/${folder}/files/${folder}-${part}-${weight}-normal.woff`
      const bytes = await ownContent(packages.resolve(path), mostBytes)
      const range = part === 'hebrew' ? ';unicode-range:U+0590-05FF' : ''
      const source = `url(data:font/woff;base64,${bytes.toString('base64')}) format('woff')`
      return `@font-face{font-family:'${family}';font-weight:${weight};src:${source}${range}}`
    })
  )
  return (await Promise.all(faces)).join('')
}
