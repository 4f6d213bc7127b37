import type { Calls, Dim, ElementType, OpName, Value } from './ir.ts'

/** What an op takes where a number may stand for a constant of the other operands' type. */
export type Operand = Value | number

// Elementwise, of one operand.
export const neg = unary('Neg')
export const exp = unary('Exp')
export const log = unary('Log')
export const sqrt = unary('Sqrt')
export const reciprocal = unary('Reciprocal')
export const abs = unary('Abs')
export const sign = unary('Sign')
export const sin = unary('Sin')
export const cos = unary('Cos')
export const tanh = unary('Tanh')
export const erf = unary('Erf')
export const sigmoid = unary('Sigmoid')
export const relu = unary('Relu')
/** log(1 + exp(x)) */
export const softplus = unary('Softplus')
export const not = unary('Not')

// Elementwise, of two operands that broadcast.
export const add = binary('Add')
export const sub = binary('Sub')
export const mul = binary('Mul')
export const div = binary('Div')
export const pow = binary('Pow')
export const max = binary('Max')
export const min = binary('Min')
export const less = binary('Less')
export const lessOrEqual = binary('LessOrEqual')
export const equal = binary('Equal')
export const and = binary('And')

/** x·Φ(x), or the tanh formula close to it. */
export function gelu(x: Value, approximate: 'none' | 'tanh'): Value {
  return x.graph.apply('Gelu', [x], { approximate })
}

/** `x`, no lower than `low` and no higher than `high`. */
export function clip(x: Value, low: number, high: number): Value {
  return min(max(x, low), high)
}

/**
 * scale · x + add, of the shape of x.
 * @param scale of the rank of x, each dimension 1 or the axis' length when the graph runs; so is `add`
 */
export function affine(x: Value, scale: Value, add?: Value): Value {
  return x.graph.apply('Affine', add ? [x, scale, add] : [x, scale], {})
}

/** `x` as another element type; itself when it is of that type. */
export function cast(x: Value, to: ElementType): Value {
  return x.type === to ? x : x.graph.apply('Cast', [x], { to })
}

/** `a` where the condition holds, else `b`. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const typed = [a, b].find(operand => typeof operand !== 'number')
  const type = typed?.type ?? 'float32'
  return condition.graph.apply(
    'Where',
    [condition, lifted(a, condition, type), lifted(b, condition, type)],
    {}
  )
}

/** Product over the last two axes; the axes before them broadcast. */
export function matMul(a: Value, b: Value): Value {
  return a.graph.apply('MatMul', [a, b], {})
}

/**
 * x·w + bias, matrices.
 * @param x [rows, in]
 * @param w [in, out], or [out, in] with `transposeW`
 * @returns [rows, out]
 */
export function gemm(
  x: Value,
  w: Value,
  { bias, transposeW = false }: { bias?: Value | null | undefined; transposeW?: boolean } = {}
): Value {
  return x.graph.apply('Gemm', bias ? [x, w, bias] : [x, w], { transA: false, transB: transposeW })
}

/** Softmax over the last axis. */
export function softmax(x: Value): Value {
  return x.graph.apply('Softmax', [x], {})
}

/**
 * Layer normalization over the last axis: (x − mean) / √(variance + epsilon) · scale + bias.
 * @source Ba et al. 2016, section 3
 */
export function layerNorm(x: Value, scale: Value, bias: Value | null, epsilon: number): Value {
  return x.graph.apply('LayerNormalization', bias ? [x, scale, bias] : [x, scale], { epsilon })
}

/**
 * Root-mean-square normalization over the last axis: x / √(mean x² + epsilon) · scale.
 * @source Zhang and Sennrich 2019, equation 4
 */
export function rmsNorm(x: Value, scale: Value, epsilon: number): Value {
  return x.graph.apply('RmsNormalization', [x, scale], { epsilon })
}

/** Where the `count` largest of each row of the last axis are, the largest first, of equal ones the first: int64. */
export function topK(x: Value, count: number): Value {
  return x.graph.apply('TopK', [x], { count })
}

