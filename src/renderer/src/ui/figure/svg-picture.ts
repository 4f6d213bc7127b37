import type { Size } from '#common/figure/figure-kind.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { FigureFont } from './embedded-fonts.ts'

/** Below the figure stands a letter of each font, each in a square of its own. */
const square = 24
/** How long fonts that are there already may take to be read, in ms. */
const patience = 20_000

/**
 * An SVG document as an image whose letters can be seen: an image counts as loaded before the fonts that it brings.
 * Below its own height there is room for a letter of each.
 * @throws LamellaError `internal` when a font cannot be read
 */
export async function svgPicture(
  svg: string,
  { width, height }: Pick<Size, 'width' | 'height'>,
  fonts: readonly FigureFont[]
): Promise<HTMLImageElement> {
  const letters = fonts.map(
    ({ family, letter }, i) =>
      `<text x="${i * square}" y="${height + square - 6}" font-size="16" font-family="'${family}'">${letter}</text>`
  )
  const higher = svg
    .replace(/<svg[^>]*>/, opening =>
      opening
        .replace(/ height="[^"]*"/, ` height="${height + square}"`)
        .replace(/ viewBox="[^"]*"/, ` viewBox="0 0 ${width} ${height + square}"`)
    )
    .replace(/<\/svg>\s*$/, `${letters.join('')}</svg>`)
  const address = URL.createObjectURL(new Blob([higher], { type: 'image/svg+xml' }))
  const picture = new Image()
  picture.src = address
  await picture.decode().finally(() => URL.revokeObjectURL(address))
  const end = performance.now() + patience
  while (!hasLetters(picture, height, fonts.length)) {
    if (performance.now() > end)
      throw new LamellaError(
        'internal',
        'The fonts of this figure could not be read',
        'Save it as SVG'
      )
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return picture
}

/** Whether there is ink in each square below a figure. */
function hasLetters(picture: HTMLImageElement, top: number, count: number): boolean {
  if (count === 0) return true
  const canvas = new OffscreenCanvas(count * square, square)
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.drawImage(picture, 0, top, canvas.width, square, 0, 0, canvas.width, square)
  return Array.from({ length: count }, (_, i) => i * square).every(x =>
    context.getImageData(x, 0, square, square).data.some((value, at) => at % 4 === 3 && value > 0)
  )
}
