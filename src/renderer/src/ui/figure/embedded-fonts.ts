import interLatin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import monoLatin from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url'
import hebrew from '@fontsource-variable/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-wght-normal.woff2?url'
import serifHebrew from '@fontsource/tinos/files/tinos-hebrew-400-normal.woff2?url'
import boldSerifHebrew from '@fontsource/tinos/files/tinos-hebrew-700-normal.woff2?url'
import serifLatin from '@fontsource/tinos/files/tinos-latin-400-normal.woff2?url'
import boldSerifLatin from '@fontsource/tinos/files/tinos-latin-700-normal.woff2?url'
import computerModern from 'computer-modern/fonts/cmu-serif-500-roman.woff2?url'
import boldComputerModern from 'computer-modern/fonts/cmu-serif-700-roman.woff2?url'
import { fontFaces } from '#common/figure/font-faces.ts'

/** By font, the file of each weight; of all weights where one has all. */
const urls: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Inter latin': { '100 900': interLatin },
  'JetBrains Mono latin': { '100 800': monoLatin },
  'Noto Sans Hebrew hebrew': { '100 900': hebrew },
  'CMU Serif latin': { 400: computerModern, 700: boldComputerModern },
  'Tinos latin': { 400: serifLatin, 700: boldSerifLatin },
  'Tinos hebrew': { 400: serifHebrew, 700: boldSerifHebrew }
}

/** The fonts that a figure's letters are drawn in, as CSS that brings them along. */
export function embeddedFonts(svg: string): Promise<string> {
  return fontFaces(svg, ({ family, part }) => {
    const files = Object.entries(urls[`${family} ${part}`]!)
    return Promise.all(
      files.map(async ([weight, url]) => {
        return { weight, format: 'woff2', bytes: await bytesOf(url) } as const
      })
    )
  })
}

/** A preview needs them with each change. */
const known = new Map<string, Promise<Uint8Array>>()

function bytesOf(url: string): Promise<Uint8Array> {
  const bytes = known.get(url) ?? fetched(url)
  known.set(url, bytes)
  bytes.catch(() => known.delete(url))
  return bytes
}

async function fetched(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(url)).arrayBuffer())
}
