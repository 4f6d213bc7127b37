import { xmlText } from '../../text/xml-text.ts'
import { pageScript, pageScriptHash } from './page-script.ts'

/** What a page of a figure is made of. */
export interface FigurePage {
  readonly title: string
  /** Its SVG document, with its fonts. */
  readonly svg: string
  /** Its `FigureSpots` as JSON. */
  readonly spots: string
  /** Where it comes from, a line each. */
  readonly lines: readonly string[]
}

/**
 * A figure as a page that stands by itself: one file that fetches nothing and runs one script, which its own policy names by
 * its hash. What is pointed at is said in numbers.
 */
export function figureHtml({ title, svg, spots, lines }: FigurePage): string {
  const policy = [
    "default-src 'none'",
    'img-src data:',
    'font-src data:',
    "style-src 'unsafe-inline'",
    `script-src '${pageScriptHash}'`,
    "base-uri 'none'",
    "form-action 'none'"
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${xmlText(title)}</title>
<style>
body { margin: 1.5rem; color: #1c1c20; background: #fff; font: 14px/1.5 system-ui, sans-serif }
figure { margin: 0 } svg { max-width: 100%; height: auto }
#tip { position: fixed; margin: 0; padding: .25rem .5rem; white-space: pre-line; pointer-events: none; max-width: 24rem; overflow-wrap: anywhere;
  color: #fff; background: #1c1c20; border-radius: 4px; font-variant-numeric: tabular-nums }
details { margin-top: 1.5rem; color: #5d5d66; overflow-wrap: anywhere } details p { margin: 0 }
</style>
<figure>
${svg}
</figure>
<p id="tip" role="status" hidden></p>
${lines.length === 0 ? '' : `<details><summary>Where it comes from</summary>\n${lines.map(line => `<p>${xmlText(line)}</p>`).join('\n')}\n</details>`}
<script type="application/json" id="spots">${spots.replaceAll('<', '\\u003c')}</script>
<script>${pageScript}</script>
</html>
`
}
