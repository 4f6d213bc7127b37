import interLatin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import monoLatin from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url'
import hebrew from '@fontsource-variable/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-wght-normal.woff2?url'

/** A font of figures on paper. */
export interface FigureFont {
  readonly family: string
  readonly url: string
  /** The letters for which it is needed. */
  readonly needed: RegExp
  /** One that it has. */
  readonly letter: string
}

const fonts: readonly FigureFont[] = [
  { family: 'Inter', url: interLatin, needed: /./, letter: 'A' },
  { family: 'JetBrains Mono', url: monoLatin, needed: /./, letter: 'A' },
  { family: 'Noto Sans Hebrew', url: hebrew, needed: /\p{Script=Hebrew}/u, letter: '\u05d0' }
]

/** The fonts that a figure's letters are drawn in. */
export function fontsOf(text: string): readonly FigureFont[] {
  return fonts.filter(({ needed }) => needed.test(text))
}

/** The fonts that a figure's letters are drawn in, as CSS that brings them along. */
export async function embeddedFonts(text: string): Promise<string> {
  const faces = fontsOf(text).map(async ({ family, url }) => {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
    const source = `url(data:font/woff2;base64,${base64(bytes)}) format('woff2')`
    return `@font-face{font-family:'${family}';font-weight:100 900;src:${source}}`
  })
  return (await Promise.all(faces)).join('')
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  // In pieces: a call takes so many arguments and no more.
  for (let at = 0; at < bytes.length; at += 2 ** 15)
    binary += String.fromCharCode(...bytes.subarray(at, at + 2 ** 15))
  return btoa(binary)
}
