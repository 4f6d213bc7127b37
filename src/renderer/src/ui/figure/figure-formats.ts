import type { FigureKind, Panel, Size } from '#common/figure/figure-kind.ts'
import type { Look } from '#common/figure/look.ts'
import { withPngText } from '#common/figure/png-text.ts'
import { provenanceLines, type Provenance } from '#common/figure/provenance.ts'
import { svgWith } from '#common/figure/svg-with.ts'
import { fileName } from '#common/text/file-name.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { embeddedFonts, fontsOf } from './embedded-fonts.ts'
import { svgPicture } from './svg-picture.ts'

/** Device pixels for each pixel of a figure: 300 dots an inch, and some. */
const sharpness = 4

export interface FormatWishes {
  /** What of it is saved, where there is more than one answer. */
  readonly note?: string
  /** Where it comes from, for the file to say. */
  readonly from?: Provenance
  /** The room it is given; its own where it is left out. */
  readonly size?: Size
}

/**
 * The files that a figure can be saved as.
 * @param data or what gives it, once it is saved
 */
export function figureFormats<D extends object>(
  kind: FigureKind<D>,
  title: string,
  data: D | (() => D),
  look: Look,
  { note = '', size, from }: FormatWishes = {}
): ExportFormat[] {
  const panel = () => {
    const own = typeof data === 'function' ? data() : data
    return kind.panel(own, look, size ?? kind.natural(own, look))
  }
  const noted = (use: string) => [note, use].filter(part => part !== '').join(', ')
  return [
    {
      text: 'SVG',
      note: noted('vector, for papers'),
      name: fileName(title, 'svg'),
      content: async () => new Blob([await svgText(panel(), from)], { type: 'image/svg+xml' })
    },
    {
      text: 'PNG',
      note: noted('pixels, for slides'),
      name: fileName(title, 'png'),
      content: () => pngBlob(panel(), from)
    }
  ]
}

async function svgText(panel: Panel, from: Provenance | undefined): Promise<string> {
  // Fetched with the first export: charts are the largest part of the window's code.
  const { panelSvg } = await import('#common/figure/panel-svg.ts')
  const svg = panelSvg(panel)
  const lines = from ? provenanceLines(from) : []
  return svgWith(svg, lines, await embeddedFonts(svg))
}

async function pngBlob(panel: Panel, from: Provenance | undefined): Promise<Blob> {
  const svg = await svgText(panel, from)
  const { width, height } = panel
  const picture = await svgPicture(svg, panel, fontsOf(svg))
  const canvas = new OffscreenCanvas(width * sharpness, height * sharpness)
  const context = canvas.getContext('2d')!
  context.drawImage(picture, 0, 0, width, height, 0, 0, canvas.width, canvas.height)
  const blob = await canvas.convertToBlob({ type: 'image/png' })
  if (!from) return blob
  const png = new Uint8Array(await blob.arrayBuffer())
  const text = provenanceLines(from).join('\n')
  return new Blob([withPngText(png, 'Description', text)], { type: 'image/png' })
}
