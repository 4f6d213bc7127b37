import interLatin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import monoLatin from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url'
import hebrew from '@fontsource-variable/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-wght-normal.woff2?url'

/** The fonts of a figure on paper, and the letters for which each is needed. */
const fonts = [
  { family: 'Inter', url: interLatin, needed: /./ },
  { family: 'JetBrains Mono', url: monoLatin, needed: /./ },
  { family: 'Noto Sans Hebrew', url: hebrew, needed: /\p{Script=Hebrew}/u }
]

/** The fonts that a figure's letters are drawn in, as CSS that brings them along. */
export async function embeddedFonts(text: string): Promise<string> {
  const faces = fonts
    .filter(({ needed }) => needed.test(text))
    .map(async ({ family, url }) => {
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
