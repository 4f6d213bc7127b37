import { createRequire } from 'node:module'
import { ownContent } from '../files/whole-content.ts'

const packages = createRequire(import.meta.url)

const parts = ['latin', 'latin-ext', 'greek', 'cyrillic']

/** Of a font's file. */
const mostBytes = 2 ** 22

/** A family of fonts, its weights, and the parts that its letters are spread over. */
export interface FontFamily {
  readonly family: string
  readonly folder: string
  readonly weights: readonly number[]
  readonly parts: readonly string[]
}

export const fontFamilies: readonly FontFamily[] = [
  { family: 'Inter', folder: 'inter', weights: [400, 600], parts },
  { family: 'JetBrains Mono', folder: 'jetbrains-mono', weights: [400, 500, 700], parts },
  {
    family: 'Noto Sans Hebrew',
    folder: 'noto-sans-hebrew',
    weights: [400, 700],
    parts: ['hebrew']
  },
  { family: 'Tinos', folder: 'tinos', weights: [400, 700], parts: [...parts, 'hebrew'] }
]

/** A part of a family in one of its weights, as WOFF. */
export function fontFile(
  { folder }: Pick<FontFamily, 'folder'>,
  part: string,
  weight: number
): Promise<Buffer> {
  return packageFile(`@fontsource/${folder}/files/${folder}-${part}-${weight}-normal.woff`)
}

/** A file of a package of fonts. */
export function packageFile(path: string): Promise<Buffer> {
  return ownContent(packages.resolve(path), mostBytes)
}
