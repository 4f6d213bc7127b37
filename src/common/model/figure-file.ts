import { z } from 'zod'

/** Files that a drawn figure is turned into. */
export const figureFileFormats = ['pdf', 'png', 'tiff'] as const
export type FigureFileFormat = (typeof figureFileFormats)[number]

/** Files that a figure can be saved as, by the ending of their names. */
export const figureEndings = ['svg', ...figureFileFormats, 'tex', 'html'] as const
export type FigureEnding = (typeof figureEndings)[number]

/** Whether it is a file of pixels, which are so many an inch. */
export function isOfPixels(ending: FigureEnding): ending is 'png' | 'tiff' {
  return ending === 'png' || ending === 'tiff'
}

const Bytes = z.custom<Uint8Array<ArrayBuffer>>(
  value => value instanceof Uint8Array,
  'expected bytes'
)

/** A figure, and the file that is wanted of it. */
export const FigureFileRequest = z.object({
  /** An SVG document that says its size in CSS pixels, as UTF-8, compressed by gzip. */
  svg: Bytes,
  format: z.enum(figureFileFormats),
  /** How wide it is printed. */
  widthMm: z.number().min(1).max(2000),
  /** Dots an inch, of pixels. */
  dpi: z.number().min(36).max(2400),
  title: z.string().max(10_000),
  /** What it shows, in words, for those who have it read out; only a PDF file has it. */
  caption: z.string().max(100_000),
  /** Where it comes from, for the file to say, a line each. */
  lines: z.array(z.string()).max(1000)
})
export type FigureFileRequest = z.output<typeof FigureFileRequest>

/** A report that is wanted as a PDF file. */
export const ReportFileRequest = z.object({
  /** A `ReportDocument` as JSON text, which may hold more than one message. */
  document: z.string(),
  /** As figures are drawn, each compressed and so wide; a text says why one cannot be drawn. */
  figures: z.array(z.union([FigureFileRequest.pick({ svg: true, widthMm: true }), z.string()])),
  lines: FigureFileRequest.shape.lines
})
export type ReportFileRequest = z.output<typeof ReportFileRequest>

export const FigureFile = z.object({
  bytes: Bytes,
  /** Letters that none of the fonts has: boxes stand for them. */
  without: z.array(z.string())
})
export type FigureFile = z.output<typeof FigureFile>