/** Sum over axes, which stay as 1 when `keepDims`. */
export function reduceSum(x: Value, axes: readonly number[], keepDims = false): Value {
  return x.graph.apply('ReduceSum', [x], { axes: axes.map(axis => axisOf(x, axis)), keepDims })
}

/** Mean over axes, which stay as 1 when `keepDims`. */
export function reduceMean(x: Value, axes: readonly number[], keepDims = false): Value {
  return x.graph.apply('ReduceMean', [x], { axes: axes.map(axis => axisOf(x, axis)), keepDims })
}

/** The same elements in another shape. */
export function reshape(x: Value, shape: readonly Dim[]): Value {
  return x.graph.apply('Reshape', [x], { shape })
}

/** Axes in another order: axis i of the result is axis `perm[i]` of `x`. */
export function transpose(x: Value, perm: readonly number[]): Value {
  return x.graph.apply('Transpose', [x], { perm })
}

/** `x` repeated along its axes of 1, and along new leading axes, to be of this shape. */
export function expand(x: Value, shape: readonly Dim[]): Value {
  return x.graph.apply('Expand', [x], { shape })
}

/** Values one after the other along an axis. */
export function concat(values: readonly [Value, ...Value[]], axis: number): Value {
  const [first] = values
  return first.graph.apply('Concat', values, { axis: axisOf(first, axis) })
}

/** From `start` up to `end` (left out: all that follow) of an axis; negative bounds count from its end. */
export function slice(x: Value, axis: number, start: number, end: number | null = null): Value {
  return x.graph.apply('Slice', [x], { axis: axisOf(x, axis), start, end })
}

/** Zeros before and after along an axis. */
export function pad(x: Value, axis: number, before: number, after: number): Value {
  return x.graph.apply('Pad', [x], { axis: axisOf(x, axis), before, after })
}

/**
 * Rows of the first axis.
 * @param data [row, ...]
 * @param indices int64 or int32, of any shape
 * @returns [...indices, ...]
 */
export function gather(data: Value, indices: Value): Value {
  return data.graph.apply('Gather', [data, indices], {})
}

/**
 * `data` with updates added to its rows; the transpose of gather.
 * @param data [row, ...]
 * @param indices int64, of any shape
 * @param updates [...indices, ...]
 */
export function scatterAdd(data: Value, indices: Value, updates: Value): Value {
  return data.graph.apply('ScatterAdd', [data, indices, updates], {})
}

/** Length of an axis, int64 [1]. */
export function size(x: Value, axis: number): Value {
  return x.graph.apply('Size', [x], { axis: axisOf(x, axis) })
}

/** 0, 1, 2, … along an axis, such as the positions of a text: int64. */
export function range(x: Value, axis: number): Value {
  return x.graph.apply('Range', [x], { axis: axisOf(x, axis) })
}

/** Zeros of the type and shape of `x`. */
export function zerosLike(x: Value): Value {
  return expand(x.graph.constant(0, [], x.type), x.shape)
}

/** Ops that take the same as `Like` does. */
type OpLike<Like extends OpName> = {
  [Name in OpName]: Calls[Name] extends Calls[Like] ? Name : never
}[OpName]

function unary(op: OpLike<'Neg'>) {
  return (x: Value): Value => x.graph.apply(op, [x], {})
}

function binary(op: OpLike<'Add'>) {
  return (a: Operand, b: Operand): Value => {
    const value = typeof a === 'number' ? b : a
    if (typeof value === 'number') throw new TypeError(`${op}: expected a value, got two numbers`)
    return value.graph.apply(op, [lifted(a, value), lifted(b, value)], {})
  }
}

function lifted(operand: Operand, like: Value, type: ElementType = like.type): Value {
  return typeof operand === 'number' ? like.graph.constant(operand, [], type) : operand
}

function axisOf(x: Value, axis: number): number {
  return axis < 0 ? axis + x.shape.length : axis
}
