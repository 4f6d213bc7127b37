import { sizedSvg, svgWithOwnIds } from '../figure/svg-with.ts'
import { pixelsOfMm } from '../figure/units.ts'
import { htmlLine, htmlPage, htmlText } from '../text/html-page.ts'
import { firstDirection, inItsDirection, withoutIsolates } from '../text/token-text.ts'
import {
  blockText,
  smallerText,
  type Block,
  type ReportDocument,
  type Span
} from './report-document.ts'

/** A figure of a report as it is printed. */
export interface PrintedFigure {
  /** Its SVG document. */
  readonly svg: string
  readonly widthMm: number
  readonly heightMm: number
}

/**
 * A report as a page that stands by itself: no script, nothing from elsewhere.
 * @param figures in the order of the report; a text says why one cannot be drawn
 * @param fontsOf the fonts that a page's letters are drawn in, as CSS that brings them along
 */
export async function reportHtml(
  { title, subtitle, blocks }: ReportDocument,
  figures: readonly (PrintedFigure | string)[],
  fontsOf: (page: string) => Promise<string>
): Promise<string> {
  const sections = blocks.flatMap(block =>
    block.kind === 'heading' && block.level === 1 ? [block.text] : []
  )
  const contents = sections.map(name => `<li><a href="#${anchor(name)}">${htmlText(name)}</a></li>`)
  const body = `<main>
<header>
<h1 dir="auto">${htmlLine(inItsDirection(title))}</h1>
<p class="subtitle">${htmlText(subtitle)}</p>
</header>
<nav aria-label="Contents"><ul>${contents.join('')}</ul></nav>
${blocks.map(block => blockHtml(block, figures)).join('\n')}
</main>`
  const fonts = await fontsOf(`${style}${body}`)
  return htmlPage({ title, style: `${fonts}\n${style}`, body })
}

/** What figures have room for where a page is printed, in millimetres: A4 without its margins, its height with a caption. */
const paper = { width: 174, height: 210 }

const style = `:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0; color: #1c1c20; background: #fff; font: 15px/1.6 Inter, 'Noto Sans Hebrew', system-ui, sans-serif; font-variant-ligatures: none; overflow-wrap: anywhere }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.5rem 4rem }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; letter-spacing: -.01em }
h1, h2, h3, h4, b, th { font-weight: 600 }
h2 { margin: 3rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid #d8d8de; font-size: 1.2rem; line-height: 1.3 }
h3 { margin: 1.75rem 0 .4rem; font-size: 1rem } h4 { margin: 1.25rem 0 .3rem; font-size: .95rem }
p { margin: .5rem 0 } .subtitle, .muted, figcaption .lines, nav a { color: #5d5d66 } .subtitle { margin: .35rem 0 0 }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 1.25rem 0 0; padding: 0; list-style: none; font-size: .87rem }
a { color: #0a6475; text-underline-offset: 2px } nav a { text-decoration: none } nav a:hover { text-decoration: underline }
ul, ol { margin: .5rem 0; padding: 0 } li { margin-inline-start: 1.5rem } nav li { margin: 0 } li > p { margin: .15rem 0 }
blockquote { margin: .75rem 0; padding-inline-start: 1rem; border-inline-start: 2px solid #c6c6cc; color: #45454d }
code, pre.code { font-family: 'JetBrains Mono', 'Noto Sans Hebrew', ui-monospace, monospace; font-size: .86em } code { direction: ltr; unicode-bidi: isolate }
pre { margin: .75rem 0 .35rem; padding: .6rem .8rem; border-radius: 4px; background: #f5f5f7; font: inherit; white-space: pre-wrap }
hr { margin: 1.5rem 0; border: 0; border-top: 1px solid #d8d8de }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: .1rem 1.25rem; margin: .5rem 0; font-size: .93rem }
dt { max-width: 12rem; color: #5d5d66 } dd { margin: 0 }
.wide { margin: .75rem 0; overflow-x: auto }
table { width: 100%; border-collapse: collapse; font-size: .87rem; font-variant-numeric: tabular-nums; overflow-wrap: break-word }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid #e6e6ea; text-align: start; vertical-align: top }
th { color: #5d5d66; font-weight: 500 } td.number, th.number { text-align: end; white-space: nowrap } tr > :last-child { padding-inline-end: 0 }
td code { overflow-wrap: anywhere }
figure { margin: 2rem 0 } figure > svg { display: block; max-width: 100%; height: auto; margin: 0 auto }
figure > .missing { padding: 1.25rem; border: 1px solid #d8d8de; color: #5d5d66; text-align: center }
figcaption { margin-top: .8rem; font-size: .87rem; line-height: 1.5 }
figcaption .lines { margin-top: .35rem; font-size: .87em } figcaption .lines p { margin: .15rem 0 } .smaller { display: none }
@media (max-width: 640px) { main { padding: 1.5rem 1rem 3rem } dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .4rem } }
@media print {
  @page { size: A4; margin: 20mm ${(210 - paper.width) / 2}mm }
  body { font-size: 9.5pt } main { max-width: none; padding: 0 } nav { display: none } a { color: inherit }
  h2, h3, h4 { break-after: avoid } figure, tr, pre, dl { break-inside: avoid } .wide { overflow: visible }
  .smaller { display: block } figure > svg { max-height: ${paper.height}mm } figcaption { break-before: avoid }
  p, li { orphans: 2; widows: 2 }
}`

