import type { PdfDocument } from './pdf-file.ts'

/** Pages that are filled from top to bottom, in points. */
export interface PageFlow {
  readonly doc: PdfDocument
  /** Of a page, from its first line to its last. */
  readonly height: number
  /** Where the next thing stands. */
  readonly y: () => number
  /** What is left of the page. */
  readonly room: () => number
  /** Begins a page where less than so much is left of this one. */
  readonly need: (height: number) => void
  /** Goes down so far; not at the top of a page, where nothing is to be kept apart from. */
  readonly skip: (height: number) => void
  /** Takes so much, which is there. @returns where it begins */
  readonly take: (height: number) => number
}

/** A4, as PDF has it. */
export const page = { width: 595.28, height: 841.89 } as const
const margin = { top: 68, bottom: 74 } as const

export function pageFlow(doc: PdfDocument): PageFlow {
  const height = page.height - margin.top - margin.bottom
  let y = margin.top
  const begin = () => {
    doc.addPage({ size: [page.width, page.height], margin: 0 })
    y = margin.top
  }
  const room = () => page.height - margin.bottom - y
  begin()
  return {
    ...{ doc, height, room },
    y: () => y,
    need: wanted => {
      // What is higher than a page begins where it is.
      if (room() < Math.min(wanted, height) - 0.01) begin()
    },
    skip: wanted => {
      if (y > margin.top) y += wanted
    },
    take: wanted => {
      const at = y
      y += wanted
      return at
    }
  }
}

/** How many lines of a paragraph stand on this page: none of one is left alone, above or below. */
export function linesThatFit(count: number, room: number, line: number): number {
  const fit = Math.floor((room + 0.01) / line)
  if (fit >= count) return count
  const kept = Math.min(fit, count - 2)
  return kept < 2 ? 0 : kept
}
