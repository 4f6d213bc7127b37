import { h, type VNode, type VNodeChild } from 'vue'
import { markdownTree, type MarkdownNode, type MarkdownTag } from '#common/text/markdown.ts'
import { firstDirection } from '#common/text/token-text.ts'

/** Is told the address of a link that is followed, http or https. */
type OnLink = (url: string) => void

/** Markdown as nodes of the page. Nothing is fetched, and links tell where they lead before they lead there. */
export function markdownNodes(text: string, onLink: OnLink): VNodeChild[] {
  const tree = markdownTree(text)
  if (tree === null) return [h('p', { dir: 'auto', class: 'plain' }, text)]
  return tree.map(node => nodeOf(node, onLink))
}

/** Headings stand below those of the window. */
const elements: Partial<Record<MarkdownTag, string>> = {
  ...{ h1: 'h4', h2: 'h5', h3: 'h6', h4: 'h6', h5: 'h6', h6: 'h6' }
}

function nodeOf(node: MarkdownNode, onLink: OnLink): VNodeChild {
  if (typeof node === 'string') return node
  const { tag, isBlock, start, url } = node
  const within = node.within.map(own => nodeOf(own, onLink))
  if (url !== undefined) return link(url, within, onLink)
  if (tag === 'pre') return h('pre', { tabindex: 0 }, h('code', within))
  if (tag === 'hr' || tag === 'br') return h(tag)
  // Each block for itself; what is within goes with its line. Of one that holds blocks a browser looks for no letter in these.
  const holdsBlocks = node.within.some(own => typeof own !== 'string' && own.isBlock)
  const dir = holdsBlocks && firstDirection(textOf(node)) === 'rtl' ? 'rtl' : 'auto'
  const own = { ...(isBlock && { dir }), ...(start !== undefined && { start }) }
  return h(elements[tag] ?? tag, own, within)
}

function textOf(node: MarkdownNode): string {
  return typeof node === 'string' ? node : node.within.map(textOf).join(' ')
}

function link(url: string, within: VNodeChild[], onLink: OnLink): VNode {
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
