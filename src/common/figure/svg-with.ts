import { xmlText } from '../text/xml-text.ts'

/**
 * An SVG document that says where it comes from, and brings its fonts.
 * @param lines said in its description
 * @param css such as font faces
 */
export function svgWith(svg: string, lines: readonly string[], css: string): string {
  const description = lines.length === 0 ? '' : `<desc>${xmlText(lines.join('\n'))}</desc>`
  const style = css === '' ? '' : `<style>${css}</style>`
  return svg.replace(/<svg[^>]*>/, opening => `${opening}${description}${style}`)
}

/** The same document as it is printed, so many pixels wide. */
export function sizedSvg(svg: string, width: number): string {
  const [, own = '1', height = '1'] = /<svg width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []
  const scale = width / Number(own)
  if (scale === 1) return svg
  return svg.replace(
    /<svg width="[\d.]+" height="[\d.]+"/,
    `<svg width="${width}" height="${Number(height) * scale}"`
  )
}

/** The same document with names of its own: others in a page may have the same. */
export function svgWithOwnIds(svg: string, prefix: string): string {
  return svg
    .replaceAll(/ id="([^"]+)"/g, ` id="${prefix}$1"`)
    .replaceAll(/="url\(#([^)"]+)\)"/g, `="url(#${prefix}$1)"`)
    .replaceAll(/ (xlink:)?href="#([^"]+)"/g, ` $1href="#${prefix}$2"`)
}
