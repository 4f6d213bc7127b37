import type { Calls, Dim, Graph, OpName, Value } from '../../../src/main/graph/ir.ts'

/** A tensor in double precision, row-major; bools are 0 and 1. */
export interface Tensor64 {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

export type Lengths = Readonly<Record<string, number>>

/**
 * Every value of a graph, computed one element at a time in double precision, straight from each op's definition.
 * @param feeds what the inputs and weights are, by name
 * @param lengths what the symbolic dimensions are
 */
export function evaluate(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor64>>,
  lengths: Lengths
): (value: Value) => Tensor64 {
  const values = new Map<Value, Tensor64>()
  const of = (value: Value): Tensor64 => {
    const tensor = values.get(value)
    if (!tensor) throw new Error(`${value.name} was not computed`)
    return tensor
  }
  for (const value of [...graph.inputs, ...graph.weights]) {
    const tensor = feeds[value.name]
    if (tensor) values.set(value, tensor)
  }
  for (const { value, data } of graph.constants)
    values.set(value, { shape: bound(value.shape, lengths), data })
  for (const { op, inputs, attributes, output } of graph.nodes) {
    const shape = bound(output.shape, lengths)
    const element = definitions[op] as Definition<readonly Value[], unknown>
    const compute = element(inputs.map(of), attributes, shape)
    values.set(output, { shape, data: indices(shape).map(compute) })
  }
  return of
}

/** A shape with its symbolic dimensions filled in. */
export function bound(shape: readonly Dim[], lengths: Lengths): number[] {
  return shape.map(dim => {
    const length = typeof dim === 'number' ? dim : lengths[dim]
    if (length === undefined) throw new Error(`the length of ${dim} is not known`)
    return length
  })
}

type Index = readonly number[]
type Element = (index: Index) => number

/** From what an op is given to what each element of its result is. */
type Definition<Inputs extends readonly Value[], Attributes> = (
  inputs: { readonly [I in keyof Inputs]: Tensor64 },
  attributes: Attributes,
  shape: readonly number[]
) => Element

const definitions: {
  readonly [N in OpName]: Definition<Calls[N]['inputs'], Calls[N]['attributes']>
} = {
  Neg: map(x => -x),
  Exp: map(Math.exp),
  Log: map(Math.log),
  Sqrt: map(Math.sqrt),
  Reciprocal: map(x => 1 / x),
  Abs: map(Math.abs),
  Sign: map(Math.sign),
  Sin: map(Math.sin),
  Cos: map(Math.cos),
  Tanh: map(Math.tanh),
  Erf: map(erf),
  Sigmoid: map(x => 1 / (1 + Math.exp(-x))),
  Relu: map(x => Math.max(0, x)),
  Softplus: map(x => Math.log1p(Math.exp(x))),
  Gelu: ([x], { approximate }) => {
    const inner = (v: number) => Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)
    return approximate === 'none'
      ? i => 0.5 * at(x, i) * (1 + erf(at(x, i) / Math.SQRT2))
      : i => 0.5 * at(x, i) * (1 + Math.tanh(inner(at(x, i))))
  },
  Cast: ([x], { to }) => {
    if (to === 'bool') return i => Number(at(x, i) !== 0)
    return to.startsWith('float') ? i => at(x, i) : i => Math.trunc(at(x, i))
  },

  Add: zip((a, b) => a + b),
  Sub: zip((a, b) => a - b),
  Mul: zip((a, b) => a * b),
  Div: zip((a, b) => a / b),
  Pow: zip((a, b) => a ** b),
  Max: zip((a, b) => Math.max(a, b)),
  Min: zip((a, b) => Math.min(a, b)),
  Affine:
    ([x, scale, addend]) =>
    i =>
      at(x, i) * at(scale, i) + (addend ? at(addend, i) : 0),
  Less: zip((a, b) => Number(a < b)),
  LessOrEqual: zip((a, b) => Number(a <= b)),
  Equal: zip((a, b) => Number(a === b)),
  And: zip((a, b) => a * b),
  Not: map(x => 1 - x),
  Where:
    ([condition, a, b]) =>
    i =>
      at(condition, i) ? at(a, i) : at(b, i),

  MatMul: ([a, b]) => {
    const inner = a.shape.at(-1) ?? 0
    return index => {
      const [batch, row, column] = [index.slice(0, -2), index.at(-2) ?? 0, index.at(-1) ?? 0]
      return sum(inner, k => at(a, [...batch, row, k]) * at(b, [...batch, k, column]))
    }
  },
  Gemm: ([a, b, bias], { transA, transB }) => {
    const inner = a.shape[transA ? 0 : 1] ?? 0
    return index => {
      const [row = 0, column = 0] = index
      const product = sum(
        inner,
        k => at(a, transA ? [k, row] : [row, k]) * at(b, transB ? [column, k] : [k, column])
      )
      return product + (bias ? at(bias, index) : 0)
    }
  },

