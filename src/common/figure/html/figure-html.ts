import { htmlLine, htmlPage } from '../../text/html-page.ts'
import { xmlText } from '../../text/xml-text.ts'
import { pageScript, pageScriptHash } from './page-script.ts'

/** What a page of a figure is made of. */
export interface FigurePage {
  readonly title: string
  /** Its SVG document, with its fonts. */
  readonly svg: string
  /** Its `FigureSpots` as JSON. */
  readonly spots: string
  /** What stands under it; none where it is left out. */
  readonly caption?: string
  /** Where it comes from, a line each. */
  readonly lines: readonly string[]
}

/** A figure as a page that stands by itself. What is pointed at is said in numbers. */
export function figureHtml({ title, svg, spots, caption = '', lines }: FigurePage): string {
  const origin = lines.map(line => `<p>${xmlText(line)}</p>`).join('\n')
  return htmlPage({
    title,
    style,
    body: `<figure>
${svg}
${caption === '' ? '' : `<figcaption dir="auto">${htmlLine(caption)}</figcaption>\n`}</figure>
<p id="left" hidden></p>
<p id="tip" role="status" hidden></p>
${lines.length === 0 ? '' : `<details><summary>Where it comes from</summary>\n${origin}\n</details>`}
<script type="application/json" id="spots">${spots.replaceAll('<', '\\u003c')}</script>`,
    script: { text: pageScript, hash: pageScriptHash }
  })
}

const style = `body { margin: 1.5rem; color: #1c1c20; background: #fff; font: 14px/1.5 system-ui, sans-serif }
figure { margin: 0 } figcaption { margin-top: .75rem; max-width: 46rem } #left { color: #5d5d66 } svg { max-width: 100%; height: auto }
#tip { position: fixed; margin: 0; padding: .25rem .5rem; white-space: pre-line; pointer-events: none; max-width: 24rem; overflow-wrap: anywhere;
  color: #fff; background: #1c1c20; border-radius: 4px; font-variant-numeric: tabular-nums }
details { margin-top: 1.5rem; color: #5d5d66; overflow-wrap: anywhere } details p { margin: 0 }`
