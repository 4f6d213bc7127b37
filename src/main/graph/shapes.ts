import type { Dim, TensorType, Value } from './ir.ts'

/** Type and shape of the only operand: the rule of unary elementwise ops. */
export function unchanged([x]: readonly [Value]): TensorType {
  return { type: x.type, shape: x.shape }
}

/**
 * Operands of one type, broadcast against each other as in NumPy. A symbolic dimension fits itself and 1.
 * @throws Error when types or dimensions do not fit
 */
export function broadcast(values: readonly Value[]): TensorType {
  return { type: commonType(values), shape: broadcastShape(values.map(value => value.shape)) }
}

/** The same, for ops that answer yes or no. */
export function comparison(values: readonly Value[]): TensorType {
  return { ...broadcast(values), type: 'bool' }
}

/**
 * The shape that all shapes broadcast to.
 * @throws Error naming the two dimensions that do not fit
 */
export function broadcastShape(shapes: readonly (readonly Dim[])[]): Dim[] {
  const rank = Math.max(0, ...shapes.map(shape => shape.length))
  return Array.from({ length: rank }, (_, axis) =>
    shapes.map(shape => shape[axis - rank + shape.length] ?? 1).reduce(broadcastDim, 1)
  )
}

function broadcastDim(a: Dim, b: Dim): Dim {
  if (a === b || b === 1) return a
  expect(a === 1, `dimensions ${a} and ${b} do not broadcast`)
  return b
}

/**
 * The one element type of all values.
 * @throws Error when there are several
 */
export function commonType(values: readonly Value[]): Value['type'] {
  const [first] = values
  expect(first !== undefined, 'expected an operand')
  expect(
    values.every(value => value.type === first.type),
    'expected operands of one element type'
  )
  return first.type
}

/** Whether two shapes are equal, dimension by dimension. */
export function sameShape(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis])
}

/** Whether two shapes hold equally many elements, whatever the symbolic lengths will be. */
export function sameCount(a: readonly Dim[], b: readonly Dim[]): boolean {
  const symbols = (shape: readonly Dim[]) => shape.filter(dim => typeof dim === 'string').sort()
  return numericCount(a) === numericCount(b) && sameShape(symbols(a), symbols(b))
}

/** Product of the dimensions that are numbers. */
export function numericCount(shape: readonly Dim[]): number {
  return shape.reduce<number>(
    (product, dim) => (typeof dim === 'number' ? product * dim : product),
    1
  )
}

/** The sum of two dimensions: `pos` and -1 give `pos-1`, that and 1 `pos` again, `pos` and `past` `past+pos`. */
export function sumOf(a: Dim, b: Dim): Dim {
  const [left, right] = [termsOf(a), termsOf(b)]
  const symbols = [...left.symbols, ...right.symbols].sort().join('+')
  const offset = left.offset + right.offset
  if (symbols === '') return offset
  return offset === 0 ? symbols : `${symbols}${offset > 0 ? '+' : ''}${offset}`
}

/** What a dimension is a sum of: `past+pos-1` of `past`, `pos` and -1. */
export function termsOf(dim: Dim): {
  readonly symbols: readonly string[]
  readonly offset: number
} {
  if (typeof dim === 'number') return { symbols: [], offset: dim }
  const [, symbols = dim, offset = '0'] = /^(.*?)([+-]\d+)?$/.exec(dim) ?? []
  return { symbols: symbols.split('+'), offset: Number(offset) }
}

/**
 * The dimension of an axis.
 * @throws Error when there is no such axis
 */
export function dimension(x: TensorType, axis: number): Dim {
  const dim = x.shape[axis]
  expect(dim !== undefined, `no axis ${axis}`)
  return dim
}

/**
 * States what must hold of an op's operands.
 * @throws Error with the reason when it does not
 */
export function expect(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Error(reason)
}
