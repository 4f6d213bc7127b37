import { texText } from '../../text/tex-text.ts'
import { rgbOfCss } from '../color-table.ts'

/** Where a part of a figure stands, and how large a CSS pixel is printed, in points of 1/72 inch. */
export interface TexPlace {
  readonly left: number
  readonly top: number
  readonly point: number
  /** How large what is drawn there is made. */
  readonly scale: number
  /** Maps of the whole figure, which share the memory that TeX has. */
  readonly maps: number
}

/** A number as short as it can be said. */
export function short(value: number): string {
  return String(Number(value.toFixed(3)))
}

/** A length in points of 1/72 inch. */
export function bp(pixels: number, { point, scale }: TexPlace): string {
  return `${short(pixels * point * scale)}bp`
}

/** A place in the picture, whose units are CSS pixels, y downwards. */
export function at(x: number, y: number, { left, top, scale }: TexPlace): string {
  return `(${short(left + scale * x)},${short(top + scale * y)})`
}

/** A CSS colour as xcolor writes it. */
export function texColor(color: string): string {
  const [red, green, blue] = rgbOfCss(color)
  return `{rgb,255:red,${red};green,${green};blue,${blue}}`
}

/** The font of a text, so many CSS pixels large. */
export function texFont(
  { font, size, weight }: { readonly font: string; readonly size: number; readonly weight: number },
  { point, scale }: TexPlace
): string {
  const points = size * point * scale
  const family = font.includes('Mono') ? 'tt' : font.includes('Tinos') ? 'rm' : 'sf'
  const bold = weight >= 600 ? '\\bfseries\\boldmath' : ''
  return `{\\fontsize{${short(points)}}{${short(1.2 * points)}}\\selectfont\\${family}family${bold}}`
}

/** Letters that are read from the right, with spaces and marks between them. */
const fromRight =
  /[\p{Script=Hebrew}\p{Script=Arabic}](?:[\p{Script=Hebrew}\p{Script=Arabic}\p{M} ]*[\p{Script=Hebrew}\p{Script=Arabic}\p{M}])?/gu

/** The sign of points that are no circles: TeX itself has but its outline. */
const filledDiamond =
  '\\tikz[baseline=-0.6ex]\\fill (0em,-0.35em) -- (0.3em,0em) -- (0em,0.35em) -- (-0.3em,0em) -- cycle;'

/** A text as TeX writes it, parts that are read from the right as such. */
export function texWords(text: string): string {
  return texText(text)
    .replaceAll('$\\diamond$', filledDiamond)
    .replaceAll(fromRight, part => `\\lamellafromright{${part}}`)
}

/** The corner of an axis, in lengths: axes have units of their own. */
export function corner(x: number, y: number, { left, top, point, scale }: TexPlace): string {
  return `(${short((left + scale * x) * point)}bp,${short(-(top + scale * y) * point)}bp)`
}

/** A rectangle of a path, which TeX takes in less memory than one of TikZ. */
export function cellTex(
  x: number,
  y: number,
  width: number,
  height: number,
  { left, top, point }: TexPlace
): string {
  const lengths = [left + x, -(top + y + height), width, height].map(own => short(own * point))
  return `\\lamellacell ${lengths.join(' ')};`
}

/** The macro that `cellTex` writes. */
export const cellMacro =
  '\\def\\lamellacell#1 #2 #3 #4;{\\pgfpathrectangle{\\pgfqpoint{#1bp}{#2bp}}{\\pgfqpoint{#3bp}{#4bp}}}'
