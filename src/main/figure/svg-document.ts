import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { facesFor, type FigureFace } from './fonts.ts'
import { lettersWithout } from './text-runs.ts'

/** A figure as it was drawn: its elements, and those that others refer to, by their ids. */
export interface SvgDocument {
  readonly root: XmlElement
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
  readonly named: ReadonlyMap<string, XmlElement>
}

/** How a text is written. */
export interface SvgText {
  readonly text: string
  readonly families: string
  readonly size: number
  readonly weight: number
}

/** @throws RangeError when it is no SVG document with a size */
export function svgDocument(svg: string): SvgDocument {
  const { root } = parseXml(svg)
  const [width, height] = [Number(root?.attributes.width), Number(root?.attributes.height)]
  if (root?.name !== 'svg' || !(width > 0 && height > 0))
    throw new RangeError('a figure is an SVG document that says how large it is')
  const named = new Map<string, XmlElement>()
  for (const element of elementsIn(root)) {
    const { id } = element.attributes
    if (id !== undefined) named.set(id, element)
  }
  return { root, width, height, named }
}

/** The elements inside one, each before those inside it. */
export function* elementsIn(element: XmlElement): Generator<XmlElement> {
  for (const child of childElements(element)) {
    yield child
    yield* elementsIn(child)
  }
}

export function childElements({ children }: XmlElement): XmlElement[] {
  return children.filter(child => child instanceof XmlElement)
}

/** A text, and how its style has it written. */
export function svgText(element: XmlElement): SvgText {
  const { attributes, text } = element
  const style = new Map(
    (attributes.style ?? '').split(';').map(part => {
      const [key = '', ...value] = part.split(':')
      return [key.trim(), value.join(':').trim()]
    })
  )
  const [, weight, size, families] =
    /^(?:(\d+|bold|normal)\s+)?([\d.]+)px\s+(.+)$/.exec(style.get('font') ?? '') ?? []
  return {
    text: attributes['xml:space'] === 'preserve' ? text : text.replaceAll(/\s+/g, ' ').trim(),
    families: families ?? style.get('font-family') ?? 'sans-serif',
    size: Number(size ?? style.get('font-size')?.replace('px', '') ?? 12),
    weight: weightOf(weight ?? style.get('font-weight') ?? 'normal')
  }
}

function weightOf(weight: string): number {
  return { normal: 400, bold: 700 }[weight] ?? Number(weight)
}

/** The letters of a figure that none of its fonts has. */
export function lettersWithoutFont(
  { root }: SvgDocument,
  faces: readonly FigureFace[]
): readonly string[] {
  const letters = new Set<string>()
  for (const element of elementsIn(root)) {
    if (element.name !== 'text') continue
    const { text, families, weight } = svgText(element)
    for (const letter of lettersWithout(text, facesFor(faces, families, weight)))
      letters.add(letter)
  }
  return [...letters]
}
