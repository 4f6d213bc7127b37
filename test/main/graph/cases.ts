import type { Calls, Dim, OpName } from '../../../src/main/graph/ir.ts'
import type { Operand } from './measure.ts'

/** One use of an op to check; `pos` is 3. */
export interface Case<Attributes = unknown> {
  readonly operands: readonly Operand[]
  readonly attributes: Attributes
}

const real = (...shape: Dim[]): Operand => ({ type: 'float32', shape })
const between = (low: number, high: number, ...shape: Dim[]): Operand => ({
  type: 'float32',
  shape,
  low,
  high
})
const positive = (...shape: Dim[]) => between(0.4, 2, ...shape)
const whole = (data: number[], ...shape: Dim[]): Operand => ({ type: 'int64', shape, data })
const bools = (data: number[], ...shape: Dim[]): Operand => ({ type: 'bool', shape, data })

/** An operand that no gradient flows to. */
const fixed = (operand: Operand): Operand => ({ ...operand, fixed: true })

function of<A>(attributes: A, ...operands: Operand[]): Case<A> {
  return { operands, attributes }
}

const unary = [of({}, real('pos', 4))]
const unaryPositive = [of({}, positive('pos', 4))]
const binary = [
  of({}, real('pos', 4), real('pos', 4)),
  of({}, real('pos', 4), real(4)),
  of({}, real(2, 'pos', 1), real(1, 4)),
  of({}, real(), real(2, 'pos'))
]
const integers = of({}, whole([1, 2, 3], 'pos', 1), whole([3, 2, 1], 'pos'))

