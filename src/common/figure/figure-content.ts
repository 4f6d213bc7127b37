import type { Client } from '../contract/rpc.ts'
import { isOfPixels, type FigureEnding, type FigureFile } from '../model/figure-file.ts'
import { captionDraft } from './caption.ts'
import type { DrawnFigure } from './drawn-figure.ts'
import { provenanceLines, type KeptProvenance, type PanelsProvenance } from './provenance.ts'
import { wishOptions } from './wish-options.ts'
import { sizedSvg, svgWith } from './svg-with.ts'
import { pixelsOfMm } from './units.ts'

/** What a window and a command line do each in its way. */
export interface FigureHost {
  /** As `figureSvg` draws it. */
  svg(figure: DrawnFigure, signal?: AbortSignal): Promise<string>
  /** Its `figureSpots` as JSON. */
  spots(figure: DrawnFigure, signal?: AbortSignal): Promise<string>
  /** The fonts of an SVG document, as CSS that brings them along. */
  fonts(svg: string): Promise<string>
  gzip(text: string): Promise<Uint8Array<ArrayBuffer>>
}

/** A drawn figure as an SVG document with its fonts, as it is printed. */
export async function figureDocument(
  figure: DrawnFigure,
  host: Pick<FigureHost, 'svg' | 'fonts'>,
  lines: readonly string[] = [],
  signal?: AbortSignal
): Promise<string> {
  const svg = await host.svg(figure, signal)
  return svgWith(sizedSvg(svg, pixelsOfMm(figure.widthMm)), lines, await host.fonts(svg))
}

/**
 * A drawn figure as the bytes of a file, and letters of it that no font has.
 * @param client of the workbench that makes PDF and pixels of it
 * @throws LamellaError when the workbench cannot make it
 */
export async function figureContent(
  client: Client,
  figure: DrawnFigure,
  ending: FigureEnding,
  {
    title,
    dpi,
    from,
    caption = captionDraft(from, figure.shows)
  }: {
    readonly title: string
    readonly dpi: number
    readonly from: KeptProvenance | PanelsProvenance
    /** As it was written; else its draft. */
    readonly caption?: string
  },
  host: FigureHost,
  signal?: AbortSignal
): Promise<FigureFile> {
  const options = wishOptions(figure.wish, isOfPixels(ending) ? dpi : null, figure.plain)
  const lines = provenanceLines(from, `figure.${ending}`, options)
  switch (ending) {
    case 'svg':
      return alone(await figureDocument(figure, host, lines, signal))
    case 'tex': {
      const { figureTex } = await import('./tex/figure-tex.ts')
      return alone(figureTex(figure, title, lines))
    }
    case 'html': {
      const { figureHtml } = await import('./html/figure-html.ts')
      const [svg, spots] = await Promise.all([
        figureDocument(figure, host, [], signal),
        host.spots(figure, signal)
      ])
      return alone(figureHtml({ title, svg, spots, caption, lines }))
    }
    default: {
      const svg = await host.gzip(await host.svg(figure, signal))
      const { widthMm } = figure
      const said = { title, caption: [title, caption].filter(Boolean).join('. '), lines }
      const request = { svg, format: ending, widthMm, dpi, ...said }
      return client.call('figure.file', request, signal && { signal })
    }
  }
}

function alone(text: string): FigureFile {
  return { bytes: new TextEncoder().encode(text), without: [] }
}
