import type { FigureKind, Panel, Size } from '#common/figure/figure-kind.ts'
import type { Look } from '#common/figure/look.ts'
import { fileName } from '#common/text/file-name.ts'
import type { ExportFormat } from '../../stores/exports.ts'

/** Device pixels for each pixel of a figure: 300 dots an inch, and some. */
const sharpness = 4

export interface FormatWishes {
  /** What of it is saved, where there is more than one answer. */
  readonly note?: string
  /** The room it is given; its own where it is left out. */
  readonly size?: Size
}

/** The files that a figure can be saved as. */
export function figureFormats<D>(
  kind: FigureKind<D>,
  title: string,
  data: D,
  look: Look,
  { note = '', size }: FormatWishes = {}
): ExportFormat[] {
  const panel = () => kind.panel(data, look, size ?? kind.natural(data, look))
  const noted = (use: string) => [note, use].filter(part => part !== '').join(', ')
  return [
    {
      text: 'SVG',
      note: noted('vector, for papers'),
      name: fileName(title, 'svg'),
      content: async () => svgBlob(panel())
    },
    {
      text: 'PNG',
      note: noted('pixels, for slides'),
      name: fileName(title, 'png'),
      content: async () => pngBlob(panel())
    }
  ]
}

async function svgBlob(panel: Panel): Promise<Blob> {
  // Fetched with the first export: charts are the largest part of the window's code.
  const { panelSvg } = await import('#common/figure/panel-svg.ts')
  return new Blob([panelSvg(panel)], { type: 'image/svg+xml' })
}

async function pngBlob(panel: Panel): Promise<Blob> {
  const address = URL.createObjectURL(await svgBlob(panel))
  const picture = new Image()
  picture.src = address
  await picture.decode().finally(() => URL.revokeObjectURL(address))
  const canvas = new OffscreenCanvas(panel.width * sharpness, panel.height * sharpness)
  const context = canvas.getContext('2d')!
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/png' })
}