function blockHtml(block: Block, figures: readonly (PrintedFigure | string)[]): string {
  switch (block.kind) {
    case 'heading': {
      const { level, text } = block
      const id = level === 1 ? ` id="${anchor(text)}"` : ''
      return `<h${level + 1}${id} dir="auto">${htmlLine(text)}</h${level + 1}>`
    }
    case 'paragraph':
      return `<p dir="auto">${spansHtml(block.spans)}</p>`
    case 'list': {
      // Each has its mark at the side where it begins.
      const items = block.items.map(
        item => `<li${directionOf(item)}>${item.map(own => blockHtml(own, figures)).join('')}</li>`
      )
      return block.start === null
        ? `<ul>${items.join('\n')}</ul>`
        : `<ol start="${block.start}">${items.join('\n')}</ol>`
    }
    case 'quote':
      return `<blockquote${directionOf(block.blocks)}>${block.blocks.map(own => blockHtml(own, figures)).join('\n')}</blockquote>`
    case 'verbatim':
      return `<pre dir="auto"${block.isCode ? ' class="code"' : ''}>${linesHtml(block.text, '\n')}</pre>`
    case 'rule':
      return '<hr>'
    case 'facts':
      return `<dl>${block.rows.map(({ name, spans }) => `<dt>${htmlText(name)}</dt><dd dir="auto">${spansHtml(spans)}</dd>`).join('\n')}</dl>`
    case 'table':
      return tableHtml(block)
    case 'figure':
      return figureHtml(block, figures[block.figure]!)
  }
}

/** Said for what holds blocks: a browser looks for it in no block that has a direction of its own. */
function directionOf(blocks: readonly Block[]): string {
  return firstDirection(blocks.map(blockText).join(' ')) === 'rtl' ? ' dir="rtl"' : ' dir="ltr"'
}

function tableHtml(block: Block & { readonly kind: 'table' }): string {
  const { columns, rows } = block
  const kind = (at: number) => (columns[at]?.isNumber === true ? ' class="number"' : '')
  const head = columns.map(({ name }, i) => `<th${kind(i)} dir="auto">${htmlText(name)}</th>`)
  const body = rows.map(
    row =>
      `<tr>${row.map((cell, i) => `<td${kind(i)} dir="auto">${spansHtml(cell)}</td>`).join('')}</tr>`
  )
  return `<div class="wide"><table${directionOf([block])}>
<thead><tr>${head.join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody>
</table></div>`
}

function figureHtml(
  { figure, caption, lines }: Block & { readonly kind: 'figure' },
  printed: PrintedFigure | string
): string {
  const label = htmlText(withoutIsolates(caption.map(({ text }) => text).join('')))
  const drawn =
    typeof printed === 'string'
      ? `<p class="missing" dir="auto">${htmlText(printed)}</p>`
      : svgWithOwnIds(
          sizedSvg(printed.svg, pixelsOfMm(printed.widthMm)),
          `f${figure + 1}-`
        ).replace('<svg ', () => `<svg role="img" aria-label="${label}" `)
  const smaller = typeof printed === 'string' ? '' : smallerText(shareOf(printed))
  const told = [
    ...(smaller === '' ? [] : [`<p class="smaller">${smaller}</p>`]),
    ...lines.map(line => `<p dir="auto">${spansHtml(line)}</p>`)
  ]
  return `<figure id="figure-${figure + 1}">
${drawn}
<figcaption dir="auto">${spansHtml(caption)}
<div class="lines">${told.join('\n')}</div></figcaption>
</figure>`
}

/** How large it is on paper, as a share of its size. */
function shareOf({ widthMm, heightMm }: PrintedFigure): number {
  return Math.min(1, paper.width / widthMm, paper.height / heightMm)
}

function spansHtml(spans: readonly Span[]): string {
  return spans
    .map(({ text, url, ...how }) => {
      let html = linesHtml(text, '<br>')
      if (how.mono) html = `<code>${html}</code>`
      if (how.struck) html = `<s>${html}</s>`
      if (how.italic) html = `<em>${html}</em>`
      if (how.bold) html = `<b>${html}</b>`
      if (how.muted) html = `<span class="muted">${html}</span>`
      return url === undefined ? html : `<a href="${htmlText(url)}" rel="noreferrer">${html}</a>`
    })
    .join('')
}

function linesHtml(text: string, end: string): string {
  return text.split('\n').map(htmlLine).join(end)
}

function anchor(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]+/g, '-')
}
