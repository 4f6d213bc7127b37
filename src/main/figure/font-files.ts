import { createRequire } from 'node:module'
import { ownContent } from '../files/whole-content.ts'
import { trueTypeOf, woffOf } from './woff.ts'

const packages = createRequire(import.meta.url)

const parts = ['latin', 'latin-ext', 'greek', 'cyrillic']

/** Of a font's file. */
const mostBytes = 2 ** 22

/** A family of fonts, the weights of it that figures are written in, and the parts that its letters are spread over. */
export interface FontFamily {
  readonly family: string
  readonly weights: readonly number[]
  readonly parts: readonly string[]
  /** Path of a part in one of the weights: WOFF, or TrueType. */
  readonly file: (part: string, weight: number) => string
}

const spread = (family: string, folder: string, rest: Omit<FontFamily, 'family' | 'file'>) => ({
  ...{ family, ...rest },
  file: (part: string, weight: number) =>
    `@fontsource/${folder}/files/${folder}-${part}-${weight}-normal.woff`
})

export const fontFamilies: readonly FontFamily[] = [
  spread('Inter', 'inter', { weights: [400, 600, 700], parts }),
  spread('JetBrains Mono', 'jetbrains-mono', { weights: [400, 500, 600, 700], parts }),
  spread('Noto Sans Hebrew', 'noto-sans-hebrew', { weights: [400, 600, 700], parts: ['hebrew'] }),
  spread('Tinos', 'tinos', { weights: [400, 700], parts: [...parts, 'hebrew'] }),
  {
    family: 'CMU Serif',
    weights: [400, 700],
    // All of its letters are in one file.
    parts: ['latin'],
    file: (_, weight) =>
      `computer-modern/fonts/cmu-serif-${weight === 400 ? 500 : weight}-roman.ttf`
  }
]

/** A part of a family in one of its weights, as TrueType. @param without tables that are left out */
export async function fontFile(
  { file }: Pick<FontFamily, 'file'>,
  part: string,
  weight: number,
  without: readonly string[] = []
): Promise<Uint8Array> {
  const path = file(part, weight)
  const bytes = await packageFile(path)
  return path.endsWith('.woff') ? trueTypeOf(bytes, without) : bytes
}

/** The same, as WOFF. */
export async function woffFile(
  { file }: Pick<FontFamily, 'file'>,
  part: string,
  weight: number
): Promise<Uint8Array> {
  const path = file(part, weight)
  const bytes = await packageFile(path)
  return path.endsWith('.woff') ? bytes : woffOf(bytes)
}

/** A file of a package of fonts. */
export function packageFile(path: string): Promise<Buffer> {
  return ownContent(packages.resolve(path), mostBytes)
}
