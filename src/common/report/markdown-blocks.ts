import {
  inBlocks,
  markdownTree,
  type MarkdownElement,
  type MarkdownNode
} from '../text/markdown.ts'
import type { Block, Span } from './report-document.ts'

/** A text in Markdown as pieces of a report; headings stand below those of its sections. */
export function markdownBlocks(text: string): Block[] {
  const tree = markdownTree(text)
  return tree === null ? [{ kind: 'verbatim', text, isCode: false }] : blocksOf(tree)
}

/** Blocks as they are; letters between them as paragraphs. */
function blocksOf(nodes: readonly MarkdownNode[]): Block[] {
  return inBlocks(
    nodes,
    line => {
      const spans = spansOf(line, {})
      return spans.length > 0 ? [{ kind: 'paragraph', spans }] : []
    },
    blockOf
  )
}

function blockOf(element: MarkdownElement): Block[] {
  const { tag, within, start = 1 } = element
  switch (tag) {
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      return [{ kind: 'heading', level: 3, text: lettersOf(within) }]
    case 'ul':
    case 'ol': {
      const items = within.flatMap(item => (isElement(item) ? [blocksOf(item.within)] : []))
      return [{ kind: 'list', start: tag === 'ol' ? start : null, items }]
    }
    case 'blockquote':
      return [{ kind: 'quote', blocks: blocksOf(within) }]
    case 'pre':
      return [{ kind: 'verbatim', text: lettersOf(within).replace(/\n$/, ''), isCode: true }]
    case 'hr':
      return [{ kind: 'rule' }]
    case 'table':
      return [tableOf(element)]
    default:
      return blocksOf(within)
  }
}

function tableOf(element: MarkdownElement): Block {
  const rows = elementsOf(element).flatMap(part => elementsOf(part))
  const [first, ...others] = rows.map(row => elementsOf(row).map(cell => cell.within))
  return {
    kind: 'table',
    columns: (first ?? []).map(cell => ({ name: lettersOf(cell), isNumber: false })),
    rows: others.map(row => row.map(cell => spansOf(cell, {})))
  }
}

function spansOf(nodes: readonly MarkdownNode[], how: Omit<Span, 'text'>): Span[] {
  return nodes.flatMap(node => {
    if (typeof node === 'string') return node === '' ? [] : [{ ...how, text: node }]
    const { tag, within, url } = node
    if (tag === 'br') return [{ ...how, text: '\n' }]
    return spansOf(within, {
      ...how,
      ...(tag === 'strong' && { bold: true }),
      ...(tag === 'em' && { italic: true }),
      ...(tag === 's' && { struck: true }),
      ...(tag === 'code' && { mono: true }),
      ...(url !== undefined && { url })
    })
  })
}

function lettersOf(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map(node => (isElement(node) ? (node.tag === 'br' ? ' ' : lettersOf(node.within)) : node))
    .join('')
}

function elementsOf({ within }: MarkdownElement): MarkdownElement[] {
  return within.filter(isElement)
}

function isElement(node: MarkdownNode): node is MarkdownElement {
  return typeof node !== 'string'
}
