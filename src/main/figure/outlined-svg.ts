import { XmlElement, XmlText } from '@rgrove/parse-xml'
import { xmlText } from '#common/text/xml-text.ts'
import type { FigureFace } from './fonts.ts'
import { textLayout } from './text-layout.ts'

/**
 * An SVG document whose letters are shapes: it needs no fonts.
 * @param size it is stretched to, in pixels; its rounded sides may differ from its own by a hair
 */
export function outlinedSvg(
  root: XmlElement,
  faces: readonly FigureFace[],
  { width, height }: { readonly width: number; readonly height: number }
): string {
  const attributes = { ...root.attributes, preserveAspectRatio: 'none' }
  const size = { width: String(width), height: String(height) }
  return elementText(root, { ...attributes, ...size }, faces)
}

/** They say nothing that is seen, or bring fonts. */
const leftOut = new Set(['desc', 'title', 'style'])

function elementText(
  element: XmlElement,
  attributes: Readonly<Record<string, string>>,
  faces: readonly FigureFace[]
): string {
  if (leftOut.has(element.name)) return ''
  if (element.name === 'text') return letters(element, faces)
  const inside = element.children.map(child => {
    if (child instanceof XmlElement) return elementText(child, child.attributes, faces)
    return child instanceof XmlText ? xmlText(child.text) : ''
  })
  return `<${element.name}${attributeText(attributes)}>${inside.join('')}</${element.name}>`
}

/** A text as a group of its letters' shapes. */
function letters(element: XmlElement, faces: readonly FigureFace[]): string {
  const { transform, fill = '#000000', opacity, 'fill-opacity': fillOpacity } = element.attributes
  const { size, pieces } = textLayout(element, faces)
  const shapes = pieces.flatMap(({ face, glyphs, x, y }) => {
    const scale = size / face.font.unitsPerEm
    let along = 0
    return glyphs.glyphs.map((glyph, i) => {
      const { xAdvance, xOffset, yOffset } = glyphs.positions[i]!
      const place = `matrix(${scale} 0 0 ${-scale} ${x + (along + xOffset) * scale} ${y - yOffset * scale})`
      along += xAdvance
      return `<path d="${glyph.path.toSVG()}" transform="${place}"/>`
    })
  })
  const own = { transform, fill, opacity, 'fill-opacity': fillOpacity }
  return `<g${attributeText(own)}>${shapes.join('')}</g>`
}

function attributeText(attributes: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${xmlText(value!)}"`)
    .join('')
}
