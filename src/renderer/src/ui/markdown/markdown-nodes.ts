import MarkdownIt from 'markdown-it'
import { h, type VNode, type VNodeChild } from 'vue'

/** Longer than this a text stands as it was written: to read it as Markdown would hold the window up. */
export const mostMarkdown = 20_000

/** Is told the address of a link that is followed, http or https. */
type OnLink = (url: string) => void

const markdown = new MarkdownIt({ html: false })
type Token = ReturnType<typeof markdown.parse>[number]

/**
 * Markdown as nodes of the page. Nothing of it is taken for markup of the page, and nothing is fetched: HTML stands as it was
 * written, pictures are links, and links tell where they lead before they lead there.
 */
export function markdownNodes(text: string, onLink: OnLink): VNodeChild[] {
  if (text.length > mostMarkdown) return [h('p', { dir: 'auto', class: 'plain' }, text)]
  return nodes(markdown.parse(text, {}), onLink)
}

/** An address that may be led to; null for any other. */
export function linkAddress(href: string): string | null {
  if (!URL.canParse(href)) return null
  const { protocol, href: url } = new URL(href)
  return protocol === 'http:' || protocol === 'https:' ? url : null
}

/** What is written of an element and has an end, and what it is in the page; headings stand below those of the window. */
const elements: Readonly<Record<string, string>> = {
  ...{ p: 'p', ul: 'ul', ol: 'ol', li: 'li', blockquote: 'blockquote', table: 'table' },
  ...{ thead: 'thead', tbody: 'tbody', tr: 'tr', th: 'th', td: 'td' },
  ...{ strong: 'strong', em: 'em', s: 's', a: 'a' },
  ...{ h1: 'h4', h2: 'h5', h3: 'h6', h4: 'h6', h5: 'h6', h6: 'h6' }
}

function nodes(tokens: readonly Token[], onLink: OnLink): VNodeChild[] {
  /** What is open, the innermost last, each with what is in it so far. */
  const open: { readonly token: Token | null; readonly within: VNodeChild[] }[] = [
    { token: null, within: [] }
  ]
  for (const token of tokens) {
    if (token.nesting === 1) open.push({ token, within: [] })
    else if (token.nesting === 0) open.at(-1)!.within.push(leaf(token, onLink))
    else {
      const { token: begun, within } = open.pop()!
      open.at(-1)!.within.push(element(begun!, within, onLink))
    }
  }
  return open[0]!.within
}

function element(token: Token, within: VNodeChild[], onLink: OnLink): VNodeChild {
  // Of a list whose lines stand close.
  if (token.hidden) return within
  const tag = elements[token.tag]
  if (tag === undefined) return within
  if (tag === 'a') return link(String(token.attrGet('href') ?? ''), within, onLink)
  const start = tag === 'ol' ? { start: Number(token.attrGet('start') ?? 1) } : {}
  // Each block for itself; what is within goes with its line.
  return h(tag, { ...(token.block && { dir: 'auto' }), ...start }, within)
}

function leaf(token: Token, onLink: OnLink): VNodeChild {
  switch (token.type) {
    case 'inline':
      return nodes(token.children ?? [], onLink)
    case 'code_inline':
      return h('code', token.content)
    case 'code_block':
    case 'fence':
      return h('pre', { tabindex: 0 }, h('code', token.content))
    case 'hr':
      return h('hr')
    // A line that was ended ends here, too.
    case 'softbreak':
    case 'hardbreak':
      return h('br')
    case 'image':
      return link(String(token.attrGet('src') ?? ''), [token.content], onLink)
    default:
      return token.content
  }
}

function link(href: string, within: VNodeChild[], onLink: OnLink): VNode | VNodeChild[] {
  const url = linkAddress(href)
  if (url === null) return within
  const follow = (event: Event) => {
    event.preventDefault()
    onLink(url)
  }
  return h(
    'a',
    { href: url, title: url, rel: 'noreferrer', onClick: follow, onAuxclick: follow },
    within
  )
}