/** Every op's cases: an op without a row does not compile, one without a case fails. */
export const cases: { readonly [N in OpName]: readonly Case<Calls[N]['attributes']>[] } = {
  Neg: unary,
  Exp: unary,
  Log: unaryPositive,
  Sqrt: unaryPositive,
  Reciprocal: unaryPositive,
  Abs: unary,
  Sign: unary,
  Sin: unary,
  Cos: unary,
  Tanh: unary,
  Erf: unary,
  Sigmoid: unary,
  Relu: unary,
  Softplus: unary,
  Gelu: [
    of({ approximate: 'none' }, between(-4, 4, 'pos', 5)),
    of({ approximate: 'tanh' }, between(-4, 4, 'pos', 5))
  ],
  Cast: [
    of({ to: 'float32' }, real('pos', 2)),
    of({ to: 'float64' }, real('pos', 2)),
    of({ to: 'int64' }, real('pos', 2)),
    of({ to: 'float32' }, whole([0, 1, 2], 'pos')),
    of({ to: 'float32' }, bools([0, 1, 0], 'pos'))
  ],

  Add: binary,
  Sub: binary,
  Mul: binary,
  Div: [of({}, real('pos', 4), positive(4)), of({}, real(), positive(2, 'pos'))],
  Pow: [of({}, positive('pos', 4), real(4)), of({}, positive(2, 1), real('pos'))],
  Max: binary,
  Min: binary,
  Affine: [
    of({}, real('pos', 4), fixed(real('s0', 4)), fixed(real(1, 's1'))),
    of({}, real('pos', 2, 'pos'), fixed(real('pos', 's1', 1)))
  ],
  Less: [...binary, integers],
  LessOrEqual: [...binary, integers],
  Equal: [integers, of({}, real('pos', 2), real('pos', 2))],
  And: [of({}, bools([0, 1, 1], 'pos', 1), bools([1, 0], 2))],
  Not: [of({}, bools([0, 1, 1], 'pos'))],
  Where: [
    of({}, bools([1, 0, 1, 0, 0, 1], 'pos', 2), real('pos', 2), real('pos', 2)),
    of({}, bools([1, 0, 1], 'pos', 1), real(2, 1, 4), real())
  ],

  MatMul: [
    of({}, real('pos', 4), real(4, 5)),
    of({}, real(2, 'pos', 4), real(2, 4, 'pos')),
    of({}, real(2, 2, 'pos', 4), real(2, 1, 4, 5)),
    of({}, real('pos', 4), real(2, 4, 2))
  ],
  Gemm: [false, true].flatMap(transA =>
    [false, true].flatMap(transB => {
      const a = transA ? real(4, 'pos') : real('pos', 4)
      const b = transB ? real(5, 4) : real(4, 5)
      return [[], [real(5)], [real('pos', 1)]].map(bias => of({ transA, transB }, a, b, ...bias))
    })
  ),

  Softmax: [of({}, real('pos', 5)), of({}, real(2, 'pos', 'pos'))],
  LayerNormalization: [
    of({ epsilon: 1e-5 }, real('pos', 6), real(6)),
    of({ epsilon: 1e-1 }, real(2, 'pos', 6), real(6), real(6))
  ],
  RmsNormalization: [
    of({ epsilon: 1e-6 }, real('pos', 6), real(6)),
    of({ epsilon: 1e-1 }, real(2, 'pos', 6), real(6))
  ],

  // Among equals the first, as in PyTorch's experts.
  TopK: [
    of({ count: 2 }, real('pos', 5)),
    of({ count: 3 }, { type: 'float32', shape: [2, 4], data: [1, 2, 2, 2, 0, 0, 0, 0] }),
    of({ count: 1 }, real(2, 'pos', 1))
  ],

  ReduceSum: [
    of({ axes: [0], keepDims: false }, real('pos', 4)),
    of({ axes: [1], keepDims: true }, real(2, 'pos', 4)),
    of({ axes: [0, 2], keepDims: false }, real(2, 'pos', 'pos'))
  ],
  ReduceMean: [
    of({ axes: [1], keepDims: false }, real('pos', 4)),
    of({ axes: [0], keepDims: false }, real('pos')),
    of({ axes: [0, 1], keepDims: true }, real(2, 'pos', 4))
  ],

  Reshape: [
    of({ shape: ['pos', 2, 3] }, real('pos', 6)),
    of({ shape: [6] }, real(2, 3)),
    of({ shape: [4, 'pos', 'pos'] }, real(2, 2, 'pos', 'pos'))
  ],
  Transpose: [of({ perm: [1, 0] }, real('pos', 4)), of({ perm: [1, 2, 0] }, real(2, 'pos', 4))],
  Expand: [
    of({ shape: [2, 'pos', 4] }, real('pos', 1)),
    of({ shape: ['pos', 'pos'] }, real('pos')),
    of({ shape: [3, 2] }, real())
  ],
  Concat: [
    of({ axis: 1 }, real('pos', 2), real('pos', 1), real('pos', 3)),
    of({ axis: 0 }, real(1, 2), real('pos', 2), real(2, 2), real(1, 2))
  ],
  Slice: [
    of({ axis: 1, start: 1, end: 3 }, real('pos', 4)),
    of({ axis: 1, start: -2, end: null }, real('pos', 4)),
    of({ axis: 1, start: -3, end: -1 }, real('pos', 4)),
    of({ axis: 0, start: 1, end: null }, real('pos', 4)),
    of({ axis: 0, start: 0, end: -1 }, real('pos', 4))
  ],
  Pad: [
    of({ axis: 1, before: 1, after: 2 }, real('pos', 2)),
    of({ axis: 0, before: 2, after: 0 }, real('pos', 2))
  ],

  Gather: [
    of({}, real(5, 2), whole([4, 0, 4], 'pos')),
    of({}, real(5), whole([1, 1, 3, 0, 2, 2], 2, 'pos'))
  ],
  ScatterAdd: [
    of({}, real(5, 2), whole([4, 0, 4], 'pos'), real('pos', 2)),
    of({}, real(4), whole([1, 1, 3, 0, 2, 2], 2, 'pos'), real(2, 'pos'))
  ],
  Size: [of({ axis: 0 }, real('pos', 4)), of({ axis: 1 }, real('pos', 4))],
  Range: [of({ axis: 0 }, real('pos', 4)), of({ axis: 1 }, real('pos', 4))]
}
