import { at, bp, texColor, texFont, texWords, type TexPlace } from './tex-paint.ts'

/** A shape or a text that ECharts draws over a chart, such as a part of its legend. */
export interface Graphic {
  readonly type?: string
  readonly x?: number
  readonly y?: number
  readonly shape?: {
    readonly x?: number
    readonly y?: number
    readonly width?: number
    readonly height?: number
    readonly cx?: number
    readonly cy?: number
    readonly r?: number
    readonly x1?: number
    readonly y1?: number
    readonly x2?: number
    readonly y2?: number
    readonly points?: readonly (readonly number[])[]
  }
  readonly style?: {
    readonly text?: string
    readonly align?: 'left' | 'center' | 'right'
    readonly font?: string
    readonly fill?: string
    readonly stroke?: string
    readonly lineWidth?: number
  }
}

/** What stands over a chart as TikZ draws it. @throws RangeError naming what is not known here */
export function graphicTex(
  { type, x = 0, y = 0, shape = {}, style = {} }: Graphic,
  place: TexPlace
) {
  const fill = () => `color=${texColor(style.fill ?? '#000000')}`
  const stroke = () =>
    `color=${texColor(style.stroke ?? '#000000')},line width=${bp(style.lineWidth ?? 1, place)}`
  const corner = (point: readonly number[]) => at(point[0]!, point[1]!, place)
  switch (type) {
    case 'text': {
      const font = texFont(fontOf(style.font ?? ''), place)
      return `\\node[lamella text,anchor=${anchors[style.align ?? 'left']},text=${texColor(style.fill ?? '#000000')},font=${font}] at ${at(x, y, place)} {${texWords(style.text ?? '')}};`
    }
    case 'rect': {
      const { x = 0, y = 0, width = 0, height = 0 } = shape
      return `\\fill[${fill()}] ${at(x, y, place)} rectangle ${at(x + width, y + height, place)};`
    }
    case 'circle': {
      const { cx = 0, cy = 0, r = 0 } = shape
      return `\\fill[${fill()}] ${at(cx, cy, place)} circle[radius=${bp(r, place)}];`
    }
    case 'polygon': {
      const edge =
        style.stroke === undefined
          ? ''
          : `,draw=${texColor(style.stroke)},line join=round,line width=${bp(style.lineWidth ?? 1, place)}`
      return `\\path[fill=${texColor(style.fill ?? '#000000')}${edge}] ${(shape.points ?? []).map(corner).join(' -- ')} -- cycle;`
    }
    case 'polyline':
      return `\\draw[${stroke()}] ${(shape.points ?? []).map(corner).join(' -- ')};`
    case 'line': {
      const { x1 = 0, y1 = 0, x2 = 0, y2 = 0 } = shape
      return `\\draw[${stroke()}] ${at(x1, y1, place)} -- ${at(x2, y2, place)};`
    }
    default:
      throw new RangeError(`a ${type ?? 'shape'} over a chart is not known to TikZ here`)
  }
}

const anchors = { left: 'west', center: 'center', right: 'east' } as const

/** The font of a text, from CSS such as `11px Inter, sans-serif`. */
function fontOf(css: string) {
  const [, weight = '400', size = '11', font = 'Inter'] =
    /^(?:(\d+)\s+)?([\d.]+)px\s+(.+)$/.exec(css) ?? []
  return { font, size: Number(size), weight: Number(weight) }
}
