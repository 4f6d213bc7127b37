/**
 * An SVG document that says where it comes from, and brings its fonts.
 * @param lines said in its description
 * @param css such as font faces
 */
export function svgWith(svg: string, lines: readonly string[], css: string): string {
  const description = lines.length === 0 ? '' : `<desc>${escaped(lines.join('\n'))}</desc>`
  const style = css === '' ? '' : `<style>${css}</style>`
  return svg.replace(/<svg[^>]*>/, opening => `${opening}${description}${style}`)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
