import type { XmlElement } from '@rgrove/parse-xml'

/** a, b, c, d, e and f: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [number, number, number, number, number, number]

/**
 * What the transforms of an element come to, the last applied first.
 * @throws RangeError when one of them is not known
 */
export function matrixOf(transform: string | undefined): Matrix {
  const steps = [...(transform ?? '').matchAll(/(\w+)\s*\(([^)]*)\)/g)]
  return steps
    .map(([, name, list]) => stepMatrix(name!, numbersIn(list!)))
    .reduce<Matrix>(multiplied, [1, 0, 0, 1, 0, 0])
}

function stepMatrix(name: string, values: readonly number[]): Matrix {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = values
  switch (name) {
    case 'matrix':
      return [a, b, c, d, e, f]
    case 'translate':
      return [1, 0, 0, 1, a, b]
    case 'scale':
      return [a, 0, 0, values.length > 1 ? b : a, 0, 0]
    case 'rotate': {
      const [sin, cos] = [Math.sin((a * Math.PI) / 180), Math.cos((a * Math.PI) / 180)]
      return [cos, sin, -sin, cos, b - b * cos + c * sin, c - b * sin - c * cos]
    }
    default:
      throw new RangeError(`transform ${name} is not known`)
  }
}

function multiplied(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5]
  ]
}

/** The outline of a shape as path data; null when the element is none. */
export function outlineOf({ name, attributes }: XmlElement): string | null {
  const of = (key: string) => Number(attributes[key] ?? 0)
  switch (name) {
    case 'path':
      return attributes.d ?? ''
    case 'rect': {
      const [x, y, width, height] = [of('x'), of('y'), of('width'), of('height')]
      return `M${x} ${y}h${width}v${height}h${-width}Z`
    }
    case 'polyline':
    case 'polygon': {
      const points = attributes.points ?? ''
      return points === '' ? '' : `M${points}${name === 'polygon' ? 'Z' : ''}`
    }
    case 'line':
      return `M${of('x1')} ${of('y1')}L${of('x2')} ${of('y2')}`
    case 'circle':
    case 'ellipse': {
      const [cx, cy] = [of('cx'), of('cy')]
      const rx = name === 'circle' ? of('r') : of('rx')
      const ry = name === 'circle' ? of('r') : of('ry')
      return `M${cx - rx} ${cy}A${rx} ${ry} 0 1 1 ${cx + rx} ${cy}A${rx} ${ry} 0 1 1 ${cx - rx} ${cy}Z`
    }
    default:
      return null
  }
}

/** The box around an outline of straight lines: colours that run along a shape run along it. */
export function boxOf(outline: string) {
  let x = 0
  let y = 0
  const xs: number[] = []
  const ys: number[] = []
  for (const [, command, list] of outline.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const values = numbersIn(list!)
    const isRelative = command === command!.toLowerCase()
    const kind = command!.toUpperCase()
    const width = kind === 'H' || kind === 'V' ? 1 : 2
    for (let i = 0; i + width <= values.length; i += width) {
      const [first = 0, second = 0] = values.slice(i)
      if (kind !== 'V') x = isRelative ? x + first : first
      if (kind === 'V') y = isRelative ? y + first : first
      else if (kind !== 'H') y = isRelative ? y + second : second
      xs.push(x)
      ys.push(y)
    }
  }
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top }
}

/** Numbers between spaces and commas. */
export function numbersIn(list: string): number[] {
  return (list.match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? []).map(Number)
}
