import type { Client } from '#common/contract/rpc.ts'
import type { DrawnFigure } from '#common/figure/drawn-figure.ts'
import { figureContent, type FigureHost } from '#common/figure/figure-content.ts'
import type { PanelsProvenance, Provenance } from '#common/figure/provenance.ts'
import type { FigureEnding } from '#common/model/figure-file.ts'
import { embeddedFonts } from './embedded-fonts.ts'
import { spotsBeside, svgBeside } from './svg-beside.ts'

const types = {
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  png: 'image/png',
  tiff: 'image/tiff',
  tex: 'application/x-tex',
  html: 'text/html'
} as const satisfies Readonly<Record<FigureEnding, string>>

/** A file, and letters of it that its fonts do not have. */
export interface SavedContent {
  readonly blob: Blob
  readonly without: readonly string[]
}

/** @throws LamellaError when the workbench cannot make it */
export async function figureBlob(
  client: Client,
  figure: DrawnFigure,
  ending: FigureEnding,
  said: {
    readonly title: string
    readonly dpi: number
    readonly from: Provenance | PanelsProvenance
    /** As it was written; else its draft. */
    readonly caption?: string
  },
  signal?: AbortSignal
): Promise<SavedContent> {
  const { bytes, without } = await figureContent(client, figure, ending, said, figureHost, signal)
  return { blob: new Blob([bytes], { type: types[ending] }), without }
}

export const figureHost: FigureHost = {
  svg: svgBeside,
  spots: spotsBeside,
  fonts: embeddedFonts,
  gzip: gzipped
}

async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}
