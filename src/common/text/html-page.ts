import { visibleText } from './visible-text.ts'

/** What a page that stands by itself is made of. */
export interface HtmlPage {
  readonly title: string
  /** CSS. */
  readonly style: string
  /** HTML, with all texts in it escaped. */
  readonly body: string
  /** The one script that it runs; left out where it runs none. */
  readonly script?: { readonly text: string; readonly hash: string }
}

/**
 * A page that stands by itself: one file that fetches nothing, and runs no script but one that its own policy names by its
 * hash.
 */
export function htmlPage({ title, style, body, script }: HtmlPage): string {
  const policy = [
    "default-src 'none'",
    'img-src data:',
    'font-src data:',
    "style-src 'unsafe-inline'",
    ...(script === undefined ? [] : [`script-src '${script.hash}'`]),
    "base-uri 'none'",
    "form-action 'none'"
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${htmlText(title)}</title>
<style>
${style}
</style>
${body}
${script === undefined ? '' : `<script>${script.text}</script>\n`}</html>
`
}

/** Text as HTML, between tags and in quotes: names and texts are strangers'. */
export function htmlText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
}

/** The same of a line; what is isolated as an element, which `dir="auto"` passes over, and which is not copied with its letters. */
export function htmlLine(text: string): string {
  let open = 0
  const parts = text.split(/([\u2068\u2069])/).map(part => {
    if (part === '\u2068') return (open++, '<bdi>')
    if (part === '\u2069') return open > 0 ? (open--, '</bdi>') : ''
    return htmlText(part)
  })
  return `${parts.join('')}${'</bdi>'.repeat(open)}`
}
