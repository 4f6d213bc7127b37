import interLatin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import monoLatin from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url'
import hebrew from '@fontsource-variable/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-wght-normal.woff2?url'
import serifHebrew from '@fontsource/tinos/files/tinos-hebrew-400-normal.woff2?url'
import serifLatin from '@fontsource/tinos/files/tinos-latin-400-normal.woff2?url'

/** A font of figures on paper. */
interface FigureFont {
  readonly family: string
  readonly url: string
  /** What a figure that needs it has in it. */
  readonly needed: (svg: string) => boolean
  /** The letters that it is for, as CSS says it; all that it has where it is left out. */
  readonly range?: string
}

const hasHebrew = (svg: string) => /\p{Script=Hebrew}/u.test(svg)
const hasFamily = (family: string) => (svg: string) => svg.includes(family)

const fonts: readonly FigureFont[] = [
  { family: 'Inter', url: interLatin, needed: hasFamily('Inter') },
  { family: 'JetBrains Mono', url: monoLatin, needed: hasFamily('JetBrains Mono') },
  { family: 'Noto Sans Hebrew', url: hebrew, needed: hasHebrew },
  { family: 'Tinos', url: serifLatin, needed: hasFamily('Tinos') },
  {
    family: 'Tinos',
    url: serifHebrew,
    needed: svg => hasFamily('Tinos')(svg) && hasHebrew(svg),
    range: 'U+0590-05FF'
  }
]

/** The fonts that a figure's letters are drawn in, as CSS that brings them along. */
export async function embeddedFonts(svg: string): Promise<string> {
  const own = fonts.filter(({ needed }) => needed(svg))
  const faces = own.map(async ({ family, url, range }) => {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
    const source = `url(data:font/woff2;base64,${base64(bytes)}) format('woff2')`
    const letters = range === undefined ? '' : `;unicode-range:${range}`
    return `@font-face{font-family:'${family}';font-weight:100 900;src:${source}${letters}}`
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
