import { fileName } from '#common/text/file-name.ts'
import type { Figure } from '#common/figure/figure.ts'
import type { ExportFormat } from '../stores/exports.ts'

/** Device pixels for each pixel of a figure: 300 dots an inch, and some. */
const sharpness = 4

/** The files that a figure can be saved as. */
export function figureFormats(title: string, figure: () => Promise<Figure>): ExportFormat[] {
  return [
    {
      text: 'SVG',
      note: 'vector, for papers',
      name: fileName(title, 'svg'),
      content: async () => svgBlob(await figure())
    },
    {
      text: 'PNG',
      note: 'pixels, for slides',
      name: fileName(title, 'png'),
      content: async () => pngBlob(await figure())
    }
  ]
}

async function svgBlob(figure: Figure): Promise<Blob> {
  // Fetched with the first export: charts are the largest part of the window's code.
  const { figureSvg } = await import('#common/figure/figure.ts')
  return new Blob([figureSvg(figure)], { type: 'image/svg+xml' })
}

async function pngBlob(figure: Figure): Promise<Blob> {
  const address = URL.createObjectURL(await svgBlob(figure))
  const picture = new Image()
  picture.src = address
  await picture.decode().finally(() => URL.revokeObjectURL(address))
  const canvas = new OffscreenCanvas(figure.width * sharpness, figure.height * sharpness)
  const context = canvas.getContext('2d')!
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/png' })
}
