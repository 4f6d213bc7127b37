import type { PdfDocument } from './pdf-file.ts'

/** What is told of a piece of a document besides what it is. */
export interface TagFacts {
  /** In place of what is drawn. */
  readonly alt?: string
  /** Its letters in the order in which they are read, where they are drawn in another. */
  readonly actual?: string
  /** Where it stands on its page, in points from its upper left corner: left, top, right, bottom. */
  readonly bbox?: readonly [number, number, number, number]
  /** What a header of a table is of. */
  readonly scope?: 'Column' | 'Row'
}

/**
 * A piece of a tagged document, by which it is read out in order.
 * @source ISO 32000-1, sections 14.6 to 14.9
 */
export interface PdfTag {
  /** @param type a standard structure type, such as `P`, `Table` or `Figure` */
  child(type: string, facts?: TagFacts): PdfTag
  /** What is drawn meanwhile is of it; on one page, and nothing else of the document meanwhile. */
  content(draw: () => void): void
  /** An address to which a place on the page leads. */
  link(x: number, y: number, width: number, height: number, url: string): void
  /** No more is added: what links to addresses has to end on its page. */
  end(): void
}

/** The document itself, of which all tags are. */
export function documentTag(doc: PdfDocument): PdfTag {
  const root = doc.struct('Document')
  doc.addStructure(root)
  return tagOf(root, 'Document')

  function tagOf(element: PDFKit.PDFStructureElement, type: string): PdfTag {
    return {
      child(type, facts = {}) {
        // PDFKit's types know of fewer facts than it writes.
        const own = doc.struct(type, facts)
        element.add(own)
        return tagOf(own, type)
      },
      content(draw) {
        element.add(doc.markStructureContent(type))
        draw()
        doc.endMarkedContent()
      },
      link(x, y, width, height, url) {
        // PDFKit writes a String as a text, and a string as a name.
        const facts = { structParent: element, Contents: new String(url) as string }
        doc.link(x, y, width, height, url, facts)
      },
      end: () => element.end()
    }
  }
}

/** Draws what is nothing to be read: lines and grounds, and what comes again on each page. */
export function drawArtifact(
  doc: PdfDocument,
  draw: () => void,
  type: 'Layout' | 'Pagination' = 'Layout'
): void {
  doc.markContent('Artifact', { type })
  draw()
  doc.endMarkedContent()
}
