import {
  inBlocks,
  markdownTree,
  type MarkdownElement,
  type MarkdownNode
} from '../../text/markdown.ts'
import { visibleText } from '../../text/visible-text.ts'
import { markdownText } from './markdown-text.ts'

/** The heading that a note's largest ones stand below. */
const above = 2

/**
 * A text in Markdown, written again so that Jupyter shows of it what Lamella does: HTML, formulas and names in braces are letters,
 * pictures are links, and links lead to http and https alone. A text that is too long to be read as Markdown is shown as it is.
 */
export function markdownSource(text: string): string {
  const tree = markdownTree(text)
  return (tree === null ? fenced(text) : blockLines(tree)).join('\n')
}

/** Lines of blocks, with an empty one between any two; letters between them are paragraphs. */
function blockLines(nodes: readonly MarkdownNode[]): string[] {
  const blocks = inBlocks(
    nodes,
    line => [inline(line).split('\n')],
    element => [linesOf(element)]
  )
  return blocks.flatMap((own, i) => (i === 0 ? own : ['', ...own]))
}

function linesOf(element: MarkdownElement): string[] {
  const { tag, within, start = 1 } = element
  switch (tag) {
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6': {
      const level = Math.min(6, Number(tag[1]) + above)
      return [`${'#'.repeat(level)} ${inline(within).replaceAll('\\\n', ' ')}`]
    }
    case 'ul':
    case 'ol':
      return elementsOf(element).flatMap((item, i) =>
        indented(tag === 'ul' ? '- ' : `${start + i}. `, blockLines(item.within))
      )
    case 'blockquote':
      return blockLines(within).map(line => `> ${line}`)
    case 'pre':
      return fenced(lettersOf(within))
    case 'hr':
      return ['***']
    case 'table':
      return tableLines(element)
    default:
      return blockLines(within)
  }
}

/** Its first line stands behind a sign, the others below that line's first letter. */
function indented(sign: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [sign.trim()]
  return lines.map((line, i) => (i === 0 ? sign : line && ' '.repeat(sign.length)) + line)
}

function tableLines(table: MarkdownElement): string[] {
  const [first, ...others] = elementsOf(table)
    .flatMap(elementsOf)
    .map(row => elementsOf(row).map(cell => inCell(inline(cell.within))))
  const names = first ?? []
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [names, names.map(() => '---'), ...others].map(line)
}

/** Code in a cell ends at a bar, too. */
function inCell(text: string): string {
  return text.replaceAll('\\\n', ' ').replaceAll(/(?<!\\)\|/g, '\\|')
}

/** Letters as they are, behind a fence that is in none of their lines; what is not seen by its number, but for tabs. */
function fenced(text: string): string[] {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  const lines = text.replace(/\n$/, '').split(/\r?\n/)
  return [fence, ...lines.map(line => line.replaceAll(/[^\t]+/g, visibleText)), fence]
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

function inline(nodes: readonly MarkdownNode[]): string {
  return nodes.map(node => (typeof node === 'string' ? markdownText(node) : spanOf(node))).join('')
}

function spanOf({ tag, within, url }: MarkdownElement): string {
  switch (tag) {
    case 'br':
      return '\\\n'
    case 'strong':
      return `**${inline(within)}**`
    case 'em':
      return `*${inline(within)}*`
    case 's':
      return `~~${inline(within)}~~`
    case 'code': {
      const text = visibleText(lettersOf(within))
      const ticks = '`'.repeat(longestRun(text) + 1)
      return text === '' ? '' : `${ticks} ${text} ${ticks}`
    }
    case 'a':
      return `[${inline(within)}](<${url ?? ''}>)`
    default:
      return inline(within)
  }
}

function lettersOf(nodes: readonly MarkdownNode[]): string {
  return nodes.map(node => (typeof node === 'string' ? node : lettersOf(node.within))).join('')
}

function elementsOf({ within }: MarkdownElement): MarkdownElement[] {
  return within.filter(node => typeof node !== 'string')
}
