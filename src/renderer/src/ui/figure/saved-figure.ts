import type { Client } from '#common/contract/rpc.ts'
import type { DrawnFigure } from '#common/figure/drawn-figure.ts'
import { provenanceLines, type Provenance } from '#common/figure/provenance.ts'
import { svgWith } from '#common/figure/svg-with.ts'
import { pixelsOfMm } from '#common/figure/units.ts'
import { figureFileFormats } from '#common/model/figure-file.ts'
import { embeddedFonts } from './embedded-fonts.ts'

/** Files that a figure can be saved as. */
export const figureEndings = ['svg', ...figureFileFormats, 'tex'] as const
export type FigureEnding = (typeof figureEndings)[number]

const types = {
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  png: 'image/png',
  tiff: 'image/tiff',
  tex: 'application/x-tex'
} as const satisfies Readonly<Record<FigureEnding, string>>

/** A file, and letters of it that its fonts do not have. */
export interface SavedContent {
  readonly blob: Blob
  readonly without: readonly string[]
}

/** A drawn figure as an SVG document with its fonts, as it is printed. */
export async function figureDocument(
  figure: DrawnFigure,
  lines: readonly string[] = []
): Promise<string> {
  const { figureSvg, sizedSvg } = await withCharts()
  const svg = sizedSvg(figureSvg(figure), pixelsOfMm(figure.widthMm))
  return svgWith(svg, lines, await embeddedFonts(svg))
}

/** @throws LamellaError when the workbench cannot make it */
export async function figureContent(
  client: Client,
  figure: DrawnFigure,
  format: FigureEnding,
  {
    title,
    dpi,
    from
  }: { readonly title: string; readonly dpi: number; readonly from?: Provenance },
  signal?: AbortSignal
): Promise<SavedContent> {
  const lines = from ? provenanceLines(from) : []
  const type = types[format]
  if (format === 'svg')
    return { blob: new Blob([await figureDocument(figure, lines)], { type }), without: [] }
  if (format === 'tex') {
    const { figureTex } = await import('#common/figure/tex/figure-tex.ts')
    return { blob: new Blob([figureTex(figure, title, lines)], { type }), without: [] }
  }
  const { figureSvg } = await withCharts()
  const svg = await gzipped(figureSvg(figure))
  const { widthMm } = figure
  const { bytes, without } = await client.call(
    'figure.file',
    { svg, format, widthMm, dpi, title, lines },
    signal && { signal }
  )
  return { blob: new Blob([bytes], { type }), without }
}

/** Fetched with the first export: charts are the largest part of the window's code. */
function withCharts() {
  return import('#common/figure/figure-svg.ts')
}

async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}