  Softmax: ([x]) => {
    const exponentials = rowwise(x, row => row.map(v => Math.exp(v - Math.max(...row))))
    return i => at(exponentials, i) / sum(last(x), k => at(exponentials, [...i.slice(0, -1), k]))
  },
  LayerNormalization: ([x, scale, bias], { epsilon }) => {
    const normalized = rowwise(x, row => {
      const mean = row.reduce((a, b) => a + b) / row.length
      const variance = row.reduce((total, v) => total + (v - mean) ** 2, 0) / row.length
      return row.map(v => (v - mean) / Math.sqrt(variance + epsilon))
    })
    return i => at(normalized, i) * at(scale, i) + (bias ? at(bias, i) : 0)
  },
  RmsNormalization: ([x, scale], { epsilon }) => {
    const normalized = rowwise(x, row => {
      const square = row.reduce((total, v) => total + v * v, 0) / row.length
      return row.map(v => v / Math.sqrt(square + epsilon))
    })
    return i => at(normalized, i) * at(scale, i)
  },

  TopK: ([x]) => {
    const orders = rowwise(x, row => [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b))
    return i => at(orders, i)
  },

  ReduceSum:
    ([x], attributes) =>
    i =>
      members(x, attributes, i).reduce((a, b) => a + b, 0),
  ReduceMean: ([x], attributes) => {
    return i => {
      const all = members(x, attributes, i)
      return all.reduce((a, b) => a + b, 0) / all.length
    }
  },

  Reshape:
    ([x], _, shape) =>
    i =>
      x.data[offset(shape, i)] ?? NaN,
  Transpose:
    ([x], { perm }) =>
    i =>
      at(
        x,
        x.shape.map((_, axis) => i[perm.indexOf(axis)] ?? 0)
      ),
  Expand:
    ([x]) =>
    i =>
      at(x, i),
  Concat: (values, { axis }) => {
    return i => {
      let position = i[axis] ?? 0
      for (const value of values) {
        const length = value.shape[axis] ?? 0
        if (position < length) return at(value, i.with(axis, position))
        position -= length
      }
      return NaN
    }
  },
  Slice: ([x], { axis, start }) => {
    const from = start < 0 ? start + (x.shape[axis] ?? 0) : start
    return i => at(x, i.with(axis, (i[axis] ?? 0) + from))
  },
  Pad: ([x], { axis, before }) => {
    return i => {
      const position = (i[axis] ?? 0) - before
      const inside = position >= 0 && position < (x.shape[axis] ?? 0)
      return inside ? at(x, i.with(axis, position)) : 0
    }
  },

  Gather: ([data, rows]) => {
    const rank = rows.shape.length
    return i => at(data, [at(rows, i.slice(0, rank)), ...i.slice(rank)])
  },
  ScatterAdd: ([data, rows, updates]) => {
    return i => {
      const hits = indices(rows.shape).filter(row => at(rows, row) === i[0])
      return hits.reduce((total, row) => total + at(updates, [...row, ...i.slice(1)]), at(data, i))
    }
  },
  Size:
    ([x], { axis }) =>
    () =>
      x.shape[axis] ?? NaN,
  Range:
    () =>
    ([position = NaN]) =>
      position
}

function map(f: (x: number) => number): Definition<readonly [Value], unknown> {
  return ([x]) =>
    i =>
      f(at(x, i))
}

function zip(f: (a: number, b: number) => number): Definition<readonly [Value, Value], unknown> {
  return ([a, b]) =>
    i =>
      f(at(a, i), at(b, i))
}

function rowwise(x: Tensor64, f: (row: number[]) => number[]): Tensor64 {
  const length = last(x)
  const rows = Array.from({ length: x.data.length / length }, (_, row) =>
    f(x.data.slice(row * length, (row + 1) * length))
  )
  return { shape: x.shape, data: rows.flat() }
}

/** The elements that a reduction gathers into one. */
function members(x: Tensor64, { axes, keepDims }: Calls['ReduceSum']['attributes'], i: Index) {
  const kept = keepDims
    ? i
    : x.shape.map((_, axis) => i[axis - axes.filter(other => other < axis).length] ?? 0)
  return indices(x.shape)
    .filter(index => index.every((at, axis) => axes.includes(axis) || at === kept[axis]))
    .map(index => at(x, index))
}

/** An element by its index in a shape that the tensor broadcasts to. */
function at(x: Tensor64, index: Index): number {
  const added = index.length - x.shape.length
  const own = x.shape.map((length, axis) => (length === 1 ? 0 : (index[axis + added] ?? NaN)))
  return x.data[offset(x.shape, own)] ?? NaN
}

function offset(shape: Index, index: Index): number {
  return shape.reduce((sum, length, axis) => sum * length + (index[axis] ?? 0), 0)
}

function indices(shape: Index): Index[] {
  return shape.reduce<Index[]>(
    (all, length) => all.flatMap(index => Array.from({ length }, (_, at) => [...index, at])),
    [[]]
  )
}

function last(x: Tensor64): number {
  return x.shape.at(-1) ?? 1
}

function sum(length: number, term: (k: number) => number): number {
  return Array.from({ length }, (_, k) => term(k)).reduce((a, b) => a + b, 0)
}

/** exp(−x²)·2/√π·Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!, whose terms are all of one sign. */
function erf(x: number): number {
  let term = x
  let total = x
  for (let n = 1; Math.abs(term) > 1e-18 && n < 2000; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    total += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total
}
