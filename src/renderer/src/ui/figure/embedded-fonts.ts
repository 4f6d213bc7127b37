import interLatin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import monoLatin from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url'
import hebrew from '@fontsource-variable/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-wght-normal.woff2?url'
import serifHebrew from '@fontsource/tinos/files/tinos-hebrew-400-normal.woff2?url'
import serifLatin from '@fontsource/tinos/files/tinos-latin-400-normal.woff2?url'
import computerModern from 'computer-modern/fonts/cmu-serif-500-roman.woff2?url'
import { fontFaces } from '#common/figure/font-faces.ts'

const urls: Readonly<Record<string, string>> = {
  'Inter latin': interLatin,
  'JetBrains Mono latin': monoLatin,
  'Noto Sans Hebrew hebrew': hebrew,
  'CMU Serif latin': computerModern,
  'Tinos latin': serifLatin,
  'Tinos hebrew': serifHebrew
}

/** The fonts that a figure's letters are drawn in, as CSS that brings them along. */
export function embeddedFonts(svg: string): Promise<string> {
  return fontFaces(svg, async ({ family, part }) => [
    { weight: '100 900', format: 'woff2', bytes: await bytesOf(urls[`${family} ${part}`]!) }
  ])
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
