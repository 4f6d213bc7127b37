import MarkdownIt from 'markdown-it'

/** What is written of an element that has an end. Headings are numbered from 1. */
export type MarkdownTag =
  | ('p' | 'ul' | 'ol' | 'li' | 'blockquote' | 'table' | 'thead' | 'tbody' | 'tr' | 'th' | 'td')
  | ('strong' | 'em' | 's' | 'a' | 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6')
  | ('code' | 'pre' | 'hr' | 'br')

/** An element of a text in Markdown; a text is letters alone. */
export interface MarkdownElement {
  readonly tag: MarkdownTag
  /** It stands in lines of its own. */
  readonly isBlock: boolean
  readonly within: readonly MarkdownNode[]
  /** Where a link leads: http or https. */
  readonly url?: string
  /** The number that a list begins with. */
  readonly start?: number
}

export type MarkdownNode = MarkdownElement | string

/** Longer than this a text stands as it was written: to read it as Markdown would hold up whoever reads it. */
export const mostMarkdown = 20_000

const markdown = new MarkdownIt({ html: false })
type Token = ReturnType<typeof markdown.parse>[number]

/**
 * What a text in Markdown says. Nothing of it is markup of a page: HTML is letters as it was written, pictures are links, and
 * links lead to http and https alone; others are what stands in them.
 * @returns null where it is longer than `mostMarkdown`
 */
export function markdownTree(text: string): MarkdownNode[] | null {
  return text.length > mostMarkdown ? null : nodes(markdown.parse(text, {}))
}

/** An address that may be led to; null for any other. */
export function linkAddress(href: string): string | null {
  if (!URL.canParse(href)) return null
  const { protocol, href: url } = new URL(href)
  return protocol === 'http:' || protocol === 'https:' ? url : null
}

const tags: ReadonlySet<string> = new Set<MarkdownTag>([
  ...(['p', 'ul', 'ol', 'li', 'blockquote', 'table', 'thead', 'tbody', 'tr', 'th', 'td'] as const),
  ...(['strong', 'em', 's', 'a', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const)
])

function nodes(tokens: readonly Token[]): MarkdownNode[] {
  /** What is open, the innermost last, each with what is in it so far. */
  const open: { readonly token: Token | null; readonly within: MarkdownNode[] }[] = [
    { token: null, within: [] }
  ]
  for (const token of tokens) {
    if (token.nesting === 1) open.push({ token, within: [] })
    else if (token.nesting === 0) open.at(-1)!.within.push(...leaf(token))
    else {
      const { token: begun, within } = open.pop()!
      open.at(-1)!.within.push(...element(begun!, within))
    }
  }
  return open[0]!.within
}

function element(token: Token, within: readonly MarkdownNode[]): readonly MarkdownNode[] {
  // Of a list whose lines stand close.
  if (token.hidden || !tags.has(token.tag)) return within
  if (token.tag === 'a') return link(String(token.attrGet('href') ?? ''), within)
  const start = token.tag === 'ol' ? { start: Number(token.attrGet('start') ?? 1) } : {}
  return [{ tag: token.tag as MarkdownTag, isBlock: token.block, within, ...start }]
}

function leaf(token: Token): readonly MarkdownNode[] {
  switch (token.type) {
    case 'inline':
      return nodes(token.children ?? [])
    case 'code_inline':
      return [{ tag: 'code', isBlock: false, within: [token.content] }]
    case 'code_block':
    case 'fence':
      return [{ tag: 'pre', isBlock: true, within: [token.content] }]
    case 'hr':
      return [{ tag: 'hr', isBlock: true, within: [] }]
    // A line that was ended ends here, too.
    case 'softbreak':
    case 'hardbreak':
      return [{ tag: 'br', isBlock: false, within: [] }]
    case 'image':
      return link(String(token.attrGet('src') ?? ''), [token.content])
    default:
      return [token.content]
  }
}

function link(href: string, within: readonly MarkdownNode[]): readonly MarkdownNode[] {
  const url = linkAddress(href)
  return url === null ? within : [{ tag: 'a', isBlock: false, within, url }]
}

/**
 * What blocks come to, one after the other; letters between them are lines by themselves.
 * @param ofLine what letters and spans that stand beside each other come to
 */
export function inBlocks<T>(
  nodes: readonly MarkdownNode[],
  ofLine: (line: readonly MarkdownNode[]) => readonly T[],
  ofBlock: (element: MarkdownElement) => readonly T[]
): T[] {
  const blocks: T[] = []
  let line: MarkdownNode[] = []
  const endLine = () => {
    if (line.length > 0) blocks.push(...ofLine(line))
    line = []
  }
  for (const node of nodes) {
    if (typeof node === 'string' || !node.isBlock) line.push(node)
    else {
      endLine()
      blocks.push(...ofBlock(node))
    }
  }
  endLine()
  return blocks
}
